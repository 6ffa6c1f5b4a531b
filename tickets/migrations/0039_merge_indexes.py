from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0038_merge")]

    operations = [
        ValidateConstraint("incident", "incident_merged_is_closed"),
        ValidateConstraint("responsetarget", "response_target_due_after_begun"),
        AddIndexConcurrently(
            "incident",
            models.Index(
                fields=["merged_into"],
                condition=Q(("merged_into__isnull", False)),
                name="incident_merged",
            ),
        ),
    ]
