"""Answers that nobody got are no answers: taken back, and what they met is owed again (C8)."""

from __future__ import annotations

from datetime import datetime

from core.journal import label, record
from entitlements.enums import SPOKEN
from notices.bounces.addresses import bouncing_among
from notices.models import BouncingAddress, Notice
from notices.outbox import notify
from tickets.actions import audience
from tickets.actions.states import set_state, unfinish
from tickets.enums import FINISHED, MessageKind, State
from tickets.models import Incident, Message, ResponseTarget


def take_back_unheard(message: Message, *, at: datetime, is_mailed: bool = True) -> bool:
    """Take an answer back at once when all who are notified of it have addresses that take no mail.

    It stands in the portal and is sent once an address is put right, but nobody was notified of it,
    so it is no answer (C8); nor is one to closed accounts alone (`is_mailed` is False). The caller
    has locked the incident and owed the mails.
    """
    if not is_mailed and message.channel not in SPOKEN:
        closed = [message.incident.reporter.email]
        record_bounce(message, closed, ["Not sent: nobody of theirs has an open account."], at)
        owed = take_back(message, at=at)
        notify_author(message, closed, owed, taken_back=True, at=at)
        return True
    theirs = BouncingAddress.objects.running().filter(organisation=message.organisation_id)
    if message.channel in SPOKEN or not theirs.exists():
        return False
    addresses = {one.recipient for one in mails_of(message)}
    dead = bouncing_among(addresses)
    if not addresses or any(one.lower() not in dead for one in addresses):
        return False
    names = sorted(addresses)
    why = sorted({f"Not sent: {one.why}." for one in dead.values()})
    record_bounce(message, names, why, at)
    owed = take_back(message, at=at)
    notify_author(message, names, owed, taken_back=True, at=at)
    return True


def record_bounce(message: Message, names: list[str], why: list[str], at: datetime) -> None:
    kind, incident = "incident.answer_bounced", message.incident
    record(kind, incident, at=at, by=None, message=message.pk, names=names, why=why)


def mails_of(message: Message) -> list[Notice]:
    """The mails that carried the answer, locked: one may be on its way out right now."""
    about = Notice.objects.filter(
        subject=label(message.incident), key=f"message:{message.pk}", template__in=_CARRIERS
    )
    return list(about.select_related("to").select_for_update(of=("self",)).order_by("pk"))


_CARRIERS = ("incident_answered", "incident_solved")


def take_back(message: Message, *, at: datetime) -> ResponseTarget | None:
    """The answer is not counted any more; gives the target that is owed again, if it had met one.

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


def notify_author(
    message: Message,
    names: list[str],
    owed: ResponseTarget | None,
    *,
    taken_back: bool,
    at: datetime,
) -> None:
    incident = message.incident
    people = [person for person in (message.author, incident.owner) if person is not None]
    notify(
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
