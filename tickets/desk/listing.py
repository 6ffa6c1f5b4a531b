"""Which incidents the queue shows: what was typed, of that one view, and in which order.

A view is one of the desk's own, or one that somebody kept (`SavedView`), whose words narrow as
typed ones do. An address says it all: `?view=&q=&columns=&order=`, so whoever gets it sees the same
of what they may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db.models import Exists, F, OuterRef, Q

from accounts.enums import ENGINEER_ROLES, Role
from accounts.models import Person
from core.counting import Counted, count_up_to
from core.search.words import Parsed
from tickets import policies
from tickets.enums import FINISHED, UNFINISHED, ListOrder, State
from tickets.models import Incident, InternalTarget, SavedView
from tickets.querysets import UNWORKED, IncidentQuerySet, past_due
from tickets.reads.columns import COLUMNS, FIXED, USUAL
from tickets.reads.keys import BY_PLACE
from tickets.reads.search.conditions import conditions, parsed_for
from tickets.reads.unread import unread_by

COUNTED = 500  # incidents of a view; of more than that nobody needs the number
NEXT = timedelta(hours=1)
UNCOUNTED = frozenset(("finished", "any"))
KEPT_COUNTED = 20  # kept views whose numbers a page asks for
# Words that say themselves which states they mean: the tab of what is open would contradict them.
_STATE_WORDS = ("state", "number")
NOT_THERE = "That view is not there for you. Ask whoever sent it for a link with its words."
NOTHING = Parsed()


class Query(Protocol):
    """As Django's `QueryDict`."""

    def get(self, key: str, default: Any = None, /) -> Any: ...
    def getlist(self, key: str, /) -> list[Any]: ...


@dataclass(frozen=True)
class Tab:
    """One view of the queue. `count` is None for what grows without end.

    `words` is what the same incidents are found by, where it can be typed.
    """

    key: str
    label: str
    condition: Q
    count: Counted | None = None
    words: str = ""
    order: str = ""  # of `ListOrder`; empty as the desk does
    columns: Sequence[str] = USUAL
    kept: SavedView | None = None

    @property
    def is_alarming(self) -> bool:
        return self.key in ("breached", "hour") and bool(self.count)


@dataclass(frozen=True)
class Asked:
    """What a query string asks the queue for: `found` by its words, of those one view."""

    parsed: Parsed
    found: IncidentQuerySet
    views: list[Tab]
    chosen: Tab
    first: Tab  # that the queue opens with
    person: Person
    columns: Sequence[str]
    order: str
    problem: str = ""

    @property
    def wanted(self) -> IncidentQuerySet:
        return self.found.filter(self.chosen.condition)

    @property
    def ordered(self) -> IncidentQuerySet:
        return ordered_for(self.wanted, self.chosen, self.person, self.order)


def ask(query: Query, person: Person, at: datetime, *, with_all: bool = False) -> Asked:
    """What a query string names among the incidents that the person sees.

    Kept views are read where one of them is meant, or for the strip `with_all` of them.
    """
    parsed = parsed_for(query.get("q", ""), person)
    found = Incident.objects.visible_to(person).filter(conditions(parsed, person, at))
    own, named = tabs(person, at, parsed), query.get("view", "")
    is_own = named in {tab.key for tab in own}
    kept = []
    if with_all or not is_own and (named or person.first_view):
        kept = [_kept_tab(one, person, at) for one in SavedView.objects.usable_by(person)]
    views, first = [*own, *kept], own[0]
    if first.key != "any":
        first = next((tab for tab in views if tab.key == person.first_view), first)
    chosen = next((tab for tab in views if tab.key == named), None)
    if chosen is None and named and named in BY_PLACE and int(named) <= len(kept):
        chosen = kept[int(named) - 1]
    is_gone = chosen is None and named[:1] == "s"
    chosen = chosen or first
    order = query.get("order", "")
    return Asked(
        parsed,
        found,
        views,
        chosen,
        first,
        person,
        _columns(query.getlist("columns")) or chosen.columns,
        order if order in ListOrder else chosen.order,
        NOT_THERE if is_gone else "",
    )


def _columns(named: Iterable[str]) -> tuple[str, ...]:
    """The known ones in the order of the list, with those without which a row is none."""
    asked = {key for one in named for key in one.split(",")}
    found = [key for key in COLUMNS if key in asked]
    return with_fixed(found) if found else ()


