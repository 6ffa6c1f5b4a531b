"""Which canned answers fit an incident, filled in for it, with what each would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.dateformat import format as in_words

from accounts.models import Person
from resources.models import Defect
from tickets.enums import MeantFor, Priority, State
from tickets.models import CannedAnswer, Incident
from tickets.rules.canned import PLACEHOLDERS, fill
from tickets.rules.tags import changes_of

OFFERED = 10
_LEAVES = {
    State.OPEN: "Then we go on working on it.",
    State.WAITING: "Then it waits for the customer.",
    State.SOLVED: "Then it is solved.",
}


@dataclass(frozen=True)
class CannedRow:
    """One that fits, as the picker shows it."""

    canned: CannedAnswer
    text: str
    does: tuple[str, ...]
    missing: tuple[str, ...]

    def shown(self) -> dict[str, Any]:
        one = self.canned
        return {
            "id": one.pk,
            "title": one.title,
            "note": MeantFor(one.meant_for).label,
            "text": self.text,
            "then": one.then,
            "does": list(self.does),
            "missing": list(self.missing),
            "acts": one.acts,
        }


def canned_rows(incident: Incident, person: Person, words: str) -> list[CannedRow]:
    """Those that this person may use and that fit service and level, in one query.

    The ones whose title begins with the words come first.
    """
    level = incident.decision.level.level if incident.decision.level else ""
    found = CannedAnswer.objects.usable_by(person).fitting(incident.service.key, level)
    for word in words.split():
        found = found.filter(Q(title__icontains=word) | Q(text__icontains=word))
    first = words.casefold()
    rows = sorted(found, key=lambda one: (not one.title.casefold().startswith(first), one.title))
    facts = facts_of(incident, person)
    return [_row(one, incident, person, facts) for one in rows[:OFFERED]]


def facts_of(incident: Incident, person: Person) -> dict[str, str]:
    """The value of each placeholder for this incident; moments in the reporter's zone."""
    reporter, level, defect = incident.reporter, incident.decision.level, incident.defect
    return {
        "reporter.name": reporter.name,
        "reporter.first_name": _first(reporter.name),
        "organisation.name": incident.organisation.name,
        "incident.number": incident.number,
        "incident.subject": incident.subject,
        "incident.service": incident.service.name,
        "incident.limits": incident.service.limits.strip(),
        "incident.level": level.get_level_display() if level else "",
        "incident.product": incident.product,
        "incident.version": incident.version,
        "incident.due": _moment(incident.due_at, reporter.timezone) if incident.due_at else "",
        "defect.number": defect.number if defect else "",
        "defect.title": defect.title if defect else "",
        "defect.workaround": defect.workaround if defect else "",
        "defect.fixed_in": defect.fixed_in if defect else "",
        "engineer.name": person.name,
        "engineer.first_name": _first(person.name),
        "desk.name": f"{settings.VENDOR['name']} {settings.VENDOR['desk']}",
    }


def _row(one: CannedAnswer, incident: Incident, person: Person, facts: dict[str, str]) -> CannedRow:
    filled = fill(one.text, facts)
    does = [_LEAVES[State(one.then)]] if one.then else []
    if one.priority is not None and one.priority != incident.priority:
        does.append(f"The priority becomes {Priority(one.priority).label}.")
    if one.takes and incident.owner_id != person.pk:
        does.append("It becomes yours.")
    added, taken = changes_of(one.tags)
    if added:
        does.append(f"It is tagged {', '.join(added)}.")
    if taken:
        does.append(f"The tag {', '.join(taken)} goes.")
    missing = tuple(f"No value for {PLACEHOLDERS[name]}: fill it in." for name in filled.missing)
    return CannedRow(one, filled.text, tuple(does), missing)


def _moment(at: datetime, timezone: str) -> str:
    return f"{in_words(at.astimezone(ZoneInfo(timezone)), 'l j F, H:i')} ({timezone})"


def _first(name: str) -> str:
    return name.split()[0] if name.split() else ""


# Until managers keep one of their own (`CannedAnswer.is_for_limits`).
LIMITS = """Dear {{ reporter.first_name|customer }},

we looked into {{ incident.number }}. What causes it lies outside our product, and outside the \
limits of our support. For this service they are:

{{ incident.limits|Third-party applications, network products, operating systems.}}

The maker of what is concerned can help you further. If you see it differently, write on this \
incident: it is open again then.

Kind regards,
{{ engineer.name }}"""


def limits_text(incident: Incident, person: Person) -> str:
    """What the customer reads where it is outside the limits, filled in; one query.

    The managers' own text, that of this service and level before one for all.
    """
    level = incident.decision.level.level if incident.decision.level else ""
    kept = CannedAnswer.objects.usable_by(person).fitting(incident.service.key, level)
    fits = sorted(
        kept.filter(is_for_limits=True),
        key=lambda one: (not one.services, not one.levels, one.meant_for != MeantFor.ME, -one.pk),
    )
    text = fits[0].text if fits else LIMITS
    return fill(text, facts_of(incident, person)).text


_KNOWN = """Dear {{ reporter.first_name|customer }},

your incident {{ incident.number }} comes from a defect of the product that we know, \
{{ defect.number }}: {{ defect.title }}."""
_HELPS = """

Until it is fixed, this helps:

{{ defect.workaround }}"""
_FIXED = """

It is fixed in {{ defect.fixed_in }}. Please install that build, and tell us whether it is gone."""
_SIGN = """

Kind regards,
{{ engineer.name }}"""


def draft_for(defect: Defect) -> str:
    """How an answer to all who have a defect begins: with what helps, as far as it is known."""
    helps = _HELPS if defect.workaround and not defect.fixed_in else ""
    return _KNOWN + helps + (_FIXED if defect.fixed_in else "") + _SIGN
