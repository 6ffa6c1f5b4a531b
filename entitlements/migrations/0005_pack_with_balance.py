"""The partial index of the sweep that expires packs (L6)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_wall'),
        ('entitlements', '0004_catalogue'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='incidentpack',
            index=models.Index(condition=models.Q(('available__gt', 0)), fields=['licence'], name='pack_with_balance'),
        ),
    ]
