from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

UNFINISHED = ("new", "open", "waiting")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0030_worker")]

    operations = [
        ValidateConstraint("incident", "incident_worker_above_ts1"),
        AddIndexConcurrently(
            "incident",
            models.Index(
                fields=["worker"],
                condition=Q(("state__in", UNFINISHED), ("worker__isnull", False)),
                name="incident_worked_on_by",
            ),
        ),
        AddIndexConcurrently(
            "incident",
            models.Index(
                fields=["priority", "received_at"],
                condition=Q(("state__in", UNFINISHED), ("tier__gt", 1), ("worker", None)),
                name="incident_without_worker",
            ),
        ),
    ]
