"""Many rows from few, in the database: each copy is a little older and has its own keys."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.management.color import no_style
from django.db import connection
from django.db.models import DateTimeField, Field, ForeignKey, Max, Model

OLDER = "interval '7 minutes'"
NAMING = ("core.JournalEntry", "notices.Notice")  # their `subject` is such as tickets.incident:12

Strides = dict[str, int]  # by label: how far apart the keys of two copies are


def multiply(models: Sequence[type[Model]], times: int) -> None:
    """Copy all rows of `models`, which may name each other, until there are `times` as many.

    Needs tables that nothing was deleted from, and `models` in the order of their references.
    """
    strides = {
        one._meta.label: one._default_manager.aggregate(last=Max("pk"))["last"] or 0
        for one in models
    }
    with connection.cursor() as cursor:
        for model in models:
            fields = model._meta.concrete_fields
            columns = ", ".join(f'"{one.column}"' for one in fields)
            values = ", ".join(_value(one, strides) for one in fields)
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({columns})"
                f" SELECT {values} FROM {model._meta.db_table} AS row,"
                " generate_series(1, %s) AS copy",
                [times - 1],
            )
        for sql in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(sql)


def _value(field: Field[object, object], strides: Strides) -> str:
    column = f'row."{field.column}"'
    of = field.related_model if isinstance(field, ForeignKey) else field.model
    assert isinstance(of, type), "the models are loaded"
    label = of._meta.label
    if (field.primary_key or isinstance(field, ForeignKey)) and label in strides:
        return f"{column} + copy * {strides[label]}"
    if isinstance(field, DateTimeField):
        return f"{column} - copy * {OLDER}"
    if field.name == "number":
        return f"left({column}, 8) || row.id + copy * {strides['tickets.Incident']}"
    if field.name == "key":
        return f"{column} || ':' || copy"
    if field.name == "subject" and field.model._meta.label in (
        "core.JournalEntry",
        "notices.Notice",
    ):
        key = f"split_part({column}, ':', 2)::bigint + copy * {strides['tickets.Incident']}"
        return f"split_part({column}, ':', 1) || ':' || ({key})"
    return column
