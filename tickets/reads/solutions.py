"""The solution of an incident and the causes to choose from, read with the incident itself."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from tickets.models import Cause, Incident, Solution

_NAMED = "causes_offered"


def newest_solution() -> dict[str, Any]:
    """Annotations `solution_text` and `solution_cause`; NULL where none was registered."""
    newest = Solution.objects.filter(incident=OuterRef("pk")).order_by("-at", "-pk")
    return {
        "solution_text": Subquery(newest.values("text")[:1]),
        "solution_cause": Subquery(newest.values("cause__name")[:1]),
    }


def offered_causes() -> dict[str, Any]:
    """An annotation for `causes_of`, so that the page's form asks for nothing besides."""
    offered = Cause.objects.filter(is_offered=True).order_by("position", "name")
    return {_NAMED: ArraySubquery(offered.values(json=JSONObject(key="key", name="name")))}


def causes_of(incident: Incident) -> list[tuple[str, str]]:
    """Key and name of each cause that is offered."""
    found = incident.__dict__.get(_NAMED)
    if found is None:
        return list(Cause.objects.filter(is_offered=True).values_list("key", "name"))
    return [(one["key"], one["name"]) for one in found]
