import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from core.rls import protect

# What stands in a row of the main table is small, so that a word of a third of all documents is
# counted in a few thousand pages: texts and vectors are kept beside it.
KEPT_BESIDE = "ALTER TABLE core_searchdocument SET (toast_tuple_target = 128)"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_encrypt_factors"),
        ("core", "0005_tombstones"),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="SearchOwed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("subject_id", models.BigIntegerField()),
                ("owed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("tries", models.PositiveSmallIntegerField(db_default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["tries", "id"], name="search_owed_next")],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=60, unique=True)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["word"], name="search_word_trigrams", opclasses=["gin_trgm_ops"]
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("subject_id", models.BigIntegerField()),
                ("for_customers", models.BooleanField()),
                ("for_staff", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["vector"], name="search_document_words"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_id", "kind", "for_staff", "for_customers"),
                        name="search_document_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("for_customers", True), ("for_staff", True), _connector="OR"
                        ),
                        name="search_document_for_somebody",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEPT_BESIDE, migrations.RunSQL.noop),
        protect("core_searchdocument", shared=True),
    ]
