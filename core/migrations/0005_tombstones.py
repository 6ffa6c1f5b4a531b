"""Tombstones, and a way for the keeper's role alone to take rows out of the journal (F2)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core import keeper_sql
from core.rls import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=40)),
                ("count", models.PositiveIntegerField()),
                ("oldest", models.DateField(null=True)),
                ("newest", models.DateField(null=True)),
                ("about", models.CharField(blank=True, max_length=80)),
                ("digest", models.CharField(max_length=64)),
                ("chain", models.CharField(max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-pk"]},
        ),
        append_only("core_tombstone"),
        migrations.RunSQL(keeper_sql.TOMBSTONES, keeper_sql.NO_TOMBSTONES),
        migrations.RunSQL(
            keeper_sql.open_to_keeper("core_journalentry"),
            keeper_sql.closed_to_keeper("core_journalentry"),
        ),
    ]
