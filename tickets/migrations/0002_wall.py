"""Put the tenant tables behind the wall (design: "Tenancy with row-level security")."""

from django.db import migrations

from core.rls import protect


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE incident_number", "DROP SEQUENCE incident_number"),
        protect("tickets_incident"),
        protect("tickets_message"),
        protect("tickets_attachment"),
        protect("tickets_responsetarget"),
        protect("tickets_targetwarning"),
        protect("tickets_handover"),
        protect("tickets_inboundmail"),
        protect("tickets_handledrequest"),
        protect("tickets_rating"),
    ]
