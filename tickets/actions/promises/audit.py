"""The nightly audit: every verdict is told again from the journal and the messages (A1, C7).

It corrects nothing. What the rows say otherwise goes to the journal and to the managers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from accounts.enums import CUSTOMER_ROLES, Role
from accounts.models import Person
from core.journal import entry, label, record_all
from core.models import JournalEntry
from entitlements.reads.current import working_calendar
from notices.outbox import notify
from tickets.enums import MessageKind
from tickets.models import Incident, Message, ResponseTarget
from tickets.rules.promises import retelling as verdicts
from tickets.rules.promises.retelling import Answer, Difference, Event, Verdict

logger = structlog.get_logger(__name__)

BATCH = 500  # incidents at a time
NAMED = 20  # of the incidents with differences, in the notice

# Targets whose row and journal do not name the same moments: closed ones must never change (C7),
# and whatever was opened stands in the journal. One pass over both, however old they are.
_ESTRANGED = """
    SELECT DISTINCT target.incident_id FROM tickets_responsetarget target
    WHERE NOT EXISTS (
        SELECT FROM core_journalentry entry
        WHERE entry.subject = 'tickets.incident:' || target.incident_id
        AND entry.kind = 'response_target.opened' AND entry.at = target.opened_at)
    OR (target.met_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM core_journalentry entry
        WHERE entry.subject = 'tickets.incident:' || target.incident_id
        AND entry.kind = 'response_target.met' AND entry.at = target.met_at
        AND entry.by_id = target.met_by_id))
    OR (target.abandoned_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM core_journalentry entry
        WHERE entry.subject = 'tickets.incident:' || target.incident_id
        AND entry.kind = 'response_target.abandoned' AND entry.at = target.abandoned_at))
    OR (target.breach_noted_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM core_journalentry entry
        WHERE entry.subject = 'tickets.incident:' || target.incident_id
        AND entry.kind = 'response_target.breached' AND entry.at = target.due_at))
    ORDER BY target.incident_id
