"""What happened to an incident, in plain words for the people who work on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from accounts.models import Person
from core.models import JournalEntry
from core.registries import EntryWords, Facts, LookUp, Writer, entry_writers, notice_words
from entitlements.enums import Channel, Level
from notices.models import Notice
from tickets.enums import Priority, State, Tier

Names = Mapping[int, str]


@dataclass(frozen=True)
class Event:
    """One line; `icon` and `tone` are those of `components/timeline_entry.html`."""

    at: datetime
    text: str
    detail: str = ""
    actor: str = ""
    icon: str = "circle-dot"
    tone: str = ""


_STATE_LOOKS = {
    State.WAITING: ("clock", "warm"),
    State.SOLVED: ("circle-check", "green"),
    State.CLOSED: ("lock", ""),
}

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
    "incident_passed_on": "that it went to another engineer",
    "incident_unassigned": "that nobody can take it",
    "incident_lies": "that nobody took it",
    "answer_bounced": "that an answer came back",
    "incident_customer_wrote": "that the customer wrote",
    "incident_escalated": "that it was escalated",
    "incident_given_back": "that it was given back",
    "escalation_asked": "that the customer asks for the next level",
    "escalation_accepted": "that the next level works on it",
    "escalation_declined": "that it stays at its level",
    "response_target_warning": "that the response target nears its end",
    "response_target_breached": "that the response target was breached",
    "response_target_call": "called because of the response target",
    "defect_fixed": "that its defect is fixed",
    "defect_reopened": "that the fix of its defect does not hold",
    "internal_target_warning": "that the level's own target nears its end",
    "internal_target_breached": "that the level's own target is over",
}


def events_of(entries: Iterable[JournalEntry]) -> list[Event]:
    """The incident's journal as a story, oldest first, in one query for the names in it."""
    told = list(entries)
    people = {pk for entry in told if entry.kind in _ABOUT_PEOPLE for pk in _people(entry.facts)}
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    return [_event(entry, names) for entry in told]


_ABOUT_PEOPLE = {
    "incident.assigned",
    "incident.dispatched",
    "incident.joined",
    "incident.left",
    "response_target.breached",
    "response_target.warned",
}


def _event(entry: JournalEntry, names: Names) -> Event:
    words = _WORDS.get(entry.kind) or entry_writers.get(entry.kind)
    actor = str(entry.by) if entry.by else ""
    if words is None:
        return Event(entry.at, entry.kind.replace("_", " ").replace(".", ": "), actor=actor)
    said = words(entry.facts, lambda pk: names.get(pk, "nobody"))
    return Event(entry.at, said.text, said.detail, actor, said.icon, said.tone)


def _people(facts: Facts) -> set[int]:
    given = [facts.get(key) for key in ("to", "before", "after", "person", "called")]
    return {one for one in (*given, *facts.get("told", ())) if isinstance(one, int)}


def _filed(facts: Facts, name: LookUp) -> EntryWords:
    channel = Channel(facts.get("channel") or Channel.PORTAL)
    return EntryWords(f"Reported {channel.facts.reported}", "", "inbox", "blue")


def _joined(facts: Facts, name: LookUp) -> EntryWords:
    return EntryWords(
        f"{name(facts.get('person'))} is notified of the answers, too", "", "users", ""
    )


def _left(facts: Facts, name: LookUp) -> EntryWords:
    return EntryWords(f"{name(facts.get('person'))} is notified no more", "", "user", "")


def _came_back(facts: Facts, name: LookUp) -> EntryWords:
    names = ", ".join(facts.get("names", []))
    detail = " ".join([f"It could not be delivered to {names}.", *facts.get("why", [])])
    return EntryWords("An answer came back", detail, "mail-warning", "red")


def _taken_back(facts: Facts, name: LookUp) -> EntryWords:
    due = _utc(facts.get("due_at"))
    return EntryWords(
        "The answer counts no more", f"Nobody got it; one is owed by {due}", "rotate-ccw", "red"
    )


