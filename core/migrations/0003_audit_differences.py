from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_wall'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='journalentry',
            index=models.Index(condition=models.Q(('kind', 'audit.difference')), fields=['at'], name='journal_audit_differences'),
        ),
    ]
