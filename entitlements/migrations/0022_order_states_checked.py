from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0021_order_states")]

    operations = [
        ValidateConstraint("order", "order_delivered_has_it"),
        ValidateConstraint("order", "order_invoiced_has_its_moment"),
        ValidateConstraint("order", "order_paid_has_its_moment"),
        ValidateConstraint("order", "order_vat_not_negative"),
        ValidateConstraint("order", "order_settled_at_its_end"),
    ]
