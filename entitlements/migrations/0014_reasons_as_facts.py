"""A decision's reasons are codes and facts; the columns stay, the code's names for them change."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0013_choices_by_name")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("coveragedecision", "considered", "considered_facts"),
                migrations.RenameField("coveragedecision", "remedies", "remedy_facts"),
                migrations.AlterField(
                    "coveragedecision",
                    "considered_facts",
                    models.JSONField(db_column="considered", default=list),
                ),
                migrations.AlterField(
                    "coveragedecision",
                    "remedy_facts",
                    models.JSONField(db_column="remedies", default=list),
                ),
            ]
        )
    ]
