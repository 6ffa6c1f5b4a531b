from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0033_last_word_filled")]

    operations = [
        migrations.AddField(
            "incident",
            "dispatch_tried_at",
            models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
