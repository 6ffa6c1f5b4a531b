"""Counting for a badge or a tab: exactly while it is few, and never all of a large table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


@dataclass(frozen=True)
class Counted:
    """`number` rows, and `more` of them that nobody counted. False where there are none."""

    number: int
    more: bool = False

    def __bool__(self) -> bool:
        return self.number > 0

    def __str__(self) -> str:
        return f"{self.number:,}+" if self.more else str(self.number)


def count_up_to(limit: int, asked: Mapping[str, QuerySet[Any, Any]]) -> dict[str, Counted]:
    """How many rows each of `asked` has, up to `limit` of each, in one statement.

    A number that is kept instead would be one row that every change of every incident waits for,
    and there would be one for each set of organisations that somebody may see. This reads at most
    `limit` rows of an index for each, whatever the desk grows to.
    """
    parts, values = [], list[Any]()
    for rows in asked.values():
        try:
            sql, params = rows.order_by().values("pk")[: limit + 1].query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
        else:
            parts.append(f"(SELECT count(*) FROM ({sql}) counted)")
            values += params
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        found = cursor.fetchone()
    return {
        name: Counted(min(number, limit), number > limit)
        for name, number in zip(asked, found, strict=True)
    }
