import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

# In the order in which they are offered; managers change them in the admin.
CAUSES = (
    ("configuration", "Configuration"),
    ("product-defect", "Defect of the product"),
    ("third-party", "Third party, outside the product"),
    ("how-to", "A question of how it is done"),
    ("no-fault", "No fault was found"),
    ("other", "Something else"),
)


def fill(apps, schema_editor):
    Cause = apps.get_model("tickets", "Cause")
    for place, (key, name) in enumerate(CAUSES, 1):
        Cause.objects.create(key=key, name=name, position=place * 10)


class Migration(migrations.Migration):
    """Why incidents happened, kept with what solved them (rule 15)."""

    dependencies = [("tickets", "0043_canned_answers")]

    operations = [
        migrations.CreateModel(
            name="Cause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("position", models.PositiveSmallIntegerField(default=100)),
                (
                    "is_offered",
                    models.BooleanField(
                        default=True,
                        help_text="Chosen when an incident is solved; old solutions keep theirs",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(("key", "")) & ~Q(("name", "")), name="cause_has_words"
                    )
                ],
            },
        ),
        migrations.AddField(
            "solution",
            "cause",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.cause",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
