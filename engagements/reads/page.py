"""What the page of one engagement shows, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch

from accounts.models import Person
from core.journal import entries_of
from core.kinds import EntryWords, people_in, words_of
from engagements.enums import Verdict
from engagements.models import (
    Document,
    DocumentVersion,
    Engagement,
    Member,
    Message,
    Phase,
    Promise,
    Risk,
    Task,
)
from engagements.reads.bases import local_day
from engagements.reads.lights import Shown, lights_of
from engagements.rules.timeline import Drawing, Row, draw
from engagements.text.eligibility import chosen_in_words
from engagements.text.light import task_in_words

ENTRIES = 40  # of the journal, the newest

# What customers read of the journal: what was done, not how we talk about it.
# Of a planning the customer reads what was handed over (N8), and so of the paper's entry alone.
_HIDDEN = (
    "engagement.risk_noted",
    "engagement.risk_closed",
    "engagement.said",
    "golive.planned",
)
_OF_TASKS = ("engagement.task_added", "engagement.task_done")  # internal ones are the team's


@dataclass(frozen=True)
class PhaseRow:
    phase: Phase
    tasks: Sequence[Task]
    tone: str
    days_late: int

    @property
    def done(self) -> int:
        return sum(one.done_at is not None for one in self.tasks)

    @property
    def slipped(self) -> int:
        """Days by which the plan ends later than the baseline."""
        return (self.phase.ends_on - self.phase.baseline_ends_on).days


@dataclass(frozen=True)
class DocumentRow:
    document: Document
    newest: DocumentVersion
    older: Sequence[DocumentVersion]

    @property
    def waits(self) -> bool:
        """For the customer's verdict."""
        return self.document.needs_acceptance and not self.newest.verdict

    @property
    def tone(self) -> str:
        if not self.document.needs_acceptance:
            return ""
        return {Verdict.ACCEPTED: "badge-green", Verdict.SENT_BACK: "badge-red"}.get(
            Verdict(self.newest.verdict) if self.newest.verdict else None,  # type: ignore[arg-type]
            "badge-warm",
        )


@dataclass(frozen=True)
class Entry:
    words: EntryWords
    at: datetime
    by: Person | None


@dataclass(frozen=True)
class EngagementPage:
    engagement: Engagement
    today: date
    light: Shown | None
    phases: Sequence[PhaseRow]
    drawing: Drawing | None
    documents: Sequence[DocumentRow]
    messages: Sequence[Message]
    members: Sequence[Member]
    risks: Sequence[Risk]
    promises: Sequence[Promise]
    journal: Sequence[Entry]
    allowed_by: str
    asked: Sequence[Task] = field(default=())  # of the customer, not done yet


def page_of(engagement: Engagement, reader: Person, *, at: datetime) -> EngagementPage:
    """For `reader`, who may see it; about twelve queries."""
    today = local_day(engagement.organisation, at)
    phases = _phases(engagement, reader, today)
    theirs = {engagement.pk: [one.phase for one in phases]}
    risks = Risk.objects.filter(engagement=engagement, closed_at=None).order_by("-pk")
    messages = Message.objects.visible_to(reader).filter(engagement=engagement)
    members = Member.objects.filter(engagement=engagement).select_related("person")
    promises = Promise.objects.open().filter(engagement=engagement, phase=None, task=None)
    return EngagementPage(
        engagement=engagement,
        today=today,
        light=lights_of([engagement], at=at, phases=theirs, for_customer=reader.is_customer).get(
            engagement.pk
        ),
        phases=phases,
        drawing=draw([_row(one) for one in phases], today=today),
        documents=_documents(engagement),
        messages=list(messages.select_related("author").prefetch_related("files")),
        members=list(members),
        risks=list(risks.filter(is_shown=True) if reader.is_customer else risks),
        promises=list(promises),
        journal=_journal(engagement, reader),
        allowed_by=chosen_in_words(engagement.basis),
        asked=[
            task
            for one in phases
            for task in one.tasks
            if task.for_customer and task.done_at is None
        ]
        if engagement.is_open
        else [],
    )


def _phases(engagement: Engagement, reader: Person, today: date) -> list[PhaseRow]:
    tasks = Task.objects.filter(engagement=engagement).select_related("person", "done_by")
    if reader.is_customer:
        tasks = tasks.filter(is_internal=False)
    by_phase: dict[int, list[Task]] = defaultdict(list)
    for task in tasks:
        by_phase[task.phase_id].append(task)
    return [
        PhaseRow(phase, by_phase[phase.pk], _tone(phase, today), _late(phase, today))
        for phase in Phase.objects.filter(engagement=engagement)
    ]


def _late(phase: Phase, today: date) -> int:
    return max(0, (today - phase.ends_on).days) if phase.finished_on is None else 0


def _tone(phase: Phase, today: date) -> str:
    if phase.finished_on is not None:
        return "done"
    if _late(phase, today):
        return "late"
    return "now" if phase.began_on is not None else "ahead"


def _row(one: PhaseRow) -> Row:
    phase = one.phase
    return Row(
        phase.name,
        phase.began_on or phase.starts_on,
        max(phase.finished_on or phase.ends_on, phase.began_on or phase.starts_on),
        phase.baseline_starts_on,
        phase.baseline_ends_on,
        one.tone,
    )


def _documents(engagement: Engagement) -> list[DocumentRow]:
    versions = DocumentVersion.objects.order_by("-number").select_related("made_by")
    rows = Document.objects.filter(engagement=engagement)
    found = []
    for document in rows.prefetch_related(Prefetch("versions", versions)):
        newest, *older = document.versions.all()
        found.append(DocumentRow(document, newest, older))
    return found


def _journal(engagement: Engagement, reader: Person) -> list[Entry]:
    """The newest first."""
    found = entries_of(engagement).order_by("-at", "-pk")
    if reader.is_customer:
        found = found.exclude(kind__in=_HIDDEN)
        ours = list(Task.objects.filter(engagement=engagement, is_internal=True))
        if ours:
            tasks, late = [one.pk for one in ours], [task_in_words(one.title) for one in ours]
            found = found.exclude(kind__in=_OF_TASKS, facts__task__in=tasks)
            found = found.exclude(kind="engagement.late", facts__name__in=late)
    entries = list(found[:ENTRIES])
    names = _names(people_in(entries))

    def name(pk: Any) -> str:
        return names.get(pk, "somebody")

    return [Entry(words_of(one, name), one.at, one.by) for one in entries]


def _names(people: set[int]) -> dict[int, str]:
    if not people:
        return {}
    return {one.pk: str(one) for one in Person.objects.filter(pk__in=people)}
