from django.db import migrations


class Migration(migrations.Migration):
    """The room; each subject adds its tables in a migration of its own."""

    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("entitlements", "0001_initial"),
        ("tickets", "0001_initial"),
        ("reports", "0001_initial"),
    ]

    operations = []
