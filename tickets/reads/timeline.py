"""What happened to an incident, in plain words for the people who work on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Person
from core.kinds import EntryWords, people_in, words_of
from core.models import JournalEntry
from core.registries import notice_words
from notices.models import Notice


@dataclass(frozen=True)
class Event:
    """One line; `icon` and `tone` are those of `components/timeline_entry.html`."""

    at: datetime
    text: str
    detail: str = ""
    actor: str = ""
    icon: str = "circle-dot"
    tone: str = ""


# What a notice of this template told its reader.
TOLD: dict[str, str] = {
    "incident_filed": "what was promised",
    "incident_not_covered": "that nothing covers it",
    "incident_goodwill": "that it was accepted out of goodwill",
    "incident_declined": "that it was declined",
    "incident_covered": "that it is covered now",
    "incident_upgraded": "that a better level counts for it",
    "incident_due_earlier": "that its answer is due earlier",
    "incident_corrected": "that its promise was put right",
    "incident_answered": "the answer",
    "incident_solved": "that it is solved",
    "incident_assigned": "who owns it",
    "incident_worker": "who works on it",
    "incident_passed_on": "that it went to another engineer",
    "incident_unassigned": "that nobody can take it",
    "incident_lies": "that nobody took it",
    "answer_bounced": "that an answer came back",
    "incident_customer_wrote": "that the customer wrote",
    "incident_mentioned": "that a note mentions them",
    "incident_followed": "what was said, since they follow it",
    "incident_escalated": "that it was escalated",
    "incident_given_back": "that it was given back",
    "incident_split": "that it has an incident of its own",
    "incident_merged": "that a duplicate was merged into it",
    "incident_merge_undone": "that a merge was undone",
    "escalation_asked": "that the customer asks for the next level",
    "escalation_accepted": "that the next level works on it",
    "escalation_declined": "that it stays at its level",
    "response_target_warning": "that the response target nears its end",
    "response_target_breached": "that the response target was breached",
    "response_target_call": "called because of the response target",
    "fix_released": "that a release fixes it",
    "fix_withdrawn": "that a release does not fix it any more",
    "defect_fixed": "that its defect is fixed",
    "defect_reopened": "that the fix of its defect does not hold",
    "internal_target_warning": "that the level's own target nears its end",
    "internal_target_breached": "that the level's own target is over",
}


def events_of(entries: Iterable[JournalEntry]) -> list[Event]:
    """The incident's journal as a story, oldest first, in one query for the names in it."""
    return [
        Event(one.at, said.text, said.detail, str(one.by or ""), said.icon, said.tone)
        for one, said in in_words(entries)
    ]


def in_words(entries: Iterable[JournalEntry]) -> list[tuple[JournalEntry, EntryWords]]:
    """Each entry with how it reads; one query for the people that their facts name."""
    told = list(entries)
    people = people_in(told)
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    return [(one, words_of(one, lambda pk: names.get(pk, "nobody"))) for one in told]


@dataclass(frozen=True)
class Notification:
    """Notices of one kind and moment: who was told what, and whether it reached them."""

    people: list[str]
    what: str
    made_at: datetime
    sent_at: datetime | None
    error: str
    given_up: bool
    waits_until: datetime | None = None  # the end of the reader's quiet hours
    delivered_at: datetime | None = None  # where a provider reported it
    is_collected: bool = False  # `waits_until` is their mail of the day then
    is_unwanted: bool = False  # they chose not to be told


def notifications_of(notices: Iterable[Notice]) -> list[Notification]:
    """The notices in the order given, those of one fact with one fate put together."""
    found: dict[tuple[object, ...], Notification] = {}
    for one in notices:
        mail = one.told_in or one  # what became of a mail of the day, became of what it tells
        failed = "" if mail.sent_at and not mail.bounced_at else mail.last_error
        sent = mail.sent_at and mail.sent_at.replace(second=0, microsecond=0)
        waits_until = mail.next_at if one.put_off_at and not (sent or mail.given_up_at) else None
        delivered = mail.delivered_at and mail.delivered_at.replace(second=0, microsecond=0)
        aside = (one.is_collected, one.is_unwanted)
        key = (one.template, one.made_at, sent, failed, waits_until, delivered, aside)
        if key not in found:
            what = TOLD.get(one.template) or notice_words.get(one.template, "about it")
            given_up = mail.given_up_at is not None
            found[key] = Notification(
                [],
                what,
                one.made_at,
                mail.sent_at,
                failed,
                given_up,
                waits_until,
                mail.delivered_at,
                *aside,
            )
        found[key].people.append(str(one.to) if one.to else one.address)
    return list(found.values())