def _assigned(facts: Facts, name: LookUp) -> EntryWords:
    reason = facts.get("reason", "")
    to = name(facts.get("after"))
    if reason == "taken":
        return EntryWords(f"{to} took it", "", "user", "")
    before = f" from {name(facts['before'])}" if facts.get("before") else ""
    return EntryWords(f"Given to {to}{before}", reason, "user", "")


def _dispatched(facts: Facts, name: LookUp) -> EntryWords:
    detail = str(facts.get("reason") or "On duty, serves the organisation, has room")
    return EntryWords(f"Dispatched to {name(facts.get('to'))}", detail, "user", "")


def _state(facts: Facts, name: LookUp) -> EntryWords:
    after = State(facts.get("after", State.OPEN))
    icon, tone = _STATE_LOOKS.get(after, ("circle-dot", ""))
    return EntryWords(f"Now: {after.label.lower()}", "", icon, tone)


def _escalated(facts: Facts, name: LookUp) -> EntryWords:
    return EntryWords(f"Escalated to {Tier(facts['after']).label}", "", "arrow-up", "warm")


def _given_back(facts: Facts, name: LookUp) -> EntryWords:
    return EntryWords(f"Given back to {Tier(facts['after']).label}", "", "arrow-down", "")


def _priority(facts: Facts, name: LookUp) -> EntryWords:
    before, after = Priority(facts["before"]).label, Priority(facts["after"]).label
    return EntryWords(
        f"Priority {after.lower()}, was {before.lower()}", facts.get("reason", ""), "flag", ""
    )


def _defect_linked(facts: Facts, name: LookUp) -> EntryWords:
    return EntryWords(f"It comes from the defect {facts['defect']}", "", "link", "")


def _defect_unlinked(facts: Facts, name: LookUp) -> EntryWords:
    return EntryWords(f"It does not come from the defect {facts['defect']}", "", "link", "")


def _defect_fixed(facts: Facts, name: LookUp) -> EntryWords:
    return EntryWords(
        f"The defect {facts['defect']} is fixed in {facts['build']}", "", "wrench", "green"
    )


def _defect_reopened(facts: Facts, name: LookUp) -> EntryWords:
    text = f"The defect {facts['defect']} is not fixed in {facts['build']}"
    return EntryWords(text, facts.get("reason", ""), "wrench", "warm")


def _goodwill(facts: Facts, name: LookUp) -> EntryWords:
    return EntryWords("Accepted out of goodwill", facts.get("reason", ""), "thumbs-up", "green")


def _declined(facts: Facts, name: LookUp) -> EntryWords:
    return EntryWords(
        "Declined, with an answer to the customer", facts.get("reason", ""), "ban", ""
    )


def _upgraded(facts: Facts, name: LookUp) -> EntryWords:
    level = dict(Level.choices).get(str(facts.get("level")), "A better level")
    return EntryWords(
        f"{level} counts for it now", "It was bought after the report", "arrow-up", "green"
    )


def _converted(facts: Facts, name: LookUp) -> EntryWords:
    level = dict(Level.choices).get(str(facts.get("level")), "Support")
    return EntryWords(
        f"{level} covers it now", "Nothing covered it when it was reported", "check", "green"
    )


def _corrected(facts: Facts, name: LookUp) -> EntryWords:
    level = dict(Level.choices).get(str(facts.get("level")), "The right level")
    detail = "The contract was a mistake, and was put right"
    return EntryWords(f"{level} counts for it from the start", detail, "rotate-ccw", "warm")


def _moved(facts: Facts, name: LookUp) -> EntryWords:
    return EntryWords("The answer is due at another moment", _from_to(facts), "clock", "")


def _from_to(facts: Facts) -> str:
    """ "was 17 Jun 14:00 UTC, now 16 Jun 15:00 UTC"."""
    before, after = (_utc(facts.get(key)) for key in ("before", "after"))
    return f"was {before}, now {after}" if before and after else ""


def _utc(given: object) -> str:
    if not isinstance(given, str):
        return ""
    at = datetime.fromisoformat(given).astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def _rated(facts: Facts, name: LookUp) -> EntryWords:
    return EntryWords(f"The customer is satisfied {facts.get('score')} of 5", "", "star", "")