"""


@dataclass(frozen=True)
class Found:
    """What an audit of one day came to. `fresh` differences were not known before."""

    day: date
    targets: int
    incidents: int
    differences: int
    fresh: int


@transaction.atomic
def audit(day: date, *, at: datetime) -> Found:
    """Compare each verdict of `day` (UTC) with its story; journal and tell what differs.

    Looked at are the incidents with a target that was opened, due, met, abandoned or noted as
    breached on that day, and those with any target, however old, that the journal tells otherwise.
    A batch asks as often for one as for five hundred. Safe to repeat: a difference is journaled
    once, and the managers are notified once a day audited.
    """
    incidents = _incidents_of(day)
    targets = differences = 0
    fresh: list[JournalEntry] = []
    differing: list[str] = []
    for start in range(0, len(incidents), BATCH):
        looked, found = _compared(incidents[start : start + BATCH], at=at)
        targets += looked
        differences += sum(len(those) for those in found.values())
        differing += [incident.number for incident in found]
        fresh += _journaled(found, day, at=at)
    if differing:
        _notify(day, differing, differences, at=at)
    return Found(day, targets, len(incidents), differences, len(fresh))


def _incidents_of(day: date) -> list[int]:
    since = datetime.combine(day, time(), UTC)
    names = ("opened_at", "due_at", "met_at", "abandoned_at", "breach_noted_at")
    that_day = Q()
    for name in names:
        that_day |= Q(**{f"{name}__gte": since, f"{name}__lt": since + timedelta(days=1)})
    of_day = ResponseTarget.objects.filter(that_day).values_list("incident_id", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(_ESTRANGED)
        estranged = {row[0] for row in cursor.fetchall()}
    return sorted(estranged.union(of_day))


def _compared(pks: list[int], *, at: datetime) -> tuple[int, dict[Incident, list[Difference]]]:
    """How many targets these incidents have, and what differs, in four queries.

    What differs is locked and asked again: it may have changed between two of the queries.
    """
    targets, found = _differences(pks, at=at)
    suspects = [incident.pk for incident, those in found.items() if those]
    if not suspects:
        return targets, {}
    locked = Incident.objects.select_for_update().filter(pk__in=suspects).order_by("pk")
    _, found = _differences([incident.pk for incident in locked], at=at)
    return targets, {incident: those for incident, those in found.items() if those}


def _differences(pks: list[int], *, at: datetime) -> tuple[int, dict[Incident, list[Difference]]]:
    incidents = Incident.objects.in_bulk(pks)
    rows: dict[int, list[ResponseTarget]] = defaultdict(list)
    of_these = ResponseTarget.objects.filter(incident__in=pks).order_by("incident", "cycle")
    for target in of_these.select_related("calendar"):
        rows[target.incident_id].append(target)
    answers = _answers(pks)
    happened = _happened(incidents)
    found = {
        incident: list(_told_apart(rows[pk], happened[pk], answers[pk], at=at))
        for pk, incident in incidents.items()
    }
    return sum(map(len, rows.values())), found


def _answers(pks: list[int]) -> dict[int, list[Answer]]:
    said = Message.objects.filter(incident__in=pks, kind=MessageKind.ANSWER)
    people = said.exclude(author__role__in=CUSTOMER_ROLES)
    found: dict[int, list[Answer]] = defaultdict(list)
    for incident, pk, author, sent_at in people.values_list(
        "incident_id", "pk", "author_id", "sent_at"
    ):
        assert author is not None, "an answer has an author"
        found[incident].append(Answer(pk, author, sent_at))
    return found


def _happened(incidents: dict[int, Incident]) -> dict[int, list[Event]]:
    subjects = {label(incident): pk for pk, incident in incidents.items()}
    entries = JournalEntry.objects.filter(subject__in=subjects, kind__in=verdicts.KINDS)
    found: dict[int, list[Event]] = defaultdict(list)
    for subject, *event in entries.order_by("pk").values_list(
        "subject", "kind", "at", "by_id", "facts"
    ):
        found[subjects[subject]].append(Event(*event))
    return found


def _told_apart(
    rows: list[ResponseTarget],
    happened: list[Event],
    answers: list[Answer],
    *,
    at: datetime,
) -> Iterator[Difference]:
    yield from verdicts.unjournaled(happened, answers)
    story = verdicts.retold(happened, answers)
    if len(rows) != len(story):
        yield Difference(0, "targets", str(len(rows)), str(len(story)))
        return
    for target, proven in zip(rows, story, strict=True):
        calendar = working_calendar(target.calendar)
        yield from verdicts.compare(
            target.cycle,
            _verdict_of(target),
            proven,
            counted_due_at=calendar.due(target.counted_from_at or target.opened_at, target.target),
            looked_at=at - verdicts.GRACE,
        )


def _verdict_of(target: ResponseTarget) -> Verdict:
    return Verdict(
        target.opened_at,
        target.due_at,
        target.met_at,
        target.met_by_id,
        target.abandoned_at,
        target.breach_noted_at,
    )


def _journaled(
    found: dict[Incident, list[Difference]], day: date, *, at: datetime
) -> list[JournalEntry]:
    """The differences that the journal did not have yet, written to it."""
    if not found:
        return []
    subjects = [label(incident) for incident in found]
    before = JournalEntry.objects.filter(subject__in=subjects, kind=verdicts.DIFFERENCE)
    known = {(one.subject, *_key(one.facts)) for one in before}
    fresh = [
        entry(verdicts.DIFFERENCE, incident, at=at, by=None, rule="C7", day=day, **asdict(one))
        for incident, those in found.items()
        for one in those
        if (label(incident), *_key(asdict(one))) not in known
    ]
    record_all(fresh)
    for one in fresh:
        logger.error("audit difference", subject=one.subject, **one.facts)
    return fresh


def _key(facts: dict[str, object]) -> tuple[object, ...]:
    return tuple(facts.get(name) for name in ("cycle", "what", "stored", "proven"))


def _notify(day: date, numbers: list[str], differences: int, *, at: datetime) -> None:
    notify(
        Person.objects.active().filter(role=Role.MANAGER),
        "audit_differs",
        key=f"audit:{day}",
        at=at,
        day=str(day),
        differences=differences,
        incidents=numbers[:NAMED],
        more=max(0, len(numbers) - NAMED),
        url=f"{settings.SITE_URL}/admin/journal/?kind={verdicts.DIFFERENCE}",
    )
