from django.db import migrations

# The database itself says what has to be indexed again, by whichever way it was written.
OWE = """
    CREATE FUNCTION engagements_owe_search_itself() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO core_searchowed (kind, subject_id)
            VALUES ('engagement', coalesce(NEW.id, OLD.id));
        RETURN NULL;
    END $$;
    CREATE FUNCTION engagements_owe_search() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO core_searchowed (kind, subject_id)
            VALUES ('engagement', coalesce(NEW.engagement_id, OLD.engagement_id));
        RETURN NULL;
    END $$;
    CREATE TRIGGER engagement_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF title, summary, organisation_id, requested_by_id
        ON engagements_engagement FOR EACH ROW EXECUTE FUNCTION engagements_owe_search_itself();
    CREATE TRIGGER message_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF body, quoted, voice
        ON engagements_message FOR EACH ROW EXECUTE FUNCTION engagements_owe_search();
    CREATE TRIGGER message_file_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF name
        ON engagements_messagefile FOR EACH ROW EXECUTE FUNCTION engagements_owe_search();
    CREATE TRIGGER document_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF title
        ON engagements_document FOR EACH ROW EXECUTE FUNCTION engagements_owe_search();
    CREATE TRIGGER document_version_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF name, note, remarks
        ON engagements_documentversion FOR EACH ROW EXECUTE FUNCTION engagements_owe_search();
    CREATE TRIGGER task_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF title, is_internal
        ON engagements_task FOR EACH ROW EXECUTE FUNCTION engagements_owe_search();
    CREATE TRIGGER risk_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF what, answer, is_shown
        ON engagements_risk FOR EACH ROW EXECUTE FUNCTION engagements_owe_search();
    CREATE TRIGGER feature_request_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF goal, today
        ON engagements_featurerequest FOR EACH ROW EXECUTE FUNCTION engagements_owe_search();
    CREATE TRIGGER finding_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF title, recommendation
        ON engagements_auditfinding FOR EACH ROW EXECUTE FUNCTION engagements_owe_search();
    SELECT set_config('app.scope', 'all', true);
    INSERT INTO core_searchowed (kind, subject_id)
        SELECT 'engagement', id FROM engagements_engagement;
"""
OWE_NO_MORE = """
    DROP TRIGGER finding_owes_search ON engagements_auditfinding;
    DROP TRIGGER feature_request_owes_search ON engagements_featurerequest;
    DROP TRIGGER risk_owes_search ON engagements_risk;
    DROP TRIGGER task_owes_search ON engagements_task;
    DROP TRIGGER document_version_owes_search ON engagements_documentversion;
    DROP TRIGGER document_owes_search ON engagements_document;
    DROP TRIGGER message_file_owes_search ON engagements_messagefile;
    DROP TRIGGER message_owes_search ON engagements_message;
    DROP TRIGGER engagement_owes_search ON engagements_engagement;
    DROP FUNCTION engagements_owe_search();
    DROP FUNCTION engagements_owe_search_itself();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('engagements', '0012_deployment'),
    ]

    operations = [
        migrations.RunSQL(OWE, OWE_NO_MORE),
    ]
