from django.db import migrations

# The database itself says what has to be indexed again, by whichever way it was written.
OWE = """
    CREATE FUNCTION tickets_owe_search() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            INSERT INTO core_searchowed (kind, subject_id) VALUES ('incident', OLD.incident_id);
        END IF;
        IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.incident_id <> OLD.incident_id) THEN
            INSERT INTO core_searchowed (kind, subject_id) VALUES ('incident', NEW.incident_id);
        END IF;
        RETURN NULL;
    END $$;
    CREATE FUNCTION tickets_owe_search_itself() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO core_searchowed (kind, subject_id)
            VALUES ('incident', coalesce(NEW.id, OLD.id));
        RETURN NULL;
    END $$;
    CREATE FUNCTION tickets_owe_search_of_file() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO core_searchowed (kind, subject_id)
            SELECT 'incident', incident_id FROM tickets_message
            WHERE id = coalesce(NEW.message_id, OLD.message_id);
        RETURN NULL;
    END $$;
    CREATE FUNCTION tickets_owe_search_of_those() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_TABLE_NAME = 'accounts_organisation' THEN
            INSERT INTO core_searchowed (kind, subject_id)
                SELECT 'incident', id FROM tickets_incident WHERE organisation_id = NEW.id;
        ELSIF TG_TABLE_NAME = 'accounts_person' THEN
            INSERT INTO core_searchowed (kind, subject_id)
                SELECT 'incident', id FROM tickets_incident WHERE reporter_id = NEW.id;
        ELSE
            INSERT INTO core_searchowed (kind, subject_id)
                SELECT 'incident', id FROM tickets_incident WHERE licence_id = NEW.id;
        END IF;
        RETURN NULL;
    END $$;

    CREATE TRIGGER incident_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF
            number, subject, organisation_id, reporter_id, licence_id, defect_id, language, version
        ON tickets_incident FOR EACH ROW EXECUTE FUNCTION tickets_owe_search_itself();
    CREATE TRIGGER message_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF body, quoted, kind, incident_id
        ON tickets_message FOR EACH ROW EXECUTE FUNCTION tickets_owe_search();
    CREATE TRIGGER solution_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF text, incident_id
        ON tickets_solution FOR EACH ROW EXECUTE FUNCTION tickets_owe_search();
    CREATE TRIGGER attachment_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF name, message_id
        ON tickets_attachment FOR EACH ROW EXECUTE FUNCTION tickets_owe_search_of_file();
    CREATE TRIGGER organisation_owes_search
        AFTER UPDATE OF name ON accounts_organisation
        FOR EACH ROW WHEN (NEW.name <> OLD.name)
        EXECUTE FUNCTION tickets_owe_search_of_those();
    CREATE TRIGGER person_owes_search
        AFTER UPDATE OF name, email ON accounts_person
        FOR EACH ROW WHEN (NEW.name <> OLD.name OR NEW.email <> OLD.email)
        EXECUTE FUNCTION tickets_owe_search_of_those();
    CREATE TRIGGER licence_owes_search
        AFTER UPDATE OF key ON entitlements_licence
        FOR EACH ROW WHEN (NEW.key <> OLD.key)
        EXECUTE FUNCTION tickets_owe_search_of_those();
"""
OWE_NO_MORE = """
    DROP TRIGGER incident_owes_search ON tickets_incident;
    DROP TRIGGER message_owes_search ON tickets_message;
    DROP TRIGGER solution_owes_search ON tickets_solution;
    DROP TRIGGER attachment_owes_search ON tickets_attachment;
    DROP TRIGGER organisation_owes_search ON accounts_organisation;
    DROP TRIGGER person_owes_search ON accounts_person;
    DROP TRIGGER licence_owes_search ON entitlements_licence;
    DROP FUNCTION tickets_owe_search();
    DROP FUNCTION tickets_owe_search_itself();
    DROP FUNCTION tickets_owe_search_of_file();
    DROP FUNCTION tickets_owe_search_of_those();
"""
WHAT_IS_THERE = """
    SELECT set_config('app.scope', 'all', true);
    INSERT INTO core_searchowed (kind, subject_id)
        SELECT 'incident', id FROM tickets_incident ORDER BY id;
    SELECT set_config('app.scope', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_encrypt_factors"),
        ("core", "0006_search"),
        ("entitlements", "0001_initial"),
        ("tickets", "0035_followers"),
    ]

    operations = [
        migrations.RunSQL(OWE, OWE_NO_MORE),
        migrations.RunSQL(WHAT_IS_THERE, migrations.RunSQL.noop),
    ]
