"""Load the shipped catalogue, so that a fresh database can promise something.

Written against the tables as they are here, not against today's models; a later change of the
file reaches an existing database by `manage.py catalogue load`.
"""

from dataclasses import asdict

from django.db import migrations
from django.utils import timezone

from core import rls
from entitlements.actions.catalogue_file import SHIPPED, read


def load(apps, schema_editor):
    catalogue = read(SHIPPED.read_text(encoding="utf-8"))
    at = timezone.now()
    _let_in(schema_editor, [level.level for level in catalogue.levels])
    with rls.everything():
        for service in catalogue.services:
            _make(apps, "Service", asdict(service))
        stamp = {"version": 1, "made_at": at}
        calendars = {
            one.calendar: _make(apps, "CalendarVersion", asdict(one) | stamp)
            for one in catalogue.calendars
        }
        for level in catalogue.levels:
            values = asdict(level) | stamp | {"calendar": calendars[level.calendar]}
            made = _make(apps, "LevelVersion", values)
            apps.get_model("core", "JournalEntry").objects.create(
                at=at,
                kind="level.saved",
                subject=f"entitlements.levelversion:{made.pk}",
                rule="R4",
                facts={"level": level.level, "version": 1},
            )


def _let_in(schema_editor, levels):
    """The file may name a level that came after this migration, whose own lets it in later."""
    listed = ", ".join(schema_editor.quote_value(level) for level in levels)
    table, name = "entitlements_levelversion", "level_version_known_level"
    schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    schema_editor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (level IN ({listed}))")


def _make(apps, name, values):
    model = apps.get_model("entitlements", name)
    known = {field.name for field in model._meta.get_fields()}
    return model.objects.create(**{key: one for key, one in values.items() if key in known})


class Migration(migrations.Migration):
    dependencies = [("core", "0002_wall"), ("entitlements", "0003_wall")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
