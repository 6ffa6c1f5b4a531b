"""What the engineers' queue shows: plain rows, read in a handful of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zlib import crc32

from django.db.models import QuerySet
from django.db.models.functions import Left

from accounts.models import Person
from core.paging import Slice, slice_of
from entitlements.reads.current import calendars_of
from tickets.enums import OUTSIDE, PUBLIC_KINDS, UNFINISHED, MessageKind, Tier
from tickets.models import InternalTarget, Message
from tickets.querysets import IncidentQuerySet
from tickets.reads.countdown import owed_on
from tickets.reads.tags import tags_with
from tickets.reads.tier_clocks import running_targets
from tickets.reads.unread import FRESH_FOR, read_upto
from tickets.rules.promises.countdown import Countdown, count_down

SOON = 0.75  # of the target: from its first warning on (X3)
GREETING = 40  # letters of a first line that ends like one
WORD = 120  # characters of the last word; a line has room for fewer

# Whose change since it was chosen makes an incident another one: see `stamp_of`.
STAMPED = (
    "state",
    "owner_id",
    "worker_id",
    "tier",
    "priority",
    "service_id",
    "defect_id",
    "last_message_id",
)
_FIELDS = (
    *("pk", "number", "subject", "received_at", "due_at", "last_at", "customer_wrote_at"),
    *("last_customer_message_id", "dispatch_tried_at", "outside_at"),
    *("organisation__name", "owner__name", "worker__name", "decision__level__level"),
    *STAMPED,
)


class Word(NamedTuple):
    """The last that a person said: who, and its beginning in one line."""

    author: int | None
    by: str
    text: str
    is_note: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """A due moment that runs: `left` is working time; negative by the wall clock once past."""

    due_at: datetime
    left: timedelta
    count: Countdown | None = None
    soon: bool = False
    own: bool = False  # of the level that works on it (X2), not what the customer was promised

    @property
    def is_late(self) -> bool:
        return self.left < timedelta(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One incident of the queue. `clock` is None where nothing runs that its reader goes by.

    `behind` names a level that is late by its own clock while nobody owes the customer a word.
    """

    pk: int
    number: str
    subject: str
    state: str
    tier: int
    priority: int
    received_at: datetime
    active_at: datetime
    organisation: str
    owner: str
    worker: str
    is_being_assigned: bool
    level: str
    stamp: str
    clock: Clock | None = None
    behind: str = ""
    word: Word | None = None
    unread: bool = False
    tags: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def due_state(self) -> str:
        """ "" where nothing runs, else "open" or "breached"."""
        return "" if self.clock is None else "breached" if self.clock.is_late else "open"


def stamp_of(row: Mapping[str, Any]) -> str:
    """How an incident stood when it was shown, in a few letters; `row` has what is `STAMPED`."""
    return f"{crc32(repr([row[name] for name in STAMPED]).encode()):x}"


def lines(
    ordered: IncidentQuerySet,
    person: Person,
    *,
    at: datetime,
    page: str | None,
    more: Sequence[str] = (),
) -> tuple[Slice[Any], list[Line]]:
    """One page of `ordered`, which the person may see, as lines; in at most five statements.

    `more` names further fields of the incident, for columns beyond the usual ones. TS2 and TS3 go
    by the clock of their own level (X2).
    """
    found: QuerySet[Any, Any] = ordered.annotate(upto=read_upto(person), tag_names=tags_with())
    found = found.values(*_FIELDS, "upto", "tag_names", *more)
    shown = slice_of(found, page)
    rows = [_Row(one) for one in shown.rows]
    words = last_words([one["last_message_id"] for one in shown.rows], person)
    internal = running_targets(rows)
    by_own = person.role in (Tier.TS2.name.lower(), Tier.TS3.name.lower())
    clocks = _own_clocks(internal, at) if by_own else _clocks(rows, at)
    return shown, [
        _line(row.fields, clocks, internal, words, person, at=at, more=more) for row in rows
    ]


