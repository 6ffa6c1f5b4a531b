from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_who_sees_reports")]

    operations = [
        ValidateConstraint("organisation", "organisation_known_shares"),
        ValidateConstraint("person", "person_known_reach"),
    ]
