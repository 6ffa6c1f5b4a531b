"""Side conversations beside an incident (X4): asking colleagues without the customer.

Nothing here meets a target, moves a state or is told to a customer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import Person
from core import markdown, rls
from core.errors import NotAllowed
from core.journal import record
from core.text import clean_block
from entitlements.enums import Channel
from notices.outbox import notify
from tickets import policies
from tickets.enums import TextFormat
from tickets.errors import AsideFull, AsideNobody, AsideUnseen, EmptyText
from tickets.models import Aside, AsideMember, AsideMessage, Incident
from tickets.reads.asides import may_be_asked

_MARKS = re.compile(r"[`*_#>|]+|^\s*[-+]\s", re.MULTILINE)  # of Markdown
MOST = 20  # people of one; more of them are no side conversation
TOPIC = 80  # letters of its first words


@dataclass(frozen=True)
class AsideWords:
    """What somebody says: typed on the page as Markdown, or the text of a mail."""

    body: str
    format: TextFormat = TextFormat.PLAIN
    channel: str = Channel.PORTAL
    message_id: str = ""
    quoted: str = ""
    proof: str = ""


@transaction.atomic
def open_aside(
    incident: Incident, words: AsideWords, *, people: Sequence[Person], by: Person, at: datetime
) -> Aside:
    """Ask `people` about the incident, in a conversation of its own; they are told.

    TS2 and TS3 see the incident from then on, while they take part. Errors: `NotAllowed`,
    `AsideNobody`, `AsideUnseen`, `AsideFull`, `EmptyText`.
    """
    if not policies.may_ask_aside(by, incident):
        raise NotAllowed()
    others = [one for one in dict.fromkeys(people) if one != by]
    if not others:
        raise AsideNobody()
    body = clean_block(words.body)
    if not body:
        raise EmptyText()
    aside = Aside.objects.create(
        organisation_id=incident.organisation_id,
        incident=incident,
        topic=_topic(body),
        opened_by=by,
        opened_at=at,
    )
    named = [one.pk for one in others]
    record("aside.opened", aside, at=at, by=by, rule="X4", incident=incident.number, people=named)
    _join(aside, by, at=at)
    for one in others:
        _ask(aside, one, at=at)
    _say(aside, words, author=by, at=at)
    return aside


@transaction.atomic
def say_aside(aside: Aside, words: AsideWords, *, author: Person, at: datetime) -> AsideMessage:
    """Say something in it; who had not taken part does from then on. The others are told.

    Errors: `NotAllowed`, `AsideFull`, `EmptyText`.
    """
    if not policies.may_read_aside(author, aside):
        raise NotAllowed()
    if not clean_block(words.body):
        raise EmptyText()
    if not aside.members.present().filter(person=author).exists():
        _room_in(aside)
        _join(aside, author, at=at)
        record("aside.joined", aside, at=at, by=author, rule="X4", person=author.pk)
    return _say(aside, words, author=author, at=at)


@transaction.atomic
def ask_too(aside: Aside, *, person: Person, by: Person, at: datetime) -> None:
    """Let one more take part: they read all of it, and are told. Safe to repeat.

    Errors: `NotAllowed`, `AsideUnseen`, `AsideFull`.
    """
    if not policies.may_read_aside(by, aside):
        raise NotAllowed()
    if aside.members.present().filter(person=person).exists():
        return
    _ask(aside, person, at=at)
    record("aside.joined", aside, at=at, by=by, rule="X4", person=person.pk)
    last = aside.messages.select_related("author").last()
    if last is not None:
        _tell(aside, last, [person], key=f"aside:{aside.pk}:{person.pk}:{at.isoformat()}", at=at)


@transaction.atomic
def leave_aside(aside: Aside, *, person: Person, by: Person, at: datetime) -> None:
    """Take part no more, or be taken out. Safe to repeat. Errors: `NotAllowed`."""
    if not policies.may_let_go_aside(by, aside, person):
        raise NotAllowed()
    if aside.members.present().filter(person=person).update(left_at=at):
        record("aside.left", aside, at=at, by=by, rule="X4", person=person.pk)


def _ask(aside: Aside, person: Person, *, at: datetime) -> None:
    incident = aside.incident
    with rls.everything():  # whom another serves is nobody's to see who serves a few
        if not may_be_asked(incident).filter(pk=person.pk).exists():
            raise AsideUnseen(person=person, organisation=incident.organisation)
    _room_in(aside)
    _join(aside, person, at=at)


def _room_in(aside: Aside) -> None:
    if aside.members.present().count() >= MOST:
        raise AsideFull(limit=MOST)


def _join(aside: Aside, person: Person, *, at: datetime) -> None:
    AsideMember.objects.update_or_create(
        aside=aside,
        person=person,
        defaults={"joined_at": at, "left_at": None},
        create_defaults={"organisation_id": aside.organisation_id, "joined_at": at},
    )


def _say(aside: Aside, words: AsideWords, *, author: Person, at: datetime) -> AsideMessage:
    body = clean_block(words.body)
    message = AsideMessage.objects.create(
        organisation_id=aside.organisation_id,
        aside=aside,
        author=author,
        channel=words.channel,
        body=body,
        html=markdown.render(body) if words.format == TextFormat.MARKDOWN else "",
        quoted=clean_block(words.quoted),
        message_id=words.message_id,
        proof=words.proof,
        sent_at=at,
    )
    record("aside.said", aside, at=at, by=author, rule="X4", message=message.pk)
    members = aside.members.present().exclude(person=author).select_related("person")
    _tell(aside, message, [one.person for one in members], key=f"aside:{message.pk}", at=at)
    return message


def _tell(
    aside: Aside, message: AsideMessage, people: Sequence[Person], *, key: str, at: datetime
) -> None:
    """Those who may read it still; who sees the incident no more is told nothing of it."""
    with rls.everything():
        hear = [one for one in people if policies.may_read_aside(one, aside)]
    incident = aside.incident
    notify(
        hear,
        "incident_aside",
        key=key,
        at=at,
        about=aside,
        number=incident.number,
        subject=incident.subject,
        author=str(message.author),
        body=message.body,
        url=f"{settings.SITE_URL}/admin/incidents/{incident.number}/aside/#aside-{aside.pk}",
    )


def _topic(body: str) -> str:
    first = " ".join(_MARKS.sub(" ", body).split())
    first = first or "Aside"
    return first if len(first) <= TOPIC else f"{first[: TOPIC - 1].rstrip()}…"
