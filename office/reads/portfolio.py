"""The account manager's customers in one list: who needs something today stands first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from accounts.models import Organisation, Person
from office.reads.health import counting_rules, scores_before
from office.reads.measures import Ending, Facts, facts_of
from office.rules.health import Health, Rules, health_of, in_words, mood_of
from office.text.numbers import money


@dataclass(frozen=True)
class Row:
    """One customer as the list shows it."""

    organisation: Organisation
    facts: Facts
    health: Health
    rules: Rules
    before: int | None  # the score of 30 days ago
    at: datetime

    @property
    def mood(self) -> str:
        return mood_of(self.health.score, self.rules)

    @property
    def change(self) -> int | None:
        """By how many points the score rose in 30 days."""
        if self.health.score is None or self.before is None:
            return None
        return self.health.score - self.before

    @property
    def words(self) -> str:
        return in_words(self.health)

    @property
    def ends(self) -> date | None:
        return min((one.last_on for one in self.facts.endings), default=None)

    @property
    def first_ending(self) -> Ending | None:
        """What ends first, with what we proposed for it."""
        return min(self.facts.endings, key=lambda one: one.last_on, default=None)

    @property
    def value(self) -> str:
        """What ends is worth, such as "EUR 1,240"."""
        return money(self.facts.value())

    @property
    def gold_ends(self) -> date | None:
        """When the Gold incidents run out at this rate."""
        days = self.facts.gold_days
        if days is None or days > 730:
            return None
        zone = ZoneInfo(settings.DESK_TIMEZONE)
        return (self.at + timedelta(days=days)).astimezone(zone).date()

    @property
    def step_is_due(self) -> bool:
        """From the midnight before its morning on, where its writer lives."""
        morning = self.facts.step_at
        return morning is not None and morning - EARLY <= self.at

    @property
    def needs(self) -> int:
        """How much it calls for somebody: by what can not wait, then by what is lost."""
        facts = self.facts
        urgent = 1000 * facts.late_now + 100 * facts.at_risk + (50 if self.step_is_due else 0)
        soon = 30 * len(facts.endings) + 10 * bool(facts.drafts) + 5 * facts.old
        soon += 40 * len(facts.late_engagements)
        return urgent + soon + (100 - (self.health.score if self.health.score is not None else 100))


EARLY = timedelta(hours=8)  # of a step: its day is there at midnight, its morning at eight
FILTERS: dict[str, tuple[str, Callable[[Row], bool]]] = {
    "": ("All", lambda row: True),
    "promises": ("Promises", lambda row: bool(row.facts.late_now or row.facts.at_risk)),
    "danger": ("In danger", lambda row: row.mood == "ill"),
    "ending": ("Ends in 90 days", lambda row: bool(row.facts.endings)),
    "late": ("Late engagements", lambda row: bool(row.facts.late_engagements)),
    "gold": ("Gold runs out", lambda row: _runs_out(row)),
    "drafts": ("Reports to issue", lambda row: bool(row.facts.drafts)),
    "steps": ("Next steps", lambda row: bool(row.facts.steps)),
    "quiet": ("No contact in 30 days", lambda row: _quiet(row)),
}
_LAST = date.max


def _runs_out(row: Row) -> bool:
    days = row.facts.gold_days
    return days is not None and days <= 60


def _quiet(row: Row) -> bool:
    contact = row.facts.contact_at
    return contact is None or row.at - contact > timedelta(days=30)


SORTS: dict[str, tuple[str, Callable[[Row], Any]]] = {
    "": ("What needs you first", lambda row: (-row.needs, row.organisation.name)),
    "name": ("Name", lambda row: row.organisation.name.casefold()),
    "health": ("Health, worst first", lambda row: _or_last(row.health.score)),
    "falling": ("Falling fastest", lambda row: _or_last(row.change)),
    "rating": ("Satisfaction, worst first", lambda row: _or_last(row.facts.rating)),
    "ends": ("Ends soonest", lambda row: row.ends or _LAST),
    "gold": ("Gold runs out soonest", lambda row: _or_last(row.facts.gold_days)),
    "open": ("Most open incidents", lambda row: -row.facts.open),
    "contact": ("Longest without contact", lambda row: _moment(row.facts.contact_at)),
}


def _or_last(value: float | None) -> tuple[bool, float]:
    return value is None, value or 0


def _moment(at: datetime | None) -> float:
    return at.timestamp() if at else 0


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Portfolio:
    """`rows` are those wanted, in the order wanted; `everybody` all that the words find."""

    rows: Sequence[Row]
    everybody: Sequence[Row]
    tabs: Sequence[Tab]


def portfolio_of(
    person: Person, *, at: datetime, words: str = "", show: str = "", sort: str = ""
) -> Portfolio:
    """Every customer that `person` sees and that is still one; a constant number of statements."""
    visible = Organisation.objects.visible_to(person).filter(closed_at=None)
    if words:
        visible = visible.filter(Q(name__icontains=words) | Q(country__iexact=words))
    everybody = rows_of(list(visible.select_related("tam", "partner").order_by("name")), at=at)
    show, sort = show if show in FILTERS else "", sort if sort in SORTS else ""
    wanted = sorted(filter(FILTERS[show][1], everybody), key=SORTS[sort][1])
    tabs = [
        Tab(key, label, sum(map(fits, everybody)), key == show)
        for key, (label, fits) in FILTERS.items()
    ]
    return Portfolio(wanted, everybody, tabs)


def rows_of(organisations: Sequence[Organisation], *, at: datetime) -> list[Row]:
    keys = [one.pk for one in organisations]
    counting, before = counting_rules(), scores_before(keys, at=at)
    facts = facts_of(keys, at=at)
    return [
        Row(
            one,
            facts[one.pk],
            health_of(facts[one.pk].values(at), counting.rules),
            counting.rules,
            before.get(one.pk),
            at,
        )
        for one in organisations
    ]
