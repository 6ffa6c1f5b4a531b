"""Who worked on what: messages and notes, hand-overs, calls, and what was done without a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.enums import CUSTOMER_ROLES, Role
from accounts.models import Person
from core.journal import label
from core.models import JournalEntry
from reports.reads.past import Cut
from reports.rules.content import PersonRow
from telephone.models import Call
from tickets.enums import MessageKind
from tickets.models import Handover, Incident, Message

# What people do to an incident that leaves no message, hand-over or call. Who only gave it to
# somebody else did not work on it.
_DEEDS = (
    "incident.state",
    "incident.reopened",
    "incident.goodwill",
    "incident.priority",
    "incident.accepted",
    "incident.defect_linked",
    "incident.escalation_declined",
)


@dataclass(frozen=True)
class Step:
    """Something that a person did on an incident. `is_answer`: a human's public answer (C8)."""

    incident: int
    person: int
    at: datetime
    is_public: bool = False
    is_answer: bool = False


@dataclass(frozen=True)
class Work:
    """All steps on some incidents before a cut-off, and who took them, as they were then."""

    steps: Mapping[int, Sequence[Step]]  # by incident, oldest first
    people: Mapping[int, tuple[str, str]]  # name, role

    def answered(self, incident: int) -> bool:
        return any(one.is_answer for one in self.steps.get(incident, ()))

    def vendor_names(self, incident: int) -> tuple[str, ...]:
        """Those of the vendor or its partner, in the order in which they came to it."""
        seen = dict.fromkeys(one.person for one in self.steps.get(incident, ()))
        known = (self.people[pk] for pk in seen if pk in self.people)
        return tuple(dict.fromkeys(name for name, role in known if role not in CUSTOMER_ROLES))


def work_on(incidents: Collection[int], cut: Cut) -> Work:
    """In six queries, however many incidents. The caller has read them through the walls."""
    steps = [*_said(incidents, cut), *_moved(incidents, cut), *_called(incidents, cut)]
    known = {(one.incident, one.person, one.at) for one in steps}
    steps += [
        one
        for one in _done(incidents, cut)
        if (one.incident, one.person, one.at) not in known  # an answer that solves is one step
    ]
    found: dict[int, list[Step]] = defaultdict(list)
    for step in sorted(steps, key=lambda one: one.at):
        found[step.incident].append(step)
    return Work(found, people_then({one.person for one in steps}, cut.end))


def people_of(
    work: Work, numbers: Mapping[int, str], bounds: tuple[datetime, datetime]
) -> tuple[PersonRow, ...]:
    """Everybody who took a step in the month, of either side, the busiest writer first."""
    taken: dict[int, list[Step]] = defaultdict(list)
    for steps in work.steps.values():
        for one in steps:
            if bounds[0] <= one.at < bounds[1] and one.person in work.people:
                taken[one.person].append(one)
    rows = [_row(*work.people[person], steps, numbers) for person, steps in sorted(taken.items())]
    return tuple(sorted(rows, key=lambda one: (-one.answers, one.name)))


def _row(name: str, role: str, steps: Sequence[Step], numbers: Mapping[int, str]) -> PersonRow:
    public = sum(one.is_public for one in steps)
    return PersonRow(
        name=name,
        role=str(Role(role).label),
        incidents=tuple(sorted({numbers[one.incident] for one in steps})),
        answers=public,
        steps=len(steps) - public,
    )


def _said(incidents: Collection[int], cut: Cut) -> Iterable[Step]:
    """An answer that had come back from everybody by then was work, and no answer (C8)."""
    said = Message.objects.filter(incident__in=incidents, sent_at__lt=cut.end, author__isnull=False)
    for incident, author, kind, at, back_at in (
        said.exclude(kind=MessageKind.AUTOMATIC)
        .order_by("sent_at", "pk")
        .values_list("incident_id", "author_id", "kind", "sent_at", "taken_back_at")
    ):
        assert author is not None
        heard = back_at is None or back_at >= cut.known_at
        is_answer = kind == MessageKind.ANSWER and heard
        yield Step(incident, author, at, is_answer or kind == MessageKind.REPORT, is_answer)


def _moved(incidents: Collection[int], cut: Cut) -> Iterable[Step]:
    moved = Handover.objects.filter(incident__in=incidents, at__lt=cut.end)
    for incident, person, at in moved.values_list("incident_id", "by_id", "at"):
        yield Step(incident, person, at)


def _called(incidents: Collection[int], cut: Cut) -> Iterable[Step]:
    called = Call.objects.filter(incident__in=incidents, logged_at__lt=cut.end)
    for incident, person, at in called.values_list("incident_id", "by_id", "logged_at"):
        assert incident is not None
        yield Step(incident, person, at)


def _done(incidents: Collection[int], cut: Cut) -> Iterable[Step]:
    subjects = {label(Incident(pk=pk)): pk for pk in incidents}
    entries = JournalEntry.objects.filter(
        subject__in=list(subjects), kind__in=_DEEDS, at__lt=cut.end, by__isnull=False
    )
    for subject, person, at in entries.order_by("at", "pk").values_list("subject", "by_id", "at"):
        assert person is not None
        yield Step(subjects[subject], person, at)


def people_then(pks: Collection[int], at: datetime) -> dict[int, tuple[str, str]]:
    """Name and role as they were at `at` (F1)."""
    now = Person.objects.filter(pk__in=pks).values_list("pk", "name", "role")
    subjects = {label(Person(pk=pk)): pk for pk in pks}
    changes = JournalEntry.objects.filter(
        subject__in=list(subjects),
        at__gte=at,
        kind__in=("person.role", "person.changed", "person.profile"),
    )
    before: dict[int, dict[str, str]] = defaultdict(dict)
    for subject, facts in changes.order_by("at", "pk").values_list("subject", "facts"):
        was = facts.get("before")
        fields = was if isinstance(was, dict) else {"role": was} if was else {}
        before[subjects[subject]] = fields | before[subjects[subject]]  # the first stands
    return {
        pk: (before[pk].get("name", name), before[pk].get("role", role)) for pk, name, role in now
    }
