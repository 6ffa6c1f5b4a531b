"""Put the tenant tables behind the wall (design: "Tenancy with row-level security")."""

from django.db import migrations

from core.rls import protect


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        protect("notices_notice"),
    ]
