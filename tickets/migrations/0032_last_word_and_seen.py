import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.rls import protect

SAID = "('report', 'answer', 'note')"  # by people: the desk's own messages are nobody's word

# Written by the database itself, whichever way a message comes, moves or goes.
KEEP = f"""
    CREATE FUNCTION tickets_keep_last_word() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE tickets_incident SET
            last_message_id = NEW.id,
            last_at = NEW.sent_at,
            last_customer_message_id = CASE WHEN NEW.kind = 'report'
                THEN NEW.id ELSE last_customer_message_id END,
            customer_wrote_at = CASE WHEN NEW.kind = 'report'
                THEN NEW.sent_at ELSE customer_wrote_at END
        WHERE id = NEW.incident_id AND coalesce(last_message_id, 0) < NEW.id;
        RETURN NULL;
    END $$;
    CREATE TRIGGER message_is_the_last_word AFTER INSERT ON tickets_message
        FOR EACH ROW WHEN (NEW.kind IN {SAID}) EXECUTE FUNCTION tickets_keep_last_word();

    CREATE FUNCTION tickets_find_last_word() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        concerned bigint[] := CASE TG_OP WHEN 'DELETE' THEN ARRAY[OLD.incident_id]
            ELSE ARRAY[OLD.incident_id, NEW.incident_id] END;
    BEGIN
        UPDATE tickets_incident SET
            (last_message_id, last_at) = (SELECT id, sent_at FROM tickets_message
                WHERE incident_id = tickets_incident.id AND kind IN {SAID}
                ORDER BY id DESC LIMIT 1),
            (last_customer_message_id, customer_wrote_at) = (SELECT id, sent_at
                FROM tickets_message WHERE incident_id = tickets_incident.id AND kind = 'report'
                ORDER BY id DESC LIMIT 1)
        WHERE id = ANY (concerned);
        RETURN NULL;
    END $$;
    CREATE TRIGGER message_was_the_last_word
        AFTER DELETE OR UPDATE OF incident_id, kind, sent_at ON tickets_message
        FOR EACH ROW EXECUTE FUNCTION tickets_find_last_word();
"""
KEEP_NO_MORE = """
    DROP TRIGGER message_is_the_last_word ON tickets_message;
    DROP TRIGGER message_was_the_last_word ON tickets_message;
    DROP FUNCTION tickets_keep_last_word();
    DROP FUNCTION tickets_find_last_word();
"""
def word() -> models.ForeignKey:
    return models.ForeignKey(
        blank=True,
        db_constraint=False,
        db_index=False,
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to="tickets.message",
    )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("tickets", "0031_worker_indexes"),
    ]

    operations = [
        migrations.AddField("incident", "last_message", word()),
        migrations.AddField("incident", "last_customer_message", word()),
        migrations.AddField(
            "incident", "last_at", models.DateTimeField(blank=True, editable=False, null=True)
        ),
        migrations.AddField(
            "incident",
            "customer_wrote_at",
            models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL(KEEP, KEEP_NO_MORE),
        migrations.CreateModel(
            name="Seen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("upto", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seen",
                        to="tickets.incident",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "incident"), name="seen_once")
                ],
            },
        ),
        protect("tickets_seen"),
    ]
