from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("mailroom", "0004_raw_gone")]

    operations = [
        AddIndexConcurrently(
            model_name="inboundmail",
            index=models.Index(
                condition=Q(("outcome__in", ["incident", "message"]), ("raw_gone_at", None)),
                fields=["received_at"],
                name="mail_raw_kept",
            ),
        ),
    ]
