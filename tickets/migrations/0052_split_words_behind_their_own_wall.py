from django.db import migrations
from django.db.migrations import RunSQL

from core.rls import keep_private

# What was split out is read by whoever sees the incident that it became, and by nobody else of the
# customer (F4, G2); so search keeps it with that one, too.
BEFORE = "EXISTS (SELECT 1 FROM tickets_incident i WHERE i.id IN (incident_id, split_to_id))"
# Both conditions: by the first alone it is looked up by its key, and not in a table of all.
MESSAGE = """EXISTS (
    SELECT 1 FROM tickets_incident i
    WHERE i.id IN (incident_id, split_to_id) AND i.id = coalesce(split_to_id, incident_id))"""

OWE = """
    CREATE FUNCTION tickets_owe_search_of_message() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO core_searchowed (kind, subject_id)
            SELECT DISTINCT 'incident', one FROM unnest(
                ARRAY[OLD.incident_id, OLD.split_to_id, NEW.incident_id, NEW.split_to_id]
            ) one WHERE one IS NOT NULL;
        RETURN NULL;
    END $$;
    DROP TRIGGER message_owes_search ON tickets_message;
    CREATE TRIGGER message_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF body, quoted, kind, incident_id, split_to_id
        ON tickets_message FOR EACH ROW EXECUTE FUNCTION tickets_owe_search_of_message();
    CREATE OR REPLACE FUNCTION tickets_owe_search_of_file() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO core_searchowed (kind, subject_id)
            SELECT 'incident', coalesce(split_to_id, incident_id) FROM tickets_message
            WHERE id = coalesce(NEW.message_id, OLD.message_id);
        RETURN NULL;
    END $$;
    SELECT set_config('app.scope', 'all', true);
    INSERT INTO core_searchowed (kind, subject_id)
        SELECT DISTINCT 'incident', unnest(ARRAY[incident_id, split_to_id])
        FROM tickets_message WHERE split_to_id IS NOT NULL;
    SELECT set_config('app.scope', '', true);
"""
OWE_AS_BEFORE = """
    DROP TRIGGER message_owes_search ON tickets_message;
    CREATE TRIGGER message_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF body, quoted, kind, incident_id
        ON tickets_message FOR EACH ROW EXECUTE FUNCTION tickets_owe_search();
    DROP FUNCTION tickets_owe_search_of_message();
    CREATE OR REPLACE FUNCTION tickets_owe_search_of_file() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO core_searchowed (kind, subject_id)
            SELECT 'incident', incident_id FROM tickets_message
            WHERE id = coalesce(NEW.message_id, OLD.message_id);
        RETURN NULL;
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0051_canned_tags")]
    safe_because = "Policies and triggers lock a table for a moment; few messages were split out."

    operations = [
        RunSQL("DROP POLICY readers ON tickets_message;", keep_private("tickets_message", BEFORE).sql),
        keep_private("tickets_message", MESSAGE),
        RunSQL(OWE, OWE_AS_BEFORE),
    ]
