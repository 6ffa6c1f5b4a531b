from django.db import migrations, models

REASONS = [
    ("duplicate", "Duplicate of another incident"),
    ("defect", "Product defect"),
    ("no_incident", "No incident"),
    ("no_help", "No help was given"),
    ("corrected", "Licence or service put right"),
]


class Migration(migrations.Migration):
    safe_because = "choices are not kept by the database"
    dependencies = [("entitlements", "0016_reinstate")]

    operations = [
        migrations.AlterField(
            "ledgerentry",
            "refund_reason",
            models.CharField(blank=True, choices=REASONS, max_length=20),
        ),
    ]
