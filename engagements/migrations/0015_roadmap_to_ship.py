from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('engagements', '0014_roadmap_ships'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='roadmapitem',
            index=models.Index(condition=models.Q(('shipped_at', None), ('ships_in__isnull', False)), fields=['ships_in'], name='roadmap_to_ship'),
        ),
    ]
