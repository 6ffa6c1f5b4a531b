"""What people say on an incident: answers of the staff, their notes, the customer's messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Person
from core import markdown
from core.errors import NotAllowed
from core.journal import record
from core.text import clean_block
from entitlements.enums import Channel
from notices.outbox import notify
from tickets import policies
from tickets.actions import audience
from tickets.actions.articles import note_articles_named
from tickets.actions.dispatch.reaching import who_hears
from tickets.actions.files import attach, check_files
from tickets.actions.filing import Report, file_incident
from tickets.actions.following import NOTED, tell_followers
from tickets.actions.locking import locked
from tickets.actions.mentioning import mention
from tickets.actions.participants import join_writer
from tickets.actions.promises.taking_back import take_back_unheard
from tickets.actions.promises.targets import meet_target, open_target
from tickets.actions.ratings import rating_url
from tickets.actions.solutions import register
from tickets.actions.states import finish, set_state, unfinish
from tickets.actions.thread_headers import own_message_id, thread_headers
from tickets.enums import MessageKind, Proof, State, TextFormat
from tickets.errors import EmptyText, IncidentClosed
from tickets.models import Cause, Incident, Message
from tickets.rules.promises.limits import may_reopen


@transaction.atomic
def answer(
    incident: Incident,
    *,
    author: Person,
    body: str,
    at: datetime,
    files: Sequence[UploadedFile[Any]] = (),
    then: str = State.OPEN,
    channel: str = Channel.PORTAL,
    solution: str = "",
    cause: Cause | None = None,
    format: TextFormat = TextFormat.PLAIN,
) -> Message:
    """A human answers the customer: meets the open target (C8) and is mailed to the reporter.

    `then` is what the answer leaves behind: "open" (we go on), "waiting" (the customer must
    act), or "solved". One to addresses that all take no mail reaches nobody: it meets nothing,
    and leaves the incident open. `solution` is what solved it, in a sentence for the customer's
    report, `cause` why it happened; they are kept where the answer solves. `format` is how `body`
    is read, on pages and in the mail. Errors: `NotAllowed`, `EmptyText`, `IncidentClosed`,
    `SolutionMissing` and those of `files.check_files`.
    """
    incident = locked(incident)
    if not policies.may_answer(author, incident):
        raise NotAllowed()
    if incident.state == State.CLOSED:
        raise IncidentClosed(number=incident.number)
    sent_as = own_message_id(incident)
    message = _say(
        incident,
        author,
        MessageKind.ANSWER,
        body,
        at,
        files,
        channel,
        message_id=sent_as,
        format=format,
    )
    meet_target(incident, by=author, at=at)
    if incident.owner_id is None and not policies.works_above(author):
        incident.owner = author
        incident.save(update_fields=["owner"])
    record("incident.answered", incident, at=at, by=author, rule="C8", message=message.pk)
    if then == State.SOLVED:
        finish(incident, State.SOLVED, by=author, at=at)
        register(incident, solution, cause, by=author, at=at)
    else:
        set_state(incident, State(then), by=author, at=at)
    reached = _mail_customer(incident, message, at, solved=then == State.SOLVED)
    take_back_unheard(message, is_mailed=reached, at=at)
    tell_followers(incident, message, what="answered the customer", at=at)
    note_articles_named(message, by=author, at=at)
    return message


@transaction.atomic
def note(
    incident: Incident,
    *,
    author: Person,
    body: str,
    at: datetime,
    files: Sequence[UploadedFile[Any]] = (),
    format: TextFormat = TextFormat.PLAIN,
) -> Message:
    """An internal note: never shown to the customer, never an answer (C8).

    Colleagues whom it names with an `@`, and who may see the incident, are told once and follow it.
    """
    if not policies.may_answer(author, incident):
        raise NotAllowed()
    message = _say(incident, author, MessageKind.NOTE, body, at, files, format=format)
    record("incident.noted", incident, at=at, by=author, message=message.pk)
    mentioned = mention(incident, message, author=author, at=at)
    tell_followers(incident, message, what=NOTED, at=at, but=mentioned.told)
    return message


@transaction.atomic
def write(
    incident: Incident,
    *,
    author: Person,
    body: str,
    at: datetime,
    files: Sequence[UploadedFile[Any]] = (),
    channel: str = Channel.PORTAL,
    message_id: str = "",
    quoted: str = "",
    proof: str = "",
) -> Message:
    """The customer writes. Opens a target while no answer is owed (C6).

    A solved or closed incident is reopened within 14 days of closing; later a new incident is
    filed that follows it (R7): look at `message.incident`. `proof` is how far a mail proves its
    sender: unproven it makes nobody a participant (M1). What was merged leads to the other (G1);
    who does not see that one any more files a new one (F4). Errors: `NotAllowed`, `EmptyText` and
    those of `files.check_files`.
    """
    written_on = locked(incident)
    if not policies.may_write(author, written_on):
        raise NotAllowed()
    incident = _where_it_goes_on(written_on, author)
    is_long_closed = incident.closed_at is not None and not may_reopen(incident.closed_at, at)
    if is_long_closed or incident.merged_into_id is not None:
        return _follow_up(incident, author, body, at, files, channel, message_id, quoted, proof)
    message = _say(
        incident, author, MessageKind.REPORT, body, at, files, channel, message_id, quoted, proof
    )
    if incident.state in (State.SOLVED, State.CLOSED):
        unfinish(incident, by=author, at=at)
    elif incident.state == State.WAITING:
        set_state(incident, State.OPEN, by=author, at=at)
    open_target(incident, at=at)
    if proof != Proof.UNPROVEN:
        join_writer(incident, author, at=at)
    record("incident.customer_wrote", incident, at=at, by=author, rule="C6", message=message.pk)
    hears = _notify_owner(incident, message, at)
    tell_followers(incident, message, what="wrote", at=at, but=hears)
    return message


def _where_it_goes_on(incident: Incident, author: Person) -> Incident:
    """The incident that the customer's words belong to: the other one of what was merged (G1),
    unless its author may not write there."""
    if incident.merged_into_id is None:
        return incident
    other = Incident.objects.select_for_update().filter(pk=incident.merged_into_id).first()
    return other if other is not None and policies.may_write(author, other) else incident


def _follow_up(
    old: Incident,
    author: Person,
    body: str,
    at: datetime,
    files: Sequence[UploadedFile[Any]],
    channel: str,
    message_id: str,
    quoted: str,
    proof: str,
) -> Message:
    """A new incident that follows a long closed one; what it is entitled to is asked again."""
    fresh = file_incident(
        Report(
            reporter=author,
            service=old.service.key,
            subject=old.subject,
            body=body,
            licence=old.licence,
            project=old.project,
            channel=channel,
            priority=old.priority,
            impact=old.impact,
            urgency=old.urgency,
            product=old.product,
            version=old.version,
            private=old.is_private,
            files=files,
            message_id=message_id,
            quoted=quoted,
            follows=old,
            proof=proof,
        ),
        at=at,
    )
    return fresh.messages.get(kind=MessageKind.REPORT)


def _say(
    incident: Incident,
    author: Person,
    kind: MessageKind,
    body: str,
    at: datetime,
    files: Sequence[UploadedFile[Any]],
    channel: str = Channel.PORTAL,
    message_id: str = "",
    quoted: str = "",
    proof: str = "",
    format: TextFormat = TextFormat.PLAIN,
) -> Message:
    body = clean_block(body)
    if not body and not files:
        raise EmptyText()
    check_files(files)
    message = Message.objects.create(
        organisation_id=incident.organisation_id,
        incident=incident,
        author=author,
        kind=kind,
        channel=channel,
        body=body,
        format=format,
        html=markdown.render(body) if format == TextFormat.MARKDOWN else "",
        quoted=clean_block(quoted),
        message_id=message_id,
        proof=proof,
        sent_at=at,
    )
    attach(message, files)
    return message


def _mail_customer(incident: Incident, message: Message, at: datetime, *, solved: bool) -> bool:
    """The reporter, and the colleagues who follow it; only the reporter is asked to rate it.

    Whether anybody is left who reads it: open accounts, of people who are of the customer still.
    """
    colleagues = [one.person for one in incident.participants.told().select_related("person")]
    rating = rating_url(incident) if solved else None
    headers = thread_headers(incident, message)
    for people, asked in (([incident.reporter], rating), (colleagues, None)):
        notify(
            people,
            "incident_solved" if solved else "incident_answered",
            key=f"message:{message.pk}",
            at=at,
            about=incident,
            headers=headers,
            author=str(message.author),
            body=message.body,
            body_html=message.html,
            rating_url=asked,
            **audience.customer_facts(incident),
        )
    everybody = [incident.reporter, *colleagues]
    theirs = incident.organisation_id
    return any(one.is_active and one.organisation_id == theirs for one in everybody)


def _notify_owner(incident: Incident, message: Message, at: datetime) -> list[Person]:
    """Who answers the customer, and who works on it at TS2 or TS3 (X1)."""
    worker = incident.worker
    works = [worker] if worker is not None and worker.is_active else []
    hears = [*who_hears(incident, at=at), *works]
    notify(
        hears,
        "incident_customer_wrote",
        key=f"message:{message.pk}",
        at=at,
        about=incident,
        author=str(message.author),
        body=message.body,
        **audience.facts(incident),
    )
    return hears
