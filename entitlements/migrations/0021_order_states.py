from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0020_orders_delivered")]

    operations = [
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'delivered'), _negated=True), ('pack__isnull', False), ('subscription__isnull', False), _connector='OR'), name='order_delivered_has_it'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'invoiced'), _negated=True), ('invoiced_at__isnull', False), _connector='OR'), name='order_invoiced_has_its_moment'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'paid'), _negated=True), ('paid_at__isnull', False), _connector='OR'), name='order_paid_has_its_moment'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('vat__gte', 0)), name='order_vat_not_negative'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['open', 'confirmed', 'invoiced', 'paid']), ('settled_at', None)), models.Q(models.Q(('state__in', ['open', 'confirmed', 'invoiced', 'paid']), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='order_settled_at_its_end'),
        ),
    ]
