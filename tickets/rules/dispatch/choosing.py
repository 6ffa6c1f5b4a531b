"""Who should get an incident, and why not the others (rule 6). Pure.

What nobody may be spared is checked first: they serve the customer, are on duty, speak with them,
have room. Then come the wishes, which are dropped one by one, the last named first, until somebody
is left. Among those the criteria decide, as delivered: who speaks the language, has the fewest
urgent incidents, the fewest at all, and waited longest. Wishes and criteria, with their order, are
the managers' to set (`tickets.rules.dispatch.settings`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from tickets.rules.dispatch.settings import DispatchRules, Order, Wish

PROGRAMME_LANGUAGE = "en"  # support is given in English

_NEVER = datetime.min.replace(tzinfo=UTC)


class Reason(StrEnum):
    """What was found about a candidate."""

    CHOSEN = "chosen"
    LATER = "later"  # would do, but another came first
    OFF_DUTY = "off_duty"
    ELSEWHERE = "elsewhere"  # does not serve the organisation
    NO_ROOM = "no_room"
    SPEECH = "speech"  # does not speak with the customer
    DID_NOT_TAKE = "let_lie"
    LEVEL = "level"
    SKILL = "skill"


@dataclass(frozen=True)
class Wanted:
    """What the incident asks of its engineer."""

    needs_level_2: bool  # the support level is supplied by level 2 CSEs
    language: str = PROGRAMME_LANGUAGE  # of the report
    service: str = ""


@dataclass(frozen=True)
class Engineer:
    """What dispatch knows of an engineer, whatever the incident."""

    person: int
    name: str
    language: str
    languages: frozenset[str]  # further ones, with that of their partner
    services: frozenset[str]  # which they know; none in particular means all of them
    is_partner: bool = False
    is_level_2: bool = False
    capacity: int | None = None  # their own; None: what the rules say


@dataclass(frozen=True)
class Candidate:
    """An engineer as they stand at the moment; `load` and `urgent` are unfinished incidents."""

    person: int
    name: str
    serves: bool
    on_duty: bool
    understands: bool  # can work in the customer's language or in English
    native: bool  # speaks the language of the report
    is_local: bool  # of the customer's own partner, where partners supply the level
    skilled: bool
    is_level_2: bool
    did_not_take: bool  # had this incident before, and did not take it
    load: int
    urgent: int
    capacity: int
    last_given_at: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """How an engineer stands with an incident at the moment; the numbers are unfinished ones."""

    serves: bool
    on_duty: bool
    did_not_take: bool
    load: int
    urgent: int
    last_given_at: datetime | None


def candidate(one: Engineer, wanted: Wanted, standing: Standing, room: int) -> Candidate:
    """The engineer as a candidate for an incident; `room` is the rules', in incidents."""
    language = wanted.language
    speaks = language == one.language or language in one.languages
    return Candidate(
        person=one.person,
        name=one.name,
        serves=standing.serves,
        on_duty=standing.on_duty,
        understands=speaks or not one.is_partner or language == PROGRAMME_LANGUAGE,
        native=language == one.language or (speaks and not one.is_partner),
        is_local=one.is_partner,
        skilled=not one.services or wanted.service in one.services,
        is_level_2=one.is_level_2,
        did_not_take=standing.did_not_take,
        load=standing.load,
        urgent=standing.urgent,
        capacity=one.capacity or room,
        last_given_at=standing.last_given_at,
    )


@dataclass(frozen=True)
class Considered:
    """One candidate with the reason; `load` and `capacity` as they were."""

    person: int
    name: str
    reason: Reason
    load: int
    capacity: int

    @property
    def sentence(self) -> str:
        words = {
            Reason.CHOSEN: f"on duty, serves the customer, and had {self.load} of {self.capacity}",
            Reason.LATER: f"would do, with {self.load} of {self.capacity}; another came first",
            Reason.OFF_DUTY: "is not on duty",
            Reason.ELSEWHERE: "does not serve this customer",
            Reason.NO_ROOM: f"has no room: {self.load} of {self.capacity}",
            Reason.SPEECH: "does not speak the customer's language",
            Reason.DID_NOT_TAKE: "had it before and did not take it",
            Reason.LEVEL: "is no level 2 engineer, and somebody is",
            Reason.SKILL: "does not know this service, and somebody does",
        }
        return words[self.reason]


def decide(
    wanted: Wanted, candidates: Iterable[Candidate], rules: DispatchRules
) -> list[Considered]:
    """Everybody considered: the chosen one first, then who would do, then the others."""
    everybody = list(candidates)
    refused = {one.person: reason for one in everybody if (reason := _refusal(one))}
    able = [one for one in everybody if one.person not in refused]
    fitting, dropped = _fitting(wanted, able, rules.wishes)
    ranked = sorted(fitting, key=_rank(rules.order))
    reasons = {one.person: Reason.LATER for one in ranked} | dropped | refused
    if ranked:
        reasons[ranked[0].person] = Reason.CHOSEN
    order = {one.person: place for place, one in enumerate(ranked)}
    everybody.sort(key=lambda one: (order.get(one.person, len(order)), one.name, one.person))
    return [
        Considered(one.person, one.name, reasons[one.person], one.load, one.capacity)
        for one in everybody
    ]


def _refusal(one: Candidate) -> Reason | None:
    """What nothing makes up for."""
    if not one.serves:
        return Reason.ELSEWHERE
    if not one.on_duty:
        return Reason.OFF_DUTY
    if not one.understands:
        return Reason.SPEECH
    return Reason.NO_ROOM if one.load >= one.capacity else None


_MEETS: Mapping[str, Callable[[Candidate, Wanted], bool]] = {
    Wish.DID_NOT_TAKE: lambda one, wanted: not one.did_not_take,
    Wish.LEVEL: lambda one, wanted: one.is_level_2 or not wanted.needs_level_2,
    Wish.SKILL: lambda one, wanted: one.skilled,
}


def _fitting(
    wanted: Wanted, able: Sequence[Candidate], wishes: Iterable[str]
) -> tuple[list[Candidate], dict[int, Reason]]:
    """Those who meet every wish that somebody meets; the others with the wish they miss."""
    left = list(able)
    dropped: dict[int, Reason] = {}
    for wish in wishes:
        meets = _MEETS[wish]
        meeting = [one for one in left if meets(one, wanted)]
        if not meeting:
            continue  # better somebody who misses it than nobody
        dropped |= {one.person: Reason(wish) for one in left if not meets(one, wanted)}
        left = meeting
    return left, dropped


_RANKS: Mapping[str, Callable[[Candidate], object]] = {
    Order.LOCAL: lambda one: not one.is_local,
    Order.LANGUAGE: lambda one: not one.native,
    Order.URGENT: lambda one: one.urgent,
    Order.LOAD: lambda one: one.load,
    Order.WAITED: lambda one: one.last_given_at or _NEVER,
}


def _rank(order: Iterable[str]) -> Callable[[Candidate], tuple[object, ...]]:
    """What to sort by; whom nothing tells apart, the order in which they were added does."""
    ranks = [_RANKS[one] for one in order]
    return lambda one: (*(rank(one) for rank in ranks), one.person)
