"""Put the tenant tables behind the wall (design: "Tenancy with row-level security")."""

from django.db import migrations

from core.rls import append_only, protect


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        protect("core_journalentry"),
        append_only("core_journalentry"),
    ]
