from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0050_sending_checked")]

    operations = [
        migrations.AddField(
            "cannedanswer",
            "tags",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="What it adds and takes off: webmail -unclear",
                max_length=200,
            ),
        ),
    ]
