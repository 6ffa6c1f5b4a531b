from django.db import migrations, models
from django.db.models import Q

STATES = [
    ("known", "Known"),
    ("under_way", "A fix is under way"),
    ("fixed", "Fixed"),
    ("stays", "Will not be fixed"),
]


# The database itself says what has to be indexed again.
OWE = """
    CREATE FUNCTION resources_owe_search_of_defect() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO core_searchowed (kind, subject_id) VALUES ('defect', coalesce(NEW.id, OLD.id));
        RETURN NULL;
    END $$;
    CREATE TRIGGER defect_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF title, description, workaround, affected, fixed_in
        ON tickets_defect
        FOR EACH ROW EXECUTE FUNCTION resources_owe_search_of_defect();
    INSERT INTO core_searchowed (kind, subject_id) SELECT 'defect', id FROM tickets_defect;
"""
OWE_NO_MORE = """
    DROP TRIGGER defect_owes_search ON tickets_defect;
    DROP FUNCTION resources_owe_search_of_defect();
"""


def say_fixed(apps, schema_editor):
    apps.get_model("resources", "Defect").objects.filter(fixed_at__isnull=False).update(
        state="fixed"
    )


class Migration(migrations.Migration):
    """What is known of a defect: what happens, what helps meanwhile, in which versions.

    One transaction over a short list: the tracker's defects are some hundreds.
    """

    dependencies = [("resources", "0002_articles")]

    operations = [
        migrations.AddField(
            "defect",
            "description",
            models.TextField(blank=True, default="", help_text="What happens, when, and why"),
            preserve_default=False,
        ),
        migrations.AddField(
            "defect",
            "workaround",
            models.TextField(
                blank=True, default="", help_text="In the customer's words, as Markdown"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "defect",
            "affected",
            models.CharField(
                blank=True,
                default="",
                help_text="The versions that have it, such as 10.5.0 to 10.6.1",
                max_length=200,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "defect",
            "state",
            models.CharField(
                choices=STATES, db_default="known", default="known", max_length=10
            ),
        ),
        migrations.RunSQL(OWE, OWE_NO_MORE),
        migrations.RunPython(say_fixed, migrations.RunPython.noop),
        migrations.AddConstraint(
            "defect",
            models.CheckConstraint(
                condition=Q(("fixed_at__isnull", False), ("state", "fixed"))
                | Q(("state__in", ("known", "under_way", "stays")), ("fixed_at", None)),
                name="defect_state_is_known",
            ),
        ),
    ]
