"""A desk of any size, written straight into the tables: a bench, no story.

The rows have the columns and the mixture of a desk that runs for years; they do not come from the
actions, which would take an hour for as many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import connection

from accounts.enums import Role
from accounts.models import Assignment, Organisation, Person
from bench.tools.copies import multiply
from core import rls
from core.journal import label
from core.models import JournalEntry
from entitlements.actions.coverage import decide
from entitlements.enums import Channel, Edition, Level
from entitlements.models import CoverageDecision, Licence, Service, Subscription
from notices.models import Notice
from tickets.enums import MessageKind, Priority, State, Tier
from tickets.models import Handover, Incident, Message, ResponseTarget, TargetWarning

SEED = 20060403
YEARS_BACK = timedelta(days=1500)
BASE = 2000
CHUNK = 5000
BODY = "Since this morning clients are refused with `connection reset`; the log is below.\n" * 8
MODELS = (
    CoverageDecision,
    Incident,
    Handover,
    ResponseTarget,
    TargetWarning,
    Message,
    JournalEntry,
    Notice,
)
SUBJECTS = (
    "IMAP stops answering after the nightly backup",
    "Webmail shows an empty calendar",
    "Certificate renewal fails on the second node",
    "Outgoing queue grows, deliveries to one domain deferred",
    "Antispam marks newsletters of our own",
)


@dataclass
class Desk:
    """`largest` has one incident in twenty. `served` are the organisations of `assigned`."""

    at: datetime
    organisations: list[Organisation]
    licences: list[Licence]
    contacts: list[Person]
    engineer: Person
    assigned: Person
    beta: Person
    engineers: list[Person]
    service: Service
    decision: CoverageDecision
    count: int = 0
    random: Random = field(default_factory=lambda: Random(SEED))

    @property
    def contact(self) -> Person:
        """Of the organisation with the most incidents."""
        return self.contacts[0]


def open_desk(at: datetime, *, organisations: int = 200) -> Desk:
    """Customers with Premium, a contact each, and engineers; no incident yet."""
    customers = Organisation.objects.bulk_create(
        Organisation(name=f"Customer {n}", slug=f"customer-{n}", created_at=at)
        for n in range(organisations)
    )
    contacts = [
        _person(f"contact{n}", Role.CONTACT, at, organisation=one)
        for n, one in enumerate(customers)
    ]
    licences = add_licences(customers, at)
    engineers = [_person(f"ts1-{n}", Role.TS1, at) for n in range(10)]
    assigned = _person("ts1-assigned", Role.TS1, at)
    beta = _person("ts2", Role.TS2, at)
    Person.objects.bulk_create([*contacts, *engineers, assigned, beta])
    Assignment.objects.bulk_create(
        Assignment(person=assigned, organisation=one) for one in customers[:40]
    )
    service = Service.objects.get(key="troubleshooting")
    decision = decide(
        organisation=customers[0],
        licence=licences[0],
        project=None,
        service=service.key,
        channel=Channel.PORTAL,
        use_gold=False,
        at=at,
        save=False,
    )
    return Desk(
        at,
        customers,
        licences,
        contacts,
        engineers[0],
        assigned,
        beta,
        engineers,
        service,
        decision,
    )


def add_licences(
    owners: list[Organisation], at: datetime, *, each: int = 1, prefix: str = "AXI"
) -> list[Licence]:
    """Licences with three years of Premium around `at`, in yearly renewals."""
    licences = Licence.objects.bulk_create(
        (
            Licence(
                organisation=owner,
                key=f"{prefix}-{owner.pk}-{n}",
                edition=Edition.BUSINESS,
                registered_on=date(at.year - 2, 1, 1),
                price=Decimal(1000),
                made_at=at,
            )
            for owner in owners
            for n in range(each)
        ),
        batch_size=CHUNK,
    )
    Subscription.objects.bulk_create(
        (
            Subscription(
                organisation_id=one.organisation_id,
                licence=one,
                level=Level.PREMIUM,
                starts_on=date(year, 1, 1),
                ends_on=date(year + 1, 1, 1),
                price=Decimal(350),
                bought_at=at,
            )
            for one in licences
            for year in (at.year - 1, at.year, at.year + 1)
        ),
        batch_size=CHUNK,
    )
    return licences


def fill(desk: Desk, count: int, *, unfinished: float = 0.04, waiting: bool = True) -> None:
    """Add incidents until there are `count` (a multiple of `BASE`, when it is more).

    A part of them is `unfinished`; of these a third waits for the customer, unless `waiting` is
    False. The first are made one by one, the rest are copies of them.
    """
    assert count <= BASE or count % BASE == 0, f"{count} is no multiple of {BASE}"
    with rls.everything():
        _add(desk, min(count, BASE) - desk.count, unfinished, waiting)
        if count > BASE:
            multiply(MODELS, count // BASE)
    desk.count = count
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # what autovacuum does within a minute of real growth


def _add(desk: Desk, many: int, unfinished: float, waiting: bool) -> None:
    states = (State.NEW, State.OPEN, State.WAITING) if waiting else (State.NEW, State.OPEN)
    incidents = [_incident(desk, desk.count + n, unfinished, states) for n in range(many)]
    CoverageDecision.objects.bulk_create([one.decision for one in incidents])
    Incident.objects.bulk_create(incidents)
    Handover.objects.bulk_create(_handover(one, desk) for one in incidents if one.tier > 1)
    targets = ResponseTarget.objects.bulk_create(_target(one, desk) for one in incidents)
    TargetWarning.objects.bulk_create(w for one in targets for w in _warnings(one))
    Message.objects.bulk_create(m for one in incidents for m in _messages(one, desk))
    JournalEntry.objects.bulk_create(e for one in incidents for e in _journal(one))
    Notice.objects.bulk_create(_notice(one) for one in incidents)


def _person(name: str, role: str, at: datetime, **fields: object) -> Person:
    return Person(email=f"{name}@bench.example", name=name, role=role, joined_at=at, **fields)


def _incident(desk: Desk, n: int, unfinished: float, states: Sequence[State]) -> Incident:
    random = desk.random
    place = 0 if random.random() < 0.05 else random.randrange(len(desk.organisations))
    is_open = random.random() < unfinished
    back = timedelta(days=2) if is_open else YEARS_BACK
    received_at = desk.at - timedelta(hours=1) - back * random.random()
    state = random.choice(states) if is_open else State.CLOSED
    decision = CoverageDecision(
        organisation=desk.organisations[place],
        licence=desk.licences[place],
        service=desk.service.key,
        channel=Channel.PORTAL,
        level=desk.decision.level,
        considered_facts=desk.decision.considered_facts,
        at=received_at,
    )
    return Incident(
        number=f"AX-2026-{n:06d}",
        organisation=desk.organisations[place],
        reporter=desk.contacts[place],
        licence=desk.licences[place],
        service=desk.service,
        decision=decision,
        channel=Channel.PORTAL,
        priority=random.choice(Priority.values),
        subject=f"{random.choice(SUBJECTS)} ({n})",
        state=state,
        tier=random.choices(Tier.values, (85, 12, 3))[0],
        owner=None if state == State.NEW else random.choice(desk.engineers),
        received_at=received_at,
        solved_at=None if is_open else received_at + timedelta(hours=20),
        closed_at=None if is_open else received_at + timedelta(days=8),
    )


def _target(incident: Incident, desk: Desk) -> ResponseTarget:
    """Open, due within a day from now on, for what is new or open; else met in time."""
    level = incident.decision.level
    assert level is not None
    owed = incident.state in (State.NEW, State.OPEN)
    due_at = incident.received_at + level.response_time
    if owed:
        due_at = desk.at + timedelta(hours=12) * (1 + desk.random.random())
    return ResponseTarget(
        organisation_id=incident.organisation_id,
        incident=incident,
        cycle=1,
        level=level,
        calendar=level.calendar,
        target=level.response_time,
        opened_at=incident.received_at,
        due_at=due_at,
        met_at=None if owed else incident.received_at + timedelta(minutes=40),
        met_by=None if owed else incident.owner,
    )


def _warnings(target: ResponseTarget) -> list[TargetWarning]:
    return [
        TargetWarning(
            organisation_id=target.organisation_id,
            target=target,
            percent=percent,
            due_at=target.due_at - timedelta(minutes=100 - percent),
            skipped_at=target.met_at,
        )
        for percent in (75, 90)
    ]


def _handover(incident: Incident, desk: Desk) -> Handover:
    return Handover(
        organisation_id=incident.organisation_id,
        incident=incident,
        from_tier=incident.tier - 1,
        to_tier=incident.tier,
        reason="It needs the debugger.",
        tried="A restart, and a new certificate.",
        reproduction="Sign in with 200 sessions at once.",
        environment="AXIGEN 10.5 on Debian 12.",
        by=desk.engineer,
        at=incident.received_at + timedelta(minutes=50),
    )


def _messages(incident: Incident, desk: Desk) -> list[Message]:
    said = [(MessageKind.REPORT, incident.reporter)]
    if incident.owner is not None:
        said += [(MessageKind.ANSWER, incident.owner), (MessageKind.REPORT, incident.reporter)]
    return [
        Message(
            organisation_id=incident.organisation_id,
            incident=incident,
            author=author,
            kind=kind,
            body=BODY,
            sent_at=incident.received_at + timedelta(minutes=40 * place),
        )
        for place, (kind, author) in enumerate(said)
    ]


def _journal(incident: Incident) -> list[JournalEntry]:
    return [
        JournalEntry(
            at=incident.received_at,
            kind=kind,
            subject=label(incident),
            organisation_id=incident.organisation_id,
            by=incident.reporter,
            facts={"number": incident.number},
        )
        for kind in ("incident.filed", "response_target.opened")
    ]


def _notice(incident: Incident) -> Notice:
    return Notice(
        key=f"filed:{incident.pk}",
        to=incident.reporter,
        organisation_id=incident.organisation_id,
        subject=label(incident),
        template="incident_filed",
        context={"number": incident.number, "subject": incident.subject},
        made_at=incident.received_at,
        next_at=incident.received_at,
        sent_at=incident.received_at + timedelta(seconds=5),
    )
