"""The engineer's queue: what is owed, soonest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.views.decorators.http import require_safe

from accounts.enums import ENGINEER_ROLES, Role
from accounts.http import SignedInRequest
from accounts.models import Person
from core.counting import Counted, count_up_to
from core.paging import slice_of
from core.search.words import Parsed
from rota.policies import has_duty
from rota.reads.duty import duty_of
from tickets import policies
from tickets.enums import FINISHED, UNFINISHED, State
from tickets.forms.staff import OrganisationField
from tickets.models import Incident, InternalTarget
from tickets.querysets import UNWORKED, IncidentQuerySet, past_due
from tickets.reads.columns import USUAL, needs_of
from tickets.reads.queue import Line, lines
from tickets.reads.search.conditions import conditions, parsed_for
from tickets.reads.unread import unread_by

COUNTED = 500  # incidents of a view; of more than that nobody needs the number
NEXT = timedelta(hours=1)
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
UNCOUNTED = ("finished", "any")
# Words that say themselves which states they mean: the tab of what is open would contradict them.
_STATE_WORDS = ("state", "number")


NOTHING = Parsed()


@dataclass(frozen=True)
class Tab:
    """One view of the queue. `count` is None for what grows without end."""

    key: str
    label: str
    condition: Q
    count: Counted | None = None

    @property
    def is_alarming(self) -> bool:
        return self.key in ("breached", "hour") and bool(self.count)


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

    Without a join or a look-up a row, and without counting what is finished. A request of htmx
    gets the table alone.
    """
    at, person, is_part = timezone.now(), request.user, request.htmx  # type: ignore[attr-defined]
    asked = ask(request.GET, person, at)
    parsed, views, chosen = asked.parsed, asked.views, asked.chosen
    context = {
        **_rows(asked, request, at=at),
        "chosen": chosen,
        "tabs": counted(views, asked.found),
        "parsed": parsed,
        "chips": [(term, parsed.without(term)) for term in parsed.terms],
        "columns": USUAL,
        "now": at,
        "duty": None if is_part or not has_duty(person) else duty_of(person, at=at),
        "section": "Queue",
        "search_action": reverse("admin:queue"),
        "search_words": request.GET.get("q", "")[:2000],
        "search_keeps": [("view", chosen.key)] if chosen.key != views[0].key else [],
        "bulk": BUTTONS,
        "search_hint": "Narrow this list: customer:northwind priority:high owner:me, or any words",
    }
    context["owed"] = owed_in_words(context.get("rows", ()), context["tabs"])
    return render(request, "staff/_queue_table.html" if is_part else "staff/queue.html", context)


@dataclass(frozen=True)
class Asked:
    """What a query string asks the queue for: `found` by its words, of those one view."""

    parsed: Parsed
    found: IncidentQuerySet
    views: list[Tab]
    chosen: Tab
    person: Person

    @property
    def wanted(self) -> IncidentQuerySet:
        return self.found.filter(self.chosen.condition)

    @property
    def ordered(self) -> IncidentQuerySet:
        return ordered_for(self.wanted, self.chosen, self.person)


def ask(query: Mapping[str, str], person: Person, at: datetime) -> Asked:
    """What `q` and `view` of a query string name among the incidents that the person sees."""
    parsed = parsed_for(query.get("q", ""), person)
    found = Incident.objects.visible_to(person).filter(conditions(parsed, person, at))
    views = tabs(person, at, parsed)
    chosen = next((tab for tab in views if tab.key == query.get("view")), views[0])
    return Asked(parsed, found, views, chosen, person)


def _rows(asked: Asked, request: SignedInRequest, *, at: datetime) -> Mapping[str, Any]:
    page, wanted, chosen = request.GET.get("page"), asked.wanted, asked.chosen
    if chosen.key == "not_covered":  # whose rows say why, and who decides
        ordered = wanted.select_related("organisation__tam", "decision__level")
        shown = slice_of(ordered.order_by("received_at", "pk"), page)
        return {"page": shown, "uncovered": [Uncovered(one) for one in shown.rows]}
    shown, found = lines(asked.ordered, request.user, at=at, page=page, more=needs_of(USUAL))
    return {"page": shown, "rows": found}


