"""Two people on one incident (X1): who answers the customer, and who works on it at TS2 or TS3.

Until now a TS2 or TS3 who took an incident became its owner. Here each of those becomes the worker
of the level that has it, and the customer goes back to the TS1 engineer who had them last. Where
there is none any more, the owner stays empty: the sweep of dispatch finds one.
"""

from datetime import timedelta

import django.contrib.postgres.operations
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone

OF_TIER = {2: "ts2", 3: "ts3"}
TALK = ("ts1", "partner")
# Which fact of an entry names who had it from then on.
GIVEN = {"incident.assigned": "after", "incident.dispatched": "to"}
REOPENED_WITHIN = timedelta(days=14)  # later it is history (R7)


def part(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.scope', 'all', true)")
        Incident = apps.get_model("tickets", "Incident")
        Entry = apps.get_model("core", "JournalEntry")
        at = timezone.now()
        taken = Incident.objects.filter(owner__role__in=OF_TIER.values()).exclude(
            state="closed", closed_at__lt=at - REOPENED_WITHIN
        )
        for one in taken.select_related("owner").order_by("pk"):
            before, works = one.owner, one.owner.role == OF_TIER.get(one.tier)
            one.owner = _who_had_it(apps, one)
            one.worker = before if works else None
            one.save(update_fields=["owner", "worker"])
            facts = {"before": before.pk, "reason": "Two people on one incident (X1)"}
            _record(Entry, one, at, "incident.assigned", facts | {"after": one.owner_id})
            if works:
                facts = {"before": None, "after": before.pk, "tier": one.tier}
                _record(Entry, one, at, "incident.worker", facts)
        cursor.execute("SELECT set_config('app.scope', '', true)")


def _who_had_it(apps, incident):
    """The last TS1 engineer or partner's engineer who had it, and still works."""
    Entry = apps.get_model("core", "JournalEntry")
    Person = apps.get_model("accounts", "Person")
    told = Entry.objects.filter(
        subject=f"tickets.incident:{incident.pk}", kind__in=(*GIVEN, "incident.answered")
    )
    had = [
        one.facts.get(GIVEN[one.kind]) if one.kind in GIVEN else one.by_id
        for one in told.order_by("-at", "-pk")
    ]
    talking = Person.objects.filter(pk__in=set(had) - {None}, role__in=TALK, is_active=True)
    found = {one.pk: one for one in talking}
    return next((found[pk] for pk in had if pk in found), None)


def _record(Entry, incident, at, kind, facts):
    Entry.objects.create(
        at=at,
        kind=kind,
        subject=f"tickets.incident:{incident.pk}",
        organisation_id=incident.organisation_id,
        rule="X1",
        facts=facts,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0029_text_format_checked"),
        ("core", "0004_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "incident",
            "worker",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="worked_incidents",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "handover",
            "worker",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            "incident",
            models.CheckConstraint(
                condition=Q(("worker", None)) | Q(("tier__gt", 1)),
                name="incident_worker_above_ts1",
            ),
        ),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunPython(part, migrations.RunPython.noop),
    ]
