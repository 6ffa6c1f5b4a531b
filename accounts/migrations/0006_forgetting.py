"""Organisations that are closed, people who are erased, and the erasures that are owed (F2)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_encrypt_factors")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("with_texts", models.BooleanField(default=False)),
                ("words", models.JSONField(default=dict)),
                ("stage", models.CharField(blank=True, max_length=60)),
                ("reached", models.BigIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=Q(("done_at", None)), fields=["asked_at"], name="erasure_owed"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("done_at", None)),
                        fields=("person",),
                        name="erasure_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=Q(("done_at", None), ("words", {}), _connector="OR"),
                        name="erasure_done_knows_nobody",
                    ),
                ],
            },
        ),
    ]
