"""The index of the reminders that Basic ends."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0008_order_once_a_form")]

    operations = [
        migrations.AddIndex(
            "licence",
            models.Index(
                fields=["registered_on"],
                condition=Q(transferred_at=None),
                name="licence_registered",
            ),
        ),
    ]
