"""The engineer's queue: what is owed, soonest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from core.counting import Counted
from core.paging import slice_of
from rota.policies import has_duty
from rota.reads.duty import duty_of
from tickets.desk.listing import Asked, Tab, ask, counted
from tickets.enums import ListOrder
from tickets.forms.staff import OrganisationField
from tickets.models import Incident
from tickets.reads.columns import COLUMNS, FIXED, USUAL, needs_of
from tickets.reads.queue import Line, lines

# What can be done to picked rows: name, words, key (`desk/bulk.py`).
BUTTONS = (
    ("assign", "Assign", "a"),
    ("priority", "Priority", "p"),
    ("service", "Service", ""),
    ("tag", "Tag", "t"),
    ("defect", "Known defect", ""),
    ("wait", "Waiting", ""),
    ("solve", "Answer and solve", ""),
    ("close", "Close", "e"),
    ("read", "Mark as read", ""),
)


@dataclass(frozen=True)
class Uncovered:
    """An incident that nothing covers, and why."""

    incident: Incident

    @property
    def why_uncovered(self) -> str:
        """In one line; of several reasons the one that stands in the way of the best level."""
        considered = self.incident.decision.considered
        return str(considered[0]["sentence"]) if considered else "No licence was named."


@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """Incidents in the order of their due moments; `?view=` and the words of `?q=` narrow them.

    `?columns=` and `?order=` say what is shown of them and how they are ordered.

    Without a join or a look-up a row, and without counting what is finished. A request of htmx
    gets the table alone.
    """
    at, person, is_part = timezone.now(), request.user, request.htmx  # type: ignore[attr-defined]
    asked = ask(request.GET, person, at, with_all=True)
    parsed, chosen = asked.parsed, asked.chosen
    context = {
        **_rows(asked, request, at=at),
        **_choices(asked),
        "chosen": chosen,
        "tabs": counted(asked.views, asked.found, asked.chosen.key),
        "parsed": parsed,
        "chips": [(term, parsed.without(term)) for term in parsed.terms],
        "columns": asked.columns,
        "problem": asked.problem,
        "now": at,
        "duty": None if is_part or not has_duty(person) else duty_of(person, at=at),
        "section": "Queue",
        "search_action": reverse("admin:queue"),
        "search_words": request.GET.get("q", "")[:2000],
        "search_keeps": _kept_by_the_field(asked),
        "bulk": BUTTONS,
        "search_hint": "Narrow this list: customer:northwind priority:high owner:me, or any words",
    }
    context["owed"] = owed_in_words(context.get("rows", ()), context["tabs"])
    return render(request, "staff/_queue_table.html" if is_part else "staff/queue.html", context)


def _rows(asked: Asked, request: SignedInRequest, *, at: datetime) -> Mapping[str, Any]:
    page, wanted, chosen = request.GET.get("page"), asked.wanted, asked.chosen
    if chosen.key == "not_covered":  # whose rows say why, and who decides
        ordered = wanted.select_related("organisation__tam", "decision__level")
        shown = slice_of(ordered.order_by("received_at", "pk"), page)
        return {"page": shown, "uncovered": [Uncovered(one) for one in shown.rows]}
    more = needs_of(asked.columns)
    shown, found = lines(asked.ordered, request.user, at=at, page=page, more=more)
    return {"page": shown, "rows": found}


def _kept_by_the_field(asked: Asked) -> list[tuple[str, str]]:
    """What stays as it is while other words are typed."""
    keeps = [("view", asked.chosen.key)] if asked.chosen.key != asked.first.key else []
    if tuple(asked.columns) != tuple(asked.chosen.columns):
        keeps.append(("columns", ",".join(asked.columns)))
    if asked.order != asked.chosen.order:
        keeps.append(("order", asked.order))
    return keeps


def _choices(asked: Asked) -> dict[str, Any]:
    """What can be chosen of the list as it is, and where that is kept as a view."""
    chosen = asked.chosen
    words = " ".join(one for one in (chosen.words, asked.parsed.text) if one)
    columns = {} if asked.columns == USUAL else {"columns": ",".join(asked.columns)}
    kept = {"words": words, "order": asked.order or ListOrder.DUE, **columns}
    return {
        "column_choices": [
            (key, one.label, key in asked.columns)
            for key, one in COLUMNS.items()
            if key not in FIXED
        ],
        "order_choices": ListOrder.choices,
        "order": asked.order,
        "first_view": asked.first.key,
        "save_query": urlencode(kept),
    }


@require_safe
def organisation_names(request: SignedInRequest) -> HttpResponse:
    """The names that fit what is typed into a form, as options; for htmx."""
    words = request.GET.get("organisation", "").replace("\0", "").strip()[:200]
    names = [one.name for one in OrganisationField.offered(request.user, words)]
    options = format_html_join("", '<option value="{}"></option>', ((name,) for name in names))
    return HttpResponse(options)


@dataclass(frozen=True)
class Owed:
    """What the first line of the page says; `first` is what is owed next of what is shown."""

    late: Counted | None
    soon: Counted | None
    wrote: Counted | None
    first: Line | None


def owed_in_words(rows: Iterable[Line], views: Iterable[Tab]) -> Owed:
    numbers = {tab.key: tab.count for tab in views}
    running = (one for one in rows if one.clock is not None and not one.clock.is_late)
    return Owed(
        numbers.get("breached"), numbers.get("hour"), numbers.get("wrote"), next(running, None)
    )
