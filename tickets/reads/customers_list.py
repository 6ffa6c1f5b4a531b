"""The customers' list of incidents: narrowed, in order, and as rows of a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Left

from accounts.models import Person
from core.search.words import Parsed
from entitlements.levels import Level
from tickets.enums import OUTSIDE, PUBLIC_KINDS, UNFINISHED, Priority, State
from tickets.models import Incident, Message
from tickets.querysets import IncidentQuerySet, past_due
from tickets.reads.queue import Word, beginning_of
from tickets.reads.search.conditions import conditions, parsed_for
from tickets.text import customers as words

BEGINNING = 240  # characters of the last message that are read for its first line


class Sort(NamedTuple):
    """An order of the list: how it is called, and by what."""

    words: str
    by: tuple[Any, ...]


SORTS = {
    "": Sort("Newest first", ("-received_at", "-pk")),
    "oldest": Sort("Oldest first", ("received_at", "pk")),
    "word": Sort("Last word first", ("-last_word_at", "-pk")),
    "due": Sort("Answer owed soonest", (F("due_at").asc(nulls_last=True), "-received_at", "-pk")),
    "priority": Sort("Most urgent first", ("priority", "-received_at", "-pk")),
}
STATES = [
    ("", "All"),
    ("unfinished", "Not finished"),
    *((value, said) for value, said in words.STATES.items()),
]
WHOSE = [
    ("", "All that you see"),
    ("mine", "Reported by you"),
    ("you", "Waits for you"),
    ("us", "Waits for our answer"),
    ("late", "Our answer is late"),
]
_WHOSE: dict[str, Callable[[Person, datetime], Q]] = {
    "mine": lambda person, at: Q(reporter=person),
    "you": lambda person, at: Q(state=State.WAITING),
    "us": lambda person, at: Q(due_at__isnull=False),
    "late": lambda person, at: past_due(at),
}


@dataclass(frozen=True)
class Wanted:
    """What narrows and orders the list; empty is not asked for. Days are of the reader's zone."""

    words: str = ""
    state: str = ""
    whose: str = ""
    sort: str = ""
    licence: str = ""
    priority: int = 0
    person: int = 0
    since: date | None = None
    until: date | None = None


def narrowed(wanted: Wanted, person: Person, *, at: datetime) -> tuple[IncidentQuerySet, Parsed]:
    """What `person` sees of what is wanted, in its order; and what was made of the words."""
    found = _in_state(Incident.objects.visible_to(person), wanted.state)
    if wanted.whose:
        found = found.filter(_WHOSE[wanted.whose](person, at))
    for field, value in (
        ("licence__key", wanted.licence),
        ("priority", wanted.priority),
        ("reporter", wanted.person),
    ):
        found = found.filter(**{field: value}) if value else found
    found = _in_days(found, wanted, ZoneInfo(person.timezone))
    parsed = parsed_for(wanted.words, person)
    if wanted.words:
        says = parsed.terms or parsed.problems  # signs alone say nothing, and nothing fits them
        found = found.filter(conditions(parsed, person, at)) if says else found.none()
    if wanted.sort == "word":
        found = found.annotate(last_word_at=_last_word_at())
    return found.order_by(*SORTS[wanted.sort].by), parsed


def _in_state(found: IncidentQuerySet, state: str) -> IncidentQuerySet:
    if state == "unfinished":
        return found.unfinished()
    if state == words.NOT_COVERED:
        return found.not_covered().unfinished()
    if state == OUTSIDE:
        return found.filter(outside_at__isnull=False)
    if state in UNFINISHED:
        return found.covered().filter(state=state)
    return found.filter(state=state) if state else found


def _in_days(found: IncidentQuerySet, wanted: Wanted, zone: ZoneInfo) -> IncidentQuerySet:
    """Reported from the first to the last day, both of them whole."""
    if wanted.since:
        found = found.filter(received_at__gte=datetime.combine(wanted.since, time(), zone))
    if wanted.until and wanted.until < date.max:
        day_after = wanted.until + timedelta(days=1)
        found = found.filter(received_at__lt=datetime.combine(day_after, time(), zone))
    return found


def _last_word_at() -> Subquery:
    """When the last word that customers read was said; `Incident.last_at` knows of notes, too."""
    said = Message.objects.filter(incident=OuterRef("pk"), kind__in=PUBLIC_KINDS).order_by()
    return Subquery(said.values("incident").annotate(last=Max("sent_at")).values("last"))


class Said(NamedTuple):
    """The last word on an incident that customers read."""

    word: Word
    at: datetime


def last_said(incidents: Iterable[Incident]) -> dict[int, Said]:
    """By incident, for the rows of a page; one statement."""
    keys = [one.pk for one in incidents]
    here = Q(incident__in=keys, split_to=None) | Q(split_to__in=keys)  # what it became (G2)
    last = (
        Message.objects.filter(here, kind__in=PUBLIC_KINDS)
        .annotate(said_on=Coalesce("split_to", "incident"))
        .order_by("said_on", "-sent_at", "-pk")
        .distinct("said_on")
        .values_list("said_on", "author_id", "author__name", "sent_at", Left("body", BEGINNING))
    )
    return {
        pk: Said(Word(author, name or "", beginning_of(body), is_note=False), at)
        for pk, author, name, at, body in last
    }


COLUMNS = (
    *("Number", "Subject", "State", "Priority", "Service", "Licence", "Version", "Support"),
    *("Reported by", "Reported", "With", "Answer owed by", "Solved", "Closed"),
)
_FIELDS = (
    *("number", "subject", "state", "priority", "service__name", "licence__key", "version"),
    *("decision__level__level", "reporter__name", "received_at", "owner__name", "due_at"),
    *("solved_at", "closed_at"),
)


def export_rows(found: IncidentQuerySet) -> Iterator[Sequence[Any]]:
    """One a row of `COLUMNS`."""
    for outside_at, *row in found.values_list("outside_at", *_FIELDS).iterator(chunk_size=500):
        number, subject, state, priority, service, licence, version, level, *rest = row
        said, named = words.said(OUTSIDE if outside_at else state, level), Priority(priority).label
        support = Level(level).facts.label if level else ""
        yield (number, subject, said, named, service, licence, version, support, *rest)
