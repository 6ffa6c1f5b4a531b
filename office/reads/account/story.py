"""Everything that happened with a customer, as a time line: from the journal, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import Organisation, Person
from core.kinds import people_in, words_of
from core.models import JournalEntry
from core.paging import Slice, slice_of
from office.models import AccountNote
from tickets.models import Incident

PAGE = 40

# What each choice of the time line shows: kinds of the journal.
SUBJECTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "contracts": (
        "Contracts",
        (
            *("subscription.bought", "subscription.received", "subscription.cancelled"),
            *("subscription.corrected", "subscription.upgraded", "subscription.downgraded"),
            *("subscription.void", "subscription.transferred", "pack.bought", "pack.received"),
            *("pack.adjusted", "pack.expired", "licence.registered", "licence.confirmed"),
            *("licence.declined", "licence.received", "licence.transferred", "golive.opened"),
            *("technical_contract.signed", "technical_contract.ended_early"),
            *("order.placed", "order.paid", "order.cancelled"),
        ),
    ),
    "incidents": (
        "Incidents",
        (
            *("incident.filed", "incident.solution", "incident.escalated", "incident.reopened"),
            *("incident.rated", "incident.outside", "incident.merged"),
            *("incident.escalation_asked", "response_target.breached"),
        ),
    ),
    "reports": ("Reports", ("report.issued", "report.revised")),
    "calls": ("Calls", ("incident.called", "call_back.asked", "call_back.done")),
    "notes": ("Notes", ("account.noted", "account.step_done", "account.review_planned")),
    "people": (
        "People",
        (
            *("organisation.made", "organisation.changed", "organisation.partner"),
            *("organisation.tam_left", "person.added", "person.role", "person.deactivated"),
            *("invitation.accepted", "invitation.made"),
        ),
    ),
}
EVERYTHING = tuple(kind for _, kinds in SUBJECTS.values() for kind in kinds)


@dataclass(frozen=True)
class Line:
    """One line. `number`, `subject` name the incident that it is about; `note` is a note's."""

    at: datetime
    text: str
    detail: str
    actor: str
    icon: str
    tone: str
    number: str = ""
    subject: str = ""
    note: AccountNote | None = None


@dataclass(frozen=True)
class Story:
    page: Slice[JournalEntry]
    lines: Sequence[Line]
    chosen: str


def story_of(organisation: Organisation, *, asked: str | None, subject: str = "") -> Story:
    """A page of it, the newest first; five statements at most."""
    chosen = subject if subject in SUBJECTS else ""
    kinds = SUBJECTS[chosen][1] if chosen else EVERYTHING
    entries = JournalEntry.objects.filter(organisation=organisation, kind__in=kinds)
    page = slice_of(entries.select_related("by").order_by("-at", "-pk"), asked, size=PAGE)
    return Story(page, _lines(organisation, page.rows), chosen)


def _lines(organisation: Organisation, entries: Sequence[JournalEntry]) -> list[Line]:
    incidents, notes, names = _incidents(entries), _notes(organisation, entries), _names(entries)
    lines = []
    for one in entries:
        said = words_of(one, lambda pk: names.get(pk, "nobody"))
        incident = incidents.get(_key(one, "tickets.incident"))
        note = notes.get(one.facts.get("note")) if one.kind.startswith("account.") else None
        lines.append(
            Line(
                one.at,
                said.text,
                said.detail,
                str(one.by or ""),
                said.icon,
                said.tone,
                incident.number if incident else "",
                incident.subject if incident else "",
                note if one.kind == "account.noted" else None,
            )
        )
    return lines


def _key(entry: JournalEntry, name: str) -> int:
    """Of what the entry is about, where that is such a thing; else 0."""
    model, _, key = entry.subject.partition(":")
    return int(key) if model == name and key.isdigit() else 0


def _incidents(entries: Iterable[JournalEntry]) -> dict[int, Incident]:
    keys = {_key(one, "tickets.incident") for one in entries} - {0}
    found = Incident.objects.filter(pk__in=keys).only("number", "subject") if keys else ()
    return {one.pk: one for one in found}


def _notes(organisation: Organisation, entries: Iterable[JournalEntry]) -> dict[int, AccountNote]:
    keys = {one.facts.get("note") for one in entries if one.kind == "account.noted"} - {None}
    if not keys:
        return {}
    return AccountNote.objects.filter(organisation=organisation).in_bulk(list(keys))


def _names(entries: Sequence[JournalEntry]) -> dict[int, str]:
    people = people_in(entries)
    found = Person.objects.filter(pk__in=people) if people else Person.objects.none()
    return dict(found.values_list("pk", "name"))


def open_steps(organisation: Organisation) -> list[AccountNote]:
    """What is still to be done, the first due first."""
    steps = AccountNote.objects.filter(
        Q(done_at=None), organisation=organisation, next_on__isnull=False
    )
    return list(steps.select_related("by").order_by("next_on", "pk")[:50])
