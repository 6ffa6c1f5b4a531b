"""Put the tenant tables behind the wall (design: "Tenancy with row-level security")."""

from django.db import migrations

from core.rls import protect


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        protect("accounts_organisation", column="id"),
        protect("accounts_person", shared=True),
        protect("accounts_assignment"),
        protect("accounts_invitation"),
    ]
