import django.db.models.deletion
from django.db import migrations, models


def other(**fields):
    return models.ForeignKey(
        blank=True,
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        to="tickets.incident",
        **fields,
    )


class Migration(migrations.Migration):
    """Messages that were taken out of an incident into one of their own (G2)."""

    dependencies = [("tickets", "0039_merge_indexes")]

    operations = [
        migrations.AddField("incident", "split_from", other(related_name="split_off")),
        migrations.AddField("incident", "split_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("message", "split_to", other(related_name="split_messages")),
    ]