def ordered_for(wanted: IncidentQuerySet, chosen: Tab, person: Person) -> IncidentQuerySet:
    """What is owed soonest comes first, by the clock that its reader goes by (X2)."""
    if chosen.key in UNCOUNTED:
        return wanted.newest_first()
    if chosen.key == "wrote":
        return wanted.order_by("-customer_wrote_at", "pk")
    if person.role in (Role.TS2, Role.TS3):
        return wanted.with_internal().order_by(
            F("tier_paused_at").desc(nulls_first=True),
            F("tier_due_at").asc(nulls_last=True),
            *("priority", "received_at", "pk"),
        )
    return wanted.due_first()


@require_safe
def organisation_names(request: SignedInRequest) -> HttpResponse:
    """The names that fit what is typed into a form, as options; for htmx."""
    words = request.GET.get("organisation", "").replace("\0", "").strip()[:200]
    names = [one.name for one in OrganisationField.offered(request.user, words)]
    options = format_html_join("", '<option value="{}"></option>', ((name,) for name in names))
    return HttpResponse(options)


def tabs(person: Person, at: datetime, parsed: Parsed = NOTHING) -> list[Tab]:
    """The views of the queue that mean something to this person, the first one by default."""
    unfinished = Q(state__in=UNFINISHED)
    mine, level = [], []
    if person.role in ENGINEER_ROLES:
        mine = [Tab("mine", "Mine", unfinished & (Q(owner=person) | Q(worker=person)))]
        tier = policies.tier_of(person)
        assert tier is not None, "every engineer works at a tier"
        level = [Tab("level", f"At {tier.label}", unfinished & Q(tier=tier))]
    anything = [Tab("any", "In any state", Q())] if _names_states(parsed) else []
    return [
        *anything,
        Tab("open", "All open", unfinished),
        *mine,
        Tab("hour", "Next hour", unfinished & _due_between(person, at, at + NEXT)),
        Tab("breached", "Late", unfinished & _late(person, at)),
        Tab("wrote", "Customer wrote", unread_by(person, at)),
        Tab("unassigned", "Nobody has it", unfinished & _nobodys(person)),
        *level,
        Tab("waiting", "Waiting", Q(state=State.WAITING)),
        Tab("not_covered", "Not covered", unfinished & Q(decision__level=None)),
        Tab("finished", "Finished", Q(state__in=FINISHED)),
    ]


def _names_states(parsed: Parsed) -> bool:
    return any(
        one.name in _STATE_WORDS or (one.name == "is" and set(one.values) & {"finished", "outside"})
        for one in parsed.chosen
    )


def _nobodys(person: Person) -> Q:
    """With no owner; for TS2 and TS3 also what nobody of their level works on (X1)."""
    above = person.role in (Role.TS2, Role.TS3)
    return Q(owner=None) | (UNWORKED & Q(tier=policies.tier_of(person)) if above else Q())


def _due_between(person: Person, since: datetime, until: datetime) -> Q:
    soon = Q(due_at__gte=since, due_at__lt=until)
    return _by_their_clock(person, soon, due_at__gte=since, due_at__lt=until)


def _late(person: Person, at: datetime) -> Q:
    return _by_their_clock(person, past_due(at), due_at__lt=at)


def _by_their_clock(person: Person, promised: Q, **own: datetime) -> Q:
    """What the customer was promised; for TS2 and TS3 their level's own clock, too (X2)."""
    if person.role not in (Role.TS2, Role.TS3):
        return promised
    running = InternalTarget.objects.open().filter(incident=OuterRef("pk"), paused_at=None, **own)
    return promised | Q(Exists(running))


def counted(views: list[Tab], found: IncidentQuerySet) -> list[Tab]:
    """The views with their numbers, in one statement that reads no more than it shows."""
    numbers = count_up_to(
        COUNTED, {tab.key: found.filter(tab.condition) for tab in views if tab.key not in UNCOUNTED}
    )
    return [Tab(tab.key, tab.label, tab.condition, numbers.get(tab.key)) for tab in views]


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
