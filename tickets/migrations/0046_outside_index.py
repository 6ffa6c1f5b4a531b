from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0045_outside")]

    operations = [
        ValidateConstraint(model_name="incident", name="incident_outside_is_finished"),
        AddIndexConcurrently(
            "incident",
            models.Index(
                fields=["-outside_at"],
                condition=Q(("outside_at__isnull", False)),
                name="incident_outside",
            ),
        ),
    ]
