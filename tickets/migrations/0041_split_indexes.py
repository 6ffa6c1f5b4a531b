from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0040_split")]

    operations = [
        AddIndexConcurrently(
            "message",
            models.Index(
                fields=["split_to"],
                condition=Q(("split_to__isnull", False)),
                name="message_split_to",
            ),
        ),
    ]
