import django.contrib.postgres.operations
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from core.rls import protect


def to(model, **fields):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=model, **fields)


class Migration(migrations.Migration):
    """Incidents that were merged (G1). The rule of due moments is the same but for what is counted
    from before the target was opened."""

    dependencies = [
        ("accounts", "0005_encrypt_factors"),
        ("tickets", "0037_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "incident",
            "merged_into",
            to(
                "tickets.incident",
                blank=True,
                db_index=False,
                null=True,
                related_name="merged",
            ),
        ),
        migrations.AddField(
            "responsetarget",
            "is_merged",
            models.BooleanField(db_default=False, default=False),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            "incident",
            models.CheckConstraint(
                condition=Q(("merged_into", None))
                | Q(("state", "closed"), ~Q(("merged_into", F("id")))),
                name="incident_merged_is_closed",
            ),
        ),
        migrations.RemoveConstraint("responsetarget", "response_target_due_after_opened"),
        django.contrib.postgres.operations.AddConstraintNotValid(
            "responsetarget",
            models.CheckConstraint(
                condition=Q(("due_at__gt", F("opened_at")))
                | Q(("due_at__gt", F("counted_from_at"))),
                name="response_target_due_after_begun",
            ),
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("open", "Open"),
                            ("waiting", "Waiting for customer"),
                            ("solved", "Solved"),
                            ("closed", "Closed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("solved_at", models.DateTimeField(blank=True, null=True)),
                ("joined", models.JSONField(default=list)),
                ("carried", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("organisation", to("accounts.organisation", related_name="+")),
                ("source", to("tickets.incident", related_name="merges")),
                ("into", to("tickets.incident", related_name="taken_in")),
                ("ended", to("tickets.responsetarget", null=True, blank=True, related_name="+")),
                ("opened", to("tickets.responsetarget", null=True, blank=True, related_name="+")),
                ("by", to(settings.AUTH_USER_MODEL, related_name="+")),
                (
                    "undone_by",
                    to(settings.AUTH_USER_MODEL, null=True, blank=True, related_name="+"),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["source"],
                        condition=Q(("undone_at", None)),
                        name="merge_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=~Q(("source", F("into"))), name="merge_of_two_incidents"
                    ),
                    models.CheckConstraint(
                        condition=Q(("undone_at", None), ("undone_by", None))
                        | Q(("undone_at__gte", F("at")), ("undone_by__isnull", False)),
                        name="merge_undone_as_a_whole",
                    ),
                ],
            },
        ),
        protect("tickets_merge"),
    ]
