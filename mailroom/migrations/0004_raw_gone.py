from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mailroom", "0003_told_of")]

    operations = [
        migrations.AddField(
            model_name="inboundmail",
            name="raw_gone_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
