from django.db import migrations, models
from django.db.models import Q

KINDS = [
    ("purchase", "Purchase"),
    ("consume", "Consumption"),
    ("refund", "Refund"),
    ("expire", "Expiry"),
    ("adjust", "Adjustment"),
    ("reinstate", "Taken again"),
]


class Migration(migrations.Migration):
    safe_because = "choices are not kept by the database, and no row is of the new kind yet"
    dependencies = [("entitlements", "0015_ledger_forgets")]

    operations = [
        migrations.AlterField(
            "ledgerentry", "kind", models.CharField(choices=KINDS, max_length=10)
        ),
        migrations.AddConstraint(
            "ledgerentry",
            models.CheckConstraint(
                condition=~Q(("kind", "reinstate")) | Q(("reverses__isnull", False)),
                name="ledger_reinstate_reverses",
            ),
        ),
    ]
