from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models, transaction
from django.db.models import Q

UNFINISHED = Q(("state__in", ("new", "open", "waiting")))
BATCH = 5000  # incidents at a time: a few are held for a moment, and nobody waits

FILL = """
    UPDATE tickets_incident SET last_message_id = word.id, last_at = word.sent_at,
        last_customer_message_id = theirs.id, customer_wrote_at = theirs.sent_at
    FROM (SELECT DISTINCT ON (incident_id) incident_id, id, sent_at FROM tickets_message
            WHERE kind IN ('report', 'answer', 'note') AND incident_id BETWEEN %s AND %s
            ORDER BY incident_id, id DESC) AS word
        LEFT JOIN (SELECT DISTINCT ON (incident_id) incident_id, id, sent_at FROM tickets_message
            WHERE kind = 'report' AND incident_id BETWEEN %s AND %s
            ORDER BY incident_id, id DESC) AS theirs USING (incident_id)
    WHERE word.incident_id = tickets_incident.id
        AND coalesce(tickets_incident.last_message_id, 0) < word.id
"""


def fill(apps, schema_editor):
    """What was said before the database kept it. Safe to repeat."""
    connection = schema_editor.connection
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.scope', 'all', true)")
        cursor.execute("SELECT coalesce(max(id), 0) FROM tickets_incident")
        last = cursor.fetchone()[0]
    for first in range(1, last + 1, BATCH):
        span = [first, first + BATCH - 1] * 2
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.scope', 'all', true)")
            cursor.execute(FILL, span)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0032_last_word_and_seen")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            "incident",
            models.Index(
                fields=["-customer_wrote_at"],
                condition=UNFINISHED,
                name="incident_customer_wrote",
            ),
        ),
    ]
