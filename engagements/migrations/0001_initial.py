from django.db import migrations


class Migration(migrations.Migration):
    """The room, empty: each subject brings its tables in a migration of its own."""

    initial = True

    dependencies = [
        ("accounts", "0002_wall"),
        ("entitlements", "0001_initial"),
        ("rota", "0001_initial"),
        ("telephone", "0001_initial"),
        ("tickets", "0001_initial"),
    ]

    operations = []