class _Row:
    """A row of values, as `owed_on` and `running_targets` ask incidents."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.fields = fields
        self.pk: int = fields["pk"]
        self.due_at: datetime | None = fields["due_at"]
        self.tier: int = fields["tier"]


def last_words(keys: Iterable[int | None], person: Person) -> dict[int, Word]:
    """These messages by their key, of incidents that the person may see; one statement.

    A note is nothing that a customer may read, whichever list asks.
    """
    said = Message.objects.filter(pk__in=[one for one in keys if one])
    if not person.is_staff:
        said = said.filter(kind__in=PUBLIC_KINDS)
    rows = said.values_list("pk", "author_id", "author__name", "kind", Left("body", WORD * 2))
    return {
        pk: Word(author, name or "", beginning_of(text), kind == MessageKind.NOTE)
        for pk, author, name, kind, text in rows
    }


def beginning_of(text: str) -> str:
    """What a message says first, in one line: without the greeting, and signs of Markdown."""
    said = [one.strip(" #>*_`") for one in text.splitlines()]
    said = [one for one in said if one]
    if len(said) > 1 and len(said[0]) < GREETING and said[0].endswith((",", "!", ":")):
        said = said[1:]
    return " ".join(" ".join(said).split())[:WORD]


def _clocks(rows: list[_Row], at: datetime) -> dict[int, Clock]:
    """What the customers were promised; one statement."""
    owed = owed_on(rows, at=at)
    found = {}
    for row in rows:
        if row.due_at is None:
            continue
        if (one := owed.get(row.pk)) is not None:
            soon = one.count.left <= (1 - SOON) * one.target
            found[row.pk] = Clock(row.due_at, one.count.left, one.count, soon)
        else:
            found[row.pk] = Clock(row.due_at, row.due_at - at)
    return found


def _own_clocks(internal: Mapping[int, InternalTarget], at: datetime) -> dict[int, Clock]:
    """What the level set itself, while it does not wait for the customer; one statement."""
    running = {pk: one for pk, one in internal.items() if one.paused_at is None}
    calendars = calendars_of({one.calendar_id for one in running.values()}) if running else {}
    found = {}
    for pk, one in running.items():
        if one.due_at <= at:
            found[pk] = Clock(one.due_at, one.due_at - at, own=True)
        else:
            count = count_down(calendars[one.calendar_id], due_at=one.due_at, at=at)
            found[pk] = Clock(one.due_at, count.left, count, one.warn_at <= at, own=True)
    return found


def _line(
    row: dict[str, Any],
    clocks: Mapping[int, Clock],
    internal: Mapping[int, InternalTarget],
    words: Mapping[int, Word],
    person: Person,
    *,
    at: datetime,
    more: Sequence[str],
) -> Line:
    pk, last = row["pk"], row["last_message_id"]
    word, clock, own = words.get(last), clocks.get(pk), internal.get(pk)
    is_behind = own is not None and own.paused_at is None and own.due_at < at
    return Line(
        pk,
        row["number"],
        row["subject"],
        OUTSIDE if row["outside_at"] else row["state"],
        row["tier"],
        row["priority"],
        row["received_at"],
        row["last_at"] or row["received_at"],
        row["organisation__name"],
        row["owner__name"] or "",
        row["worker__name"] or "",
        _is_being_assigned(row),
        row["decision__level__level"] or "",
        stamp_of(row),
        clock,
        Tier(row["tier"]).label if is_behind and clock is None else "",
        word,
        _is_unread(row, word, person, at),
        tuple(row["tag_names"]),
        {name: row[name] for name in more},
    )


def _is_unread(row: Mapping[str, Any], word: Word | None, person: Person, at: datetime) -> bool:
    """As `unread_by` says of what the customer wrote; on one's own, whatever others say."""
    if row["state"] not in UNFINISHED or word is None or word.author == person.pk:
        return False
    read = row["upto"] or 0
    wrote_at = row["customer_wrote_at"]
    if wrote_at and wrote_at > at - FRESH_FOR and row["last_customer_message_id"] > read:
        return True
    is_own = person.pk in (row["owner_id"], row["worker_id"])
    return is_own and row["last_at"] > at - FRESH_FOR and row["last_message_id"] > read


def _is_being_assigned(row: Mapping[str, Any]) -> bool:
    """As `Incident.is_being_assigned` says of a model."""
    waits = row["owner_id"] is None and row["state"] in UNFINISHED
    return waits and not row["dispatch_tried_at"] and bool(row["decision__level__level"])
