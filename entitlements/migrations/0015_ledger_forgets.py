"""A way for the keeper's role alone to take rows out of the ledger (F2)."""

from django.db import migrations

from core import keeper_sql


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0014_reasons_as_facts")]

    operations = [
        migrations.RunSQL(
            keeper_sql.open_to_keeper("entitlements_ledgerentry"),
            keeper_sql.closed_to_keeper("entitlements_ledgerentry"),
        ),
    ]
