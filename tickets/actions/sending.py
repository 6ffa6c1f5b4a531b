"""Answers that can be taken back for some seconds: held, taken back, sent by a sweep.

A held answer is a draft of the kind "sending". It is as good as sent: whatever becomes of the
browser it goes out, and counts as of the key press. Until then its author can have it back, with
its files. Nobody else sees it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import DataError, IntegrityError, transaction

from accounts.models import Person
from core.errors import NotAllowed, Refusal
from core.journal import record
from core.nudges import nudge_in
from core.text import clean_block
from notices.outbox import notify
from tickets import policies
from tickets.actions import audience, conversation
from tickets.actions.canned import apply_canned
from tickets.actions.drafts import DraftOf, remove_draft
from tickets.actions.files import check_files, safe_name
from tickets.actions.locking import locked
from tickets.actions.promises.targets import open_target
from tickets.actions.states import set_state, unfinish
from tickets.enums import DraftKind, MessageKind, State, TextFormat
from tickets.errors import AnsweredJustNow, EmptyText, IncidentClosed, SentAlready
from tickets.models import CannedAnswer, Cause, Draft, DraftFile, Incident, Message

logger = structlog.get_logger(__name__)

SWEEP = "tickets.tasks.send_answers"
LONGEST = 60  # seconds


@dataclass(frozen=True)
class Said:
    """An answer as its form has it."""

    body: str
    files: Sequence[UploadedFile[Any]] = ()
    then: str = State.OPEN
    solution: str = ""
    cause: Cause | None = None
    macro: CannedAnswer | None = None


def seconds_for(person: Person) -> int:
    """For so long this person may take an answer back; 0 sends at once."""
    chosen = person.undo_seconds
    return min(settings.UNDO_SECONDS if chosen is None else chosen, LONGEST)


@transaction.atomic
def answer_soon(incident: Incident, said: Said, *, author: Person, at: datetime) -> Draft | None:
    """Answer in the seconds that the author chose; None where it went out at once.

    A held one of the same author goes out first. Errors: those of `conversation.answer`, and
    `AnsweredJustNow` where a colleague's is held: this author has not read it.
    """
    seconds = seconds_for(author)
    incident = locked(incident)
    _refuse_second(incident, author)
    before = _held(incident, author)
    if before is not None:
        _send(before, at=at)
    if not seconds:
        _answer(incident, said, author=author, at=at)
        return None
    _check(incident, said, author)
    held = Draft.objects.create(
        organisation_id=incident.organisation_id,
        incident=incident,
        person=author,
        kind=DraftKind.SENDING,
        body=said.body,
        fields={
            "then": said.then,
            "solution": said.solution,
            "cause": str(said.cause.pk) if said.cause else "",
            "macro": str(said.macro.pk) if said.macro else "",
            "newest": _newest(incident),
        },
        saved_at=at,
        pressed_at=at,
        send_at=at + timedelta(seconds=seconds),
    )
    for one in said.files:
        name = safe_name(one.name or "")
        DraftFile.objects.create(
            organisation_id=held.organisation_id,
            draft=held,
            file=File(one, name=name),
            name=name,
            size=one.size or 0,
            added_at=at,
        )
    nudge_in(seconds + 0.1, SWEEP)
    return held


@transaction.atomic
def take_back(incident: Incident, *, by: Person, at: datetime) -> None:
    """Undo: the text with its files is a draft again, before what was begun since.

    Error: `SentAlready`.
    """
    incident = locked(incident)
    held = _held(incident, by)
    if held is None:
        raise SentAlready()
    _to_draft(held, at)


@transaction.atomic
def send_now(incident: Incident, *, by: Person, at: datetime) -> bool:
    """Wait no longer; True if something went out. Safe to repeat."""
    incident = locked(incident)
    held = _held(incident, by)
    return held is not None and _send(held, at=at)


@transaction.atomic
def send_all_held(incident: Incident, *, at: datetime) -> None:
    """Whoever pressed the key: before something happens that an answer would have decided."""
    incident = locked(incident)
    for held in Draft.objects.held_on(incident).select_related("incident", "person"):
        _send(held, at=at)


@transaction.atomic
def release(pk: int, *, at: datetime) -> bool:
    """Send what can not be taken back any more; True if we did. Safe to run anywhere at once.

    What is refused by now, as on an incident that was closed meanwhile, is a draft again, and its
    author is told.
    """
    found = Draft.objects.to_send(at).filter(pk=pk).select_related("incident").first()
    if found is None or found.incident is None:
        return False
    locked(found.incident)  # first, as who presses "Undo" does
    due = Draft.objects.to_send(at).filter(pk=pk)
    held = due.select_related("incident", "person").select_for_update(of=("self",)).first()
    return held is not None and _send(held, at=at)


def _held(incident: Incident, author: Person) -> Draft | None:
    return DraftOf(author, DraftKind.SENDING, incident).locked()


def _refuse_second(incident: Incident, author: Person) -> None:
    """Two answers to one question are sent only by who knows of the other.

    Error: `AnsweredJustNow`.
    """
    others = Draft.objects.held_on(incident).exclude(person=author).select_related("person")
    if (other := others.first()) is not None:
        raise AnsweredJustNow(name=str(other.person))


def _check(incident: Incident, said: Said, author: Person) -> None:
    """What `answer` would refuse is refused while its author looks."""
    if not policies.may_answer(author, incident):
        raise NotAllowed()
    if incident.state == State.CLOSED:
        raise IncidentClosed(number=incident.number)
    if not clean_block(said.body) and not said.files:
        raise EmptyText()
    check_files(said.files)


def _answer(incident: Incident, said: Said, *, author: Person, at: datetime) -> Message:
    message = conversation.answer(
        incident,
        author=author,
        body=said.body,
        files=said.files,
        then=said.then,
        solution=said.solution,
        cause=said.cause,
        format=TextFormat.MARKDOWN,
        at=at,
    )
    if said.macro is not None:
        apply_canned(said.macro, incident, by=author, at=at)
    return message


def _send(held: Draft, *, at: datetime) -> bool:
    incident, pressed_at = held.incident, held.pressed_at
    assert incident is not None, "constraints say so"
    assert pressed_at is not None, "constraints say so"
    opened: list[UploadedFile[Any]] = []
    try:
        with transaction.atomic():
            said = _said(held, opened)
            message = _answer(incident, said, author=held.person, at=pressed_at)
            kind, by = "incident.answer_sent", held.person
            record(kind, incident, at=at, by=by, message=message.pk, pressed_at=pressed_at)
            _go_on(held)
    except Refusal as refusal:
        _to_draft(held, at)
        _tell(incident, held.person, str(refusal), at)
        return False
    except (IntegrityError, DataError, OSError):  # such as a file that is gone: no try will do it
        logger.exception("an answer could not be sent", incident=incident.number)
        _to_draft(held, at)
        _tell(incident, held.person, "Something in it could not be kept. Please look at it.", at)
        return False
    finally:
        for file in opened:
            file.close()
    remove_draft(held)
    return True


def _said(held: Draft, opened: list[UploadedFile[Any]]) -> Said:
    """What its author said; its files are put into `opened`, for the caller to close."""
    for one in held.files.all():
        opened.append(UploadedFile(one.file.open("rb"), name=one.name, size=one.size))
    asked = held.fields
    cause, macro = asked.get("cause"), asked.get("macro")
    return Said(
        held.body,
        list(opened),
        asked.get("then") or State.OPEN,
        asked.get("solution", ""),
        Cause.objects.filter(pk=cause).first() if cause else None,
        CannedAnswer.objects.filter(pk=macro).first() if macro else None,
    )


def _newest(incident: Incident) -> int:
    """The message that was filed last, 0 without one; what its author may have read."""
    return incident.messages.order_by("-pk").values_list("pk", flat=True).first() or 0


def _go_on(held: Draft) -> None:
    """What the customer wrote that this answer could not know of is owed an answer (C6).

    It was filed while an answer was owed still, so it opened no target: it does so now, as of the
    moment when it was received. That may be before the key press, where a mail waited to be read.
    """
    incident = held.incident
    assert incident is not None, "constraints say so"
    said = incident.messages.filter(kind=MessageKind.REPORT)
    unread = said.filter(pk__gt=held.fields.get("newest", 0), sent_at__lte=held.pressed_at)
    since = said.filter(sent_at__gt=held.pressed_at)
    first = (unread | since).order_by("sent_at").first()
    if first is None:
        return
    incident = locked(incident)
    writer = first.author
    assert writer is not None, "a machine files nothing"
    if incident.state in (State.SOLVED, State.CLOSED):
        unfinish(incident, by=writer, at=first.sent_at)
    elif incident.state == State.WAITING:
        set_state(incident, State.OPEN, by=writer, at=first.sent_at)
    open_target(incident, at=first.sent_at)


def _to_draft(held: Draft, at: datetime) -> None:
    """In the composer again; what its author began to write since stands below it."""
    assert held.incident is not None, "constraints say so"
    begun = DraftOf(held.person, DraftKind.ANSWER, held.incident).locked()
    if begun is None:
        held.kind, held.pressed_at, held.send_at = DraftKind.ANSWER, None, None
        held.saved_at, held.version = at, held.version + 1
        held.save()
        return
    begun.body = f"{held.body}\n\n{begun.body}".strip("\n")
    begun.fields, begun.saved_at, begun.version = held.fields, at, begun.version + 1
    begun.save()
    held.files.update(draft=begun)
    held.delete()


def _tell(incident: Incident, author: Person, why: str, at: datetime) -> None:
    notify(
        [author],
        "answer_not_sent",
        key=f"unsent:{incident.pk}:{at.timestamp():.0f}",
        at=at,
        about=incident,
        reporter=str(incident.reporter),
        reason=why,
        **audience.facts(incident),
    )
