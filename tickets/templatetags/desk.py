"""What the engineers' pages need in their templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.db.models import CharField, Count, QuerySet, Value

from accounts.models import Person
from core.registries import badges

register = template.Library()


@register.simple_tag(takes_context=True)
def rail_counts(context: dict[str, Any]) -> dict[str, int]:
    """The numbers of the rail, by the name of their badge; nothing for who is no staff.

    Two queries over partial indexes, however many rows and badges there are.
    """
    request = context.get("request")
    person = getattr(request, "user", None)
    if not isinstance(person, Person) or not person.is_staff:
        return {}
    rows = {name: badge.rows(person) for name, badge in badges.items()}
    first, *others = (_counted(name, found) for name, found in rows.items() if found is not None)
    found = dict(first)
    if others:
        found |= dict(others[0].union(*others[1:], all=True))
    return dict.fromkeys(badges, 0) | found


@register.filter
def of(found: Mapping[int, Any], key: int) -> Any:
    """What was found for one row of a list; None where there is nothing."""
    return found.get(key)


def _counted(name: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """Its name and the number of rows; no row where there are none."""
    named: QuerySet[Any, Any] = rows.order_by().values(name=Value(name, CharField()))
    found: QuerySet[Any, Any] = named.annotate(number=Count("pk")).values_list("name", "number")
    return found