def with_fixed(columns: Iterable[str]) -> tuple[str, ...]:
    chosen = {*columns, *FIXED}
    return tuple(key for key in COLUMNS if key in chosen)


def _kept_tab(one: SavedView, person: Person, at: datetime) -> Tab:
    """Without words about states it is about what is open, as the queue is."""
    parsed = parsed_for(one.words, person)
    condition = conditions(parsed, person, at, is_one_of_many=True)
    if not names_states(parsed):
        condition &= Q(state__in=UNFINISHED)
    columns = with_fixed(one.columns) if one.columns else USUAL
    return Tab(one.key, one.name, condition, None, one.words, one.order, columns, one)


def ordered_for(
    wanted: IncidentQuerySet, chosen: Tab, person: Person, order: str = ""
) -> IncidentQuerySet:
    """What is owed soonest comes first, by the clock that its reader goes by (X2)."""
    if order and order != ListOrder.DUE:
        return ORDERS[order](wanted)
    if chosen.key in UNCOUNTED and not order:
        return wanted.newest_first()
    if chosen.key == "wrote" and not order:
        return ORDERS[ListOrder.WROTE](wanted)
    if person.role in (Role.TS2, Role.TS3):
        return wanted.with_internal().order_by(
            F("tier_paused_at").desc(nulls_first=True),
            F("tier_due_at").asc(nulls_last=True),
            *("priority", "received_at", "pk"),
        )
    return wanted.due_first()


ORDERS: dict[str, Callable[[IncidentQuerySet], IncidentQuerySet]] = {
    ListOrder.PRIORITY: lambda found: found.order_by(
        "priority", F("due_at").asc(nulls_last=True), "received_at", "pk"
    ),
    ListOrder.NEWEST: lambda found: found.newest_first(),
    ListOrder.OLDEST: lambda found: found.order_by("received_at", "pk"),
    ListOrder.ACTIVE: lambda found: found.order_by(F("last_at").desc(nulls_last=True), "-pk"),
    ListOrder.WROTE: lambda found: found.order_by(
        F("customer_wrote_at").desc(nulls_last=True), "pk"
    ),
}


def tabs(person: Person, at: datetime, parsed: Parsed = NOTHING) -> list[Tab]:
    """The desk's own views that mean something to this person, the first one by default."""
    unfinished = Q(state__in=UNFINISHED)
    mine, level = [], []
    if person.role in ENGINEER_ROLES:
        own = Q(owner=person) | Q(worker=person)
        mine = [Tab("mine", "Mine", unfinished & own, words="is:mine")]
        tier = policies.tier_of(person)
        assert tier is not None, "every engineer works at a tier"
        at_level = unfinished & Q(tier=tier)
        level = [Tab("level", f"At {tier.label}", at_level, words=f"tier:{tier.value}")]
    anything = [Tab("any", "In any state", Q())] if names_states(parsed) else []
    late, nobodys = unfinished & _late(person, at), unfinished & _nobodys(person)
    return [
        *anything,
        Tab("open", "All open", unfinished),
        *mine,
        Tab(
            "hour",
            "Next hour",
            unfinished & _due_between(person, at, at + NEXT),
            words="due:<1h -is:late",
        ),
        Tab("breached", "Late", late, words="is:late"),
        Tab("wrote", "Customer wrote", unread_by(person, at), words="is:unread"),
        Tab("unassigned", "Nobody has it", nobodys, words="is:unassigned"),
        *level,
        Tab("waiting", "Waiting", Q(state=State.WAITING), words="state:waiting"),
        Tab(
            "not_covered",
            "Not covered",
            unfinished & Q(decision__level=None),
            words="-is:covered",
        ),
        Tab("finished", "Finished", Q(state__in=FINISHED), words="is:finished"),
    ]


def names_states(parsed: Parsed) -> bool:
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


def counted(views: list[Tab], found: IncidentQuerySet, chosen: str = "") -> list[Tab]:
    """The views with their numbers, in one statement that reads no more than it shows.

    Of those that were kept the first `KEPT_COUNTED` have one, and the `chosen` one: a manager may
    have a hundred.
    """
    kept = [tab.key for tab in views if tab.kept is not None]
    without = UNCOUNTED | (set(kept[KEPT_COUNTED:]) - {chosen})
    numbers = count_up_to(
        COUNTED, {tab.key: found.filter(tab.condition) for tab in views if tab.key not in without}
    )
    return [replace(tab, count=numbers.get(tab.key)) for tab in views]
