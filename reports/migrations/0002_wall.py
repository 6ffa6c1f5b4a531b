"""Put the tenant tables behind the wall (design: "Tenancy with row-level security")."""

from django.db import migrations

from core.rls import protect


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE report_number", "DROP SEQUENCE report_number"),
        protect("reports_servicereport"),
        protect("reports_reportdocument"),
    ]
