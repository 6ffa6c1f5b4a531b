"""A form that is sent twice makes one order."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0007_wall_of_contracts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "order",
            "form_key",
            models.CharField(
                blank=True, default="", help_text="Of the form that sent it", max_length=64
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "order",
            models.UniqueConstraint(
                condition=~Q(form_key=""),
                fields=("ordered_by", "form_key"),
                name="order_once_a_form",
            ),
        ),
    ]
