from django.db import migrations, models

from core.rls import READER, READS_ALL, keep_private

# The same rule as `tickets.visibility.read_by`: what a contact reported, what they take part in,
# and of the rest all that is not private where they see all.
TAKES_PART = f"""id = ANY ((SELECT ARRAY(
    SELECT p.incident_id FROM tickets_participant p
    WHERE p.person_id = {READER} AND p.left_at IS NULL))::bigint[])"""
INCIDENT = f"((NOT is_private AND {READS_ALL}) OR reporter_id = {READER} OR {TAKES_PART})"
OF_INCIDENT = "EXISTS (SELECT 1 FROM tickets_incident i WHERE i.id = incident_id)"
MESSAGE = "EXISTS (SELECT 1 FROM tickets_incident i WHERE i.id IN (incident_id, split_to_id))"
ATTACHMENT = "EXISTS (SELECT 1 FROM tickets_message m WHERE m.id = tickets_attachment.message_id)"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0047_saved_views")]
    safe_because = "A policy locks a table for a moment and reads no row; it lets all staff through."

    operations = [
        migrations.AddField(
            "incident", "is_private", models.BooleanField(db_default=False, default=False)
        ),
        keep_private("tickets_incident", INCIDENT),
        keep_private("tickets_message", MESSAGE),
        keep_private("tickets_attachment", ATTACHMENT),
        keep_private("tickets_solution", OF_INCIDENT),
        keep_private("tickets_rating", OF_INCIDENT),
        keep_private("tickets_escalationrequest", OF_INCIDENT),
    ]
