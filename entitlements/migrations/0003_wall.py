"""Put the tenant tables behind the wall (design: "Tenancy with row-level security")."""

from django.db import migrations

from core.rls import append_only, protect


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0002_initial")]

    operations = [
        protect("entitlements_licence"),
        protect("entitlements_subscription"),
        protect("entitlements_goliveproject"),
        protect("entitlements_incidentpack"),
        protect("entitlements_ledgerentry"),
        append_only("entitlements_ledgerentry"),
        protect("entitlements_coveragedecision"),
    ]
