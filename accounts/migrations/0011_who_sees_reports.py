from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_first_view_and_undo")]

    operations = [
        migrations.AddField(
            "organisation",
            "shares",
            models.CharField(
                choices=[
                    ("all", "Everybody sees all reports"),
                    ("own", "Each sees their own, and those that they take part in"),
                ],
                db_default="all",
                default="all",
                max_length=3,
            ),
        ),
        migrations.AddField(
            "person",
            "reach",
            models.CharField(
                blank=True,
                choices=[
                    ("", "As the organisation chose"),
                    ("all", "Sees all"),
                    ("own", "Sees own"),
                ],
                db_default="",
                default="",
                max_length=3,
            ),
        ),
        AddConstraintNotValid(
            "organisation",
            models.CheckConstraint(
                condition=models.Q(("shares__in", ["all", "own"])),
                name="organisation_known_shares",
            ),
        ),
        AddConstraintNotValid(
            "person",
            models.CheckConstraint(
                condition=models.Q(("reach__in", ["", "all", "own"])), name="person_known_reach"
            ),
        ),
    ]
