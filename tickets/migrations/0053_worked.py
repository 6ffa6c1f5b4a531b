import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.rls import protect


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_who_sees_reports_checked"),
        ("tickets", "0052_split_words_behind_their_own_wall"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Worked",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("minutes", models.SmallIntegerField()),
                ("at", models.DateTimeField(help_text="When it was noted")),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="worked",
                        to="tickets.incident",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "verbose_name": "minutes worked",
                "verbose_name_plural": "minutes worked",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minutes__range", (-1440, 1440)), models.Q(("minutes", 0), _negated=True)
                        ),
                        name="worked_up_to_a_day",
                    )
                ],
            },
        ),
        protect("tickets_worked"),
    ]
