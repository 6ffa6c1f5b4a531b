"""The lists of engagements, and the calendar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from accounts.models import Organisation, Person
from engagements.enums import Kind, State
from engagements.models import Engagement, Phase
from engagements.reads.bases import bases_of, local_day
from engagements.reads.lights import Shown, lights_of
from engagements.rules.eligibility import decide
from engagements.rules.ics import Entry
from engagements.text.eligibility import chosen_in_words, refusal_in_words


@dataclass(frozen=True)
class ListRow:
    engagement: Engagement
    light: Shown | None
    phase: str
    ends_on: date | None


def rows_of(
    engagements: Sequence[Engagement], *, at: datetime, for_customer: bool = False
) -> list[ListRow]:
    """Each with its light, the phase it is in and when it ends, whatever their number."""
    phases: dict[int, list[Phase]] = defaultdict(list)
    for phase in Phase.objects.filter(engagement__in=[one.pk for one in engagements]):
        phases[phase.engagement_id].append(phase)
    lights = lights_of(engagements, at=at, phases=phases, for_customer=for_customer)
    return [
        ListRow(
            one,
            lights.get(one.pk),
            _now(one, phases[one.pk]),
            max((phase.ends_on for phase in phases[one.pk]), default=None),
        )
        for one in engagements
    ]


def _now(engagement: Engagement, phases: Sequence[Phase]) -> str:
    """The first phase that is not finished."""
    if engagement.state != State.RUNNING:
        return ""
    return next((one.name for one in phases if one.finished_on is None), "")


@dataclass(frozen=True)
class Offer:
    """A kind that can be asked for: what allows it, or what it takes."""

    kind: Kind
    is_allowed: bool
    words: str


def offers_for(organisation: Organisation, kinds: Sequence[Kind], *, at: datetime) -> list[Offer]:
    bases, on = bases_of(organisation, at=at), local_day(organisation, at)
    found = []
    for kind in kinds:
        decision = decide(kind, bases, on=on)
        said = decision.as_json()
        allowed = decision.chosen is not None
        found.append(
            Offer(kind, allowed, chosen_in_words(said) if allowed else refusal_in_words(said))
        )
    return found


@dataclass(frozen=True)
class CalendarDay:
    day: date
    entries: Sequence[Entry]


def phases_between(person: Person, first: date, last: date) -> QuerySet[Phase]:
    """Of open engagements that the person sees, in two queries."""
    seen = Engagement.objects.visible_to(person).open()
    return (
        Phase.objects.within(first, last)
        .filter(engagement__in=seen, finished_on=None)
        .select_related("engagement__organisation")
        .order_by("starts_on", "pk")
    )
