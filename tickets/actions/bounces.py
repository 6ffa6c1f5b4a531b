"""Answers that come back: marked, told, and taken back when nobody got them (C8)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.journal import entries_of, label, record
from entitlements.enums import SPOKEN
from notices.actions import mark_bounced, tell
from notices.addresses import bouncing_among
from notices.models import BouncingAddress, Notice
from notices.rendering import notices_named
from tickets.actions import audience
from tickets.actions.locking import locked
from tickets.actions.states import set_state, unfinish
from tickets.enums import FINISHED, MessageKind, State
from tickets.models import Incident, Message, ResponseTarget


@dataclass(frozen=True)
class CameBack:
    """What a bounce was about. `taken_back`: the answer is no answer any more."""

    message: Message
    addresses: Sequence[str]
    taken_back: bool


def note_bounce(
    message_ids: Collection[str],
    codes: Mapping[str, str],
    *,
    is_permanent: bool,
    mail: str,
    at: datetime,
) -> CameBack | None:
    """Note that an answer did not reach some addresses; None if it is about no answer of ours.

    Only who had the mail knows its Message-ID, so nobody else's bounce is believed. A hard bounce
    to every recipient takes the answer back: what it met is owed again, by the due moment that it
    had, which may be past (C8). One that delays it, that leaves somebody who got it, or that is
    only the record of what was said by telephone, is only shown. Names the bounce nobody, it is
    of the only recipient. `codes` gives each address's code (RFC 3463) or "", `mail` is the
    bounce's own id: safe to repeat. Call it in the transaction of the mail.
    """
    answers = Message.objects.filter(message_id__in=message_ids, kind=MessageKind.ANSWER)
    message = answers.select_related("incident", "author").order_by("-pk").first()
    if message is None:
        return None
    message.incident = locked(message.incident)
    sent = _sent(message)
    if not codes and len(sent) == 1:
        codes = {sent[0].recipient: ""}
    if not is_permanent:
        _note_delay(message, mail, at)
        return CameBack(message, list(codes), taken_back=False)
    fresh = mark_bounced(sent, codes, at=at)
    if not fresh:
        return CameBack(message, list(codes), taken_back=message.taken_back_at is not None)
    names = [one.recipient for one in fresh]
    why = sorted({one.last_error for one in fresh})
    _record_bounce(message, names, why, at)
    unread = all(one.bounced_at or one.given_up_at for one in _sent(message))
    reached_nobody = unread and message.channel not in SPOKEN  # what was said was heard
    owed = _take_back(message, at=at) if reached_nobody else None
    _tell_author(message, names, owed, taken_back=reached_nobody, at=at)
    return CameBack(message, names, taken_back=reached_nobody)


def note_notice_bounce(
    message_ids: Collection[str], codes: Mapping[str, str], *, at: datetime
) -> list[Notice]:
    """Note that a notice which is no answer came back for good; those that were not noted before.

    The Message-ID carries a secret that only who had the mail knows. Safe to repeat; call it in
    the transaction of the mail.
    """
    named = Notice.objects.filter(pk__in=notices_named(message_ids)).select_related("to")
    sent = list(named.select_for_update(of=("self",)).order_by("pk"))
    if not codes and len(sent) == 1:
        codes = {sent[0].recipient: ""}
    return mark_bounced(sent, codes, at=at)


def take_back_unheard(message: Message, *, at: datetime) -> bool:
    """Take an answer back at once when all who are told of it have addresses that take no mail.

    It stands in the portal and is sent once an address is put right, but nobody was told of it, so
    it is no answer (C8). The caller has locked the incident and owed the mails.
    """
    theirs = BouncingAddress.objects.running().filter(organisation=message.organisation_id)
    if message.channel in SPOKEN or not theirs.exists():
        return False
    addresses = {one.recipient for one in _sent(message)}
    dead = bouncing_among(addresses)
    if not addresses or any(one.lower() not in dead for one in addresses):
        return False
    names = sorted(addresses)
    why = sorted({f"Not sent: {one.why}." for one in dead.values()})
    _record_bounce(message, names, why, at)
    owed = _take_back(message, at=at)
    _tell_author(message, names, owed, taken_back=True, at=at)
    return True


def _record_bounce(message: Message, names: list[str], why: list[str], at: datetime) -> None:
    kind, incident = "incident.answer_bounced", message.incident
    record(kind, incident, at=at, by=None, message=message.pk, names=names, why=why)


def _note_delay(message: Message, mail: str, at: datetime) -> None:
    kind, incident = "incident.answer_delayed", message.incident
    if not entries_of(incident).filter(kind=kind, facts__mail=mail).exists():
        record(kind, incident, at=at, by=None, message=message.pk, mail=mail)


def _sent(message: Message) -> list[Notice]:
    """The mails that carried the answer, locked: one may be on its way out right now."""
    about = Notice.objects.filter(
        subject=label(message.incident), key=f"message:{message.pk}", template__in=_CARRIERS
    )
    return list(about.select_related("to").select_for_update(of=("self",)).order_by("pk"))


_CARRIERS = ("incident_answered", "incident_solved")


def _take_back(message: Message, *, at: datetime) -> ResponseTarget | None:
    """The answer counts no more; gives the target that is owed again, if it had met one.

    A target that another answer met, or that the customer's next words left behind, stays as it
    is (C7): they show that somebody read it.
    """
    incident = message.incident
    message.taken_back_at = at
    message.save(update_fields=["taken_back_at"])
    target = incident.targets.order_by("-cycle").first()
    said_since = incident.messages.filter(sent_at__gt=message.sent_at)
    was_read = said_since.filter(kind=MessageKind.REPORT).exists() or incident.state == State.CLOSED
    if target is None or was_read or not _met_by(target, message):
        return None
    facts = {"message": message.pk, "due_at": target.due_at}
    record("incident.answer_taken_back", incident, at=at, by=None, rule="C8", **facts)
    later = said_since.filter(kind=MessageKind.ANSWER, taken_back_at=None).order_by("sent_at", "pk")
    following = later.select_related("author").first()
    target.met_at = following.sent_at if following else None
    target.met_by = following.author if following else None
    target.save(update_fields=["met_at", "met_by"])
    if following is not None:
        in_time = following.sent_at <= target.due_at
        record(
            "response_target.met",
            incident,
            at=following.sent_at,
            by=following.author,
            rule="C8",
            in_time=in_time,
        )
        return None
    pending = target.warnings.filter(told_at=None, skipped_at=message.sent_at, due_at__gt=at)
    pending.update(skipped_at=None)
    _back_to_work(incident, at)
    return target


def _met_by(target: ResponseTarget, message: Message) -> bool:
    return target.met_at == message.sent_at and target.met_by_id == message.author_id


def _back_to_work(incident: Incident, at: datetime) -> None:
    """It can not wait for a customer who was told nothing, nor be solved without their knowing."""
    if incident.state in FINISHED:
        unfinish(incident, by=None, at=at)
    else:
        set_state(incident, State.OPEN, by=None, at=at)


def _tell_author(
    message: Message,
    names: list[str],
    owed: ResponseTarget | None,
    *,
    taken_back: bool,
    at: datetime,
) -> None:
    incident = message.incident
    people = [person for person in (message.author, incident.owner) if person is not None]
    tell(
        people,
        "answer_bounced",
        key=f"bounced:{message.pk}:{len(names)}:{at:%Y%m%d%H%M%S}",
        at=at,
        about=incident,
        addresses=", ".join(names),
        taken_back=taken_back,
        due_at=owed.due_at.isoformat() if owed else None,
        **audience.facts(incident),
    )
