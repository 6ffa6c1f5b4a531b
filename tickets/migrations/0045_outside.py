import django.contrib.postgres.operations
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Incidents that are outside the limits of support, with the text that says so (rule 14)."""

    dependencies = [("tickets", "0044_causes")]

    operations = [
        migrations.AddField(
            "incident", "outside_at", models.DateTimeField(blank=True, null=True)
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            "incident",
            models.CheckConstraint(
                condition=Q(("outside_at", None)) | Q(("state__in", ("solved", "closed"))),
                name="incident_outside_is_finished",
            ),
        ),
        migrations.AddField(
            "cannedanswer",
            "is_for_limits",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="What the customer reads where an incident is outside the limits",
            ),
        ),
    ]
