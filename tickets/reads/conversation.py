"""What of an incident's conversation its page shows at once, and the rest on demand.

Of 300 messages nobody reads the 200th: the page has the report, the last ones, and what the reader
has not seen. In two statements, however long it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from accounts.models import Person
from core import markdown
from tickets.enums import TextFormat
from tickets.models import Handover, Incident, Message

LATEST = 10
UNREAD = 40  # of what is unread; of more the newest
AT_ONCE = 20  # earlier ones that one request brings
LONGEST = 4_000  # characters of one message; the rest of a longer one is fetched when asked for


@dataclass(frozen=True)
class Entry:
    """A message or a hand-over, in its place. `is_first_new` opens what the reader has not seen.

    `is_clipped` where only the beginning of the message stands here.
    """

    message: Message | None = None
    handover: Handover | None = None
    is_first_new: bool = False
    is_clipped: bool = False


@dataclass(frozen=True)
class Conversation:
    """`first` and then, after `hidden` others, `latest`; `before` is the first of `latest`.

    `newest` is the newest message of a person, `total` how many there are.
    """

    first: Sequence[Entry]
    latest: Sequence[Entry]
    hidden: int = 0
    before: int = 0
    newest: int = 0
    total: int = 0


def conversation_of(
    incident: Incident,
    person: Person,
    *,
    seen: int | None = None,
    crossed: int | None = None,
    whole: bool = False,
) -> Conversation:
    """`seen` is the newest message that the reader has read; None marks nothing as new.

    `crossed` is the newest that stood on the page where what was typed crossed another message:
    then all later ones are new, the reader's own too. The hand-overs of the incident were read.
    """
    found = _numbered(incident, person)
    wanted = Q(place=1) | Q(place__gt=F("total") - LATEST)
    since = crossed if crossed is not None else seen
    if since is not None:
        wanted |= Q(pk__gt=since, place__gt=F("total") - UNREAD)
    said = list(found if whole else found.filter(wanted))
    new = _first_new(said, person, since, own=crossed is not None)
    return _put_together(said, list(incident.handovers.all()), new)


def earlier(incident: Incident, person: Person, *, before: int) -> tuple[list[Entry], int, int]:
    """Up to `AT_ONCE` messages before the one given, without the report: they, how many are left
    between it and them, and the first of them. Nothing for a message that is not of the incident.
    """
    seen = Message.objects.visible_to(person).said_on(incident)
    pivot = seen.filter(pk=before).values_list("sent_at", flat=True).first()
    if pivot is None:
        return [], 0, 0
    older = _numbered(incident, person).filter(
        Q(sent_at__lt=pivot) | Q(sent_at=pivot, pk__lt=before)
    )
    found = list(older.filter(place__gt=F("total") - AT_ONCE).exclude(place=1))
    if not found:
        return [], 0, 0
    hidden = found[0].__dict__["place"] - 2  # without the report
    return [_entry(one) for one in found], hidden, found[0].pk


def _numbered(incident: Incident, person: Person) -> Any:
    """The messages that this person sees, each with its place and how many there are."""
    seen = Message.objects.visible_to(person).said_on(incident).for_conversation()
    return seen.annotate(
        place=Window(RowNumber(), order_by=["sent_at", "pk"]), total=Window(Count("pk"))
    ).order_by("sent_at", "pk")


def _first_new(
    said: Iterable[Message], person: Person, since: int | None, *, own: bool
) -> int | None:
    """The first message that is new to the reader; what they wrote themselves is not."""
    if since is None:
        return None
    fresh = (one.pk for one in said if one.pk > since and (own or one.author_id != person.pk))
    return next(fresh, None)


def _put_together(
    said: Sequence[Message], handovers: Sequence[Handover], new: int | None
) -> Conversation:
    if not said:
        return Conversation((), [Entry(handover=one) for one in handovers])
    total: int = said[-1].__dict__["total"]  # annotated
    hidden = total - len(said)
    head, tail = (said[:1], said[1:]) if hidden else ((), said)
    first = [_entry(one, new) for one in head]
    latest = list(_in_time(tail, handovers, new))
    newest = max((one.pk for one in said if one.author_id), default=0)
    before = tail[0].pk if hidden else 0
    return Conversation(first, latest, hidden, before, newest, total)


def _in_time(
    said: Sequence[Message], handovers: Sequence[Handover], new: int | None
) -> Iterable[Entry]:
    """Messages and hand-overs by their moments; an earlier hand-over stands before them all."""
    entries: list[tuple[datetime, int, Entry]] = [
        (one.sent_at, 0, _entry(one, new)) for one in said
    ]
    entries += [(one.at, 1, Entry(handover=one)) for one in handovers]
    return (entry for *_, entry in sorted(entries, key=lambda one: one[:2]))


def _entry(message: Message, new: int | None = None) -> Entry:
    is_clipped = len(message.body) > LONGEST + LONGEST // 4
    if is_clipped:
        message.body = message.body[:LONGEST]
        if message.format == TextFormat.MARKDOWN:
            message.html = markdown.render(message.body)
    return Entry(message, is_first_new=message.pk == new, is_clipped=is_clipped)
