from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0006_forgetting")]

    operations = [
        AddIndexConcurrently(
            model_name="organisation",
            index=models.Index(
                condition=Q(("closed_at__isnull", False)),
                fields=["closed_at"],
                name="organisation_closed",
            ),
        ),
    ]
