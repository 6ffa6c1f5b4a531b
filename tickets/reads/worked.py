"""The minutes worked on an incident, put into words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Sum
from django.db.models.functions import JSONObject

from tickets.models import Incident, Worked


def worked_with() -> dict[str, Any]:
    """A column of incidents, `worked_by`: who worked how many minutes; none where none are kept."""
    if not settings.NOTE_MINUTES:
        return {}
    rows = Worked.objects.filter(incident=OuterRef("pk")).order_by().values("person__name")
    each = rows.annotate(sum=Sum("minutes")).filter(sum__gt=0).order_by("-sum", "person__name")
    return {"worked_by": ArraySubquery(each.values(one=JSONObject(name="person__name", sum="sum")))}


def worked_words(incident: Incident) -> str:
    """ "1 h 25 min (Ana 60, Bob 25)"; empty where the desk keeps none."""
    rows = incident.__dict__.get("worked_by")
    if rows is None:
        return ""
    if not rows:
        return "None noted"
    parts = ", ".join(f"{one['name']} {one['sum']}" for one in rows)
    return f"{hours_words(sum(one['sum'] for one in rows))} ({parts})"


def hours_words(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))