def _met(facts: Facts, name: LookUp) -> EntryWords:
    if facts.get("in_time", True):
        return EntryWords("Response target met", "", "check", "green")
    return EntryWords("Answered after the response target", "", "circle-alert", "red")


def _warned(facts: Facts, name: LookUp) -> EntryWords:
    detail = _alarmed(facts, name)
    return EntryWords(
        f"{facts.get('percent')} % of the response time had passed", detail, "bell", "warm"
    )


def _breached(facts: Facts, name: LookUp) -> EntryWords:
    detail = _alarmed(facts, name)
    return EntryWords("Response target breached", detail, "circle-alert", "red")


def _alarmed(facts: Facts, name: LookUp) -> str:
    """Who was notified; before there were policies, and without one, the same three always are."""
    said = "Owner, leads and account manager were notified"
    if "told" in facts:
        said = f"Told: {', '.join(name(one) for one in facts['told']) or 'nobody'}"
    if "called" not in facts:
        return said
    if facts["called"] is None:
        return f"{said}. Nobody on duty has a number that can be called"
    return f"{said}. Called: {name(facts['called'])}"


def _tier_warned(facts: Facts, name: LookUp) -> EntryWords:
    return EntryWords(f"{Tier(facts['tier']).label}'s own target nears its end", "", "bell", "")


def _tier_breached(facts: Facts, name: LookUp) -> EntryWords:
    detail = "Only we set ourselves this. The level and the leads were notified"
    return EntryWords(
        f"{Tier(facts['tier']).label}'s own target is over", detail, "circle-alert", "warm"
    )


def _because(text: str, icon: str) -> Writer:
    """The same words each time, with the reason below them."""
    return lambda facts, name: EntryWords(text, facts.get("reason", ""), icon)


def _always(text: str, icon: str = "circle-dot", tone: str = "") -> Writer:
    return lambda facts, name: EntryWords(text, "", icon, tone)


_WORDS: dict[str, Writer] = {
    "incident.filed": _filed,
    "incident.assigned": _assigned,
    "incident.answer_bounced": _came_back,
    "incident.answer_delayed": _always("An answer is delayed on its way", "mail-warning"),
    "incident.answer_taken_back": _taken_back,
    "incident.mail_suppressed": _because("A mail came that opened nothing", "mail"),
    "incident.bounce_unproven": _because("A delivery report came without proof", "mail-warning"),
    "incident.reported_by_mail": _always("Reported by mail as well, and decided again", "mail"),
    "incident.joined": _joined,
    "incident.left": _left,
    "incident.dispatched": _dispatched,
    "incident.accepted": _always("Its owner is on it", "user-round-check"),
    "incident.answered": _always("Answered", "message-square", "blue"),
    "incident.noted": _always("Internal note", "lock"),
    "incident.customer_wrote": _always("The customer wrote", "message-square"),
    "incident.state": _state,
    "incident.reopened": _always("Opened again", "rotate-ccw", "warm"),
    "incident.escalated": _escalated,
    "incident.given_back": _given_back,
    "incident.escalation_asked": _because("The customer asks for the next level", "arrow-up"),
    "incident.escalation_declined": _because("It stays at its level", "ban"),
    "incident.released": _because("Given back to the queue", "inbox"),
    "incident.priority": _priority,
    "incident.defect_linked": _defect_linked,
    "incident.defect_unlinked": _defect_unlinked,
    "incident.defect_fixed": _defect_fixed,
    "incident.defect_reopened": _defect_reopened,
    "incident.goodwill": _goodwill,
    "incident.goodwill_declined": _declined,
    "incident.converted": _converted,
    "incident.upgraded": _upgraded,
    "incident.corrected": _corrected,
    "incident.gold_elected": _always("The customer chose to spend a Gold incident", "star"),
    "incident.rated": _rated,
    "response_target.opened": _always("An answer is owed", "clock"),
    "response_target.moved": _moved,
    "response_target.met": _met,
    "response_target.abandoned": _always("No answer is owed any more"),
    "response_target.warned": _warned,
    "response_target.breached": _breached,
    "internal_target.warned": _tier_warned,
    "internal_target.breached": _tier_breached,
}


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
