from django.db import migrations, models
from django.db.models import Q

UNFINISHED = Q(("state__in", ("new", "open", "waiting")))

# Written by the database itself, by whichever way a target comes, moves or ends. What else
# writes it is refused at the commit.
KEEP = """
    CREATE FUNCTION tickets_keep_moment_owed() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        concerned bigint := coalesce(NEW.incident_id, OLD.incident_id);
        owed timestamptz := (SELECT due_at FROM tickets_responsetarget
            WHERE incident_id = concerned AND met_at IS NULL AND abandoned_at IS NULL);
    BEGIN
        UPDATE tickets_incident SET due_at = owed
            WHERE id = concerned AND due_at IS DISTINCT FROM owed;
        RETURN NULL;
    END $$;
    CREATE TRIGGER response_target_keeps_moment_owed
        AFTER INSERT OR DELETE OR UPDATE OF due_at, met_at, abandoned_at ON tickets_responsetarget
        FOR EACH ROW EXECUTE FUNCTION tickets_keep_moment_owed();

    CREATE FUNCTION tickets_check_moment_owed() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        stored timestamptz := (SELECT due_at FROM tickets_incident WHERE id = NEW.id);
        owed timestamptz := (SELECT due_at FROM tickets_responsetarget
            WHERE incident_id = NEW.id AND met_at IS NULL AND abandoned_at IS NULL);
    BEGIN
        IF stored IS DISTINCT FROM owed THEN
            RAISE EXCEPTION 'incident % says it is due %, its open target %', NEW.id, stored, owed
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER incident_due_with_its_target
        AFTER INSERT OR UPDATE OF due_at ON tickets_incident
        DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.due_at IS NOT NULL)
        EXECUTE FUNCTION tickets_check_moment_owed();
    CREATE CONSTRAINT TRIGGER incident_not_due_without_target
        AFTER UPDATE OF due_at ON tickets_incident
        DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.due_at IS NULL AND OLD.due_at IS NOT NULL)
        EXECUTE FUNCTION tickets_check_moment_owed();
"""
KEEP_NO_MORE = """
    DROP TRIGGER incident_due_with_its_target ON tickets_incident;
    DROP TRIGGER incident_not_due_without_target ON tickets_incident;
    DROP TRIGGER response_target_keeps_moment_owed ON tickets_responsetarget;
    DROP FUNCTION tickets_keep_moment_owed();
    DROP FUNCTION tickets_check_moment_owed();
"""
FILL = """
    SELECT set_config('app.scope', 'all', true);
    UPDATE tickets_incident SET due_at = owed.due_at
    FROM tickets_responsetarget AS owed
    WHERE owed.incident_id = tickets_incident.id
        AND owed.met_at IS NULL AND owed.abandoned_at IS NULL;
    SELECT set_config('app.scope', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0026_solutions")]

    operations = [
        migrations.AddField(
            "incident", "due_at", models.DateTimeField(blank=True, editable=False, null=True)
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            "incident",
            models.Index(
                fields=["due_at", "priority", "received_at", "id"],
                condition=UNFINISHED,
                name="incident_due_first",
            ),
        ),
        migrations.AddIndex(
            "incident",
            models.Index(
                fields=["owner", "due_at"],
                condition=Q(("due_at__isnull", False)),
                name="incident_owed_by",
            ),
        ),
        migrations.AddIndex(
            "incident", models.Index(fields=["state"], condition=UNFINISHED, name="incident_open")
        ),
        migrations.AddIndex(
            "incident", models.Index(fields=["tier"], condition=UNFINISHED, name="incident_of_tier")
        ),
        migrations.RunSQL(KEEP, KEEP_NO_MORE),
    ]
