"""The new tenant tables behind the wall; subscriptions of before count as applied (R6)."""

from django.db import migrations

from core.rls import protect

_APPLIED = """
    SELECT set_config('app.scope', 'all', true);
    UPDATE entitlements_subscription SET applied_at = bought_at WHERE applied_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0006_contracts_that_change")]

    operations = [
        protect("entitlements_order"),
        protect("entitlements_technicalcontract"),
        migrations.RunSQL(_APPLIED, migrations.RunSQL.noop),
        migrations.RunSQL("CREATE SEQUENCE order_number", "DROP SEQUENCE order_number"),
    ]
