from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("entitlements", "0023_renewals")]

    operations = [
        AddIndexConcurrently(
            model_name="subscription",
            index=models.Index(
                condition=Q(("void_at", None), ("proposed_at", None)),
                fields=["ends_on"],
                name="subscription_unproposed",
            ),
        ),
    ]
