"""What was paid was delivered in the same moment (OR1)."""

from django.db import migrations

_DELIVERED = """
    SELECT set_config('app.scope', 'all', true);
    UPDATE entitlements_order
    SET state = 'delivered', paid_at = settled_at, paid_by_id = settled_by_id
    WHERE state = 'paid';
"""
_PAID = """
    SELECT set_config('app.scope', 'all', true);
    UPDATE entitlements_order SET state = 'paid' WHERE state = 'delivered';
"""


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0019_orders_in_steps")]

    operations = [migrations.RunSQL(_DELIVERED, _PAID)]
