"""Reports for the tests: one of everything, the least, and far too much."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reports.rules import figures as counting
from reports.rules.content import (
    Comment,
    GoldPack,
    IncidentRow,
    LevelHeld,
    Manager,
    PersonRow,
    ReportContent,
    Satisfaction,
    TargetRow,
    TrendMonth,
    Vendor,
    WeekCount,
)
from reports.rules.engaged import (
    ContractRow,
    Engaged,
    EngagementRow,
    FindingRow,
    PaperRow,
    Trainee,
    TrainingRow,
    VisitDay,
)
from reports.rules.months import Month

FIRST_OF_OCTOBER = datetime(2026, 10, 1, 6, 0, tzinfo=UTC)
COMPUTED = datetime(2026, 11, 2, 7, 45, tzinfo=UTC)
BOUNDS = Month.parse("2026-10").bounds("Europe/Bucharest")
HOUR = 3600

VENDOR = Vendor(
    name="AXIGEN",
    address=("Str. Exemplului 1", "010101 București, România"),
    support_address="support@axigen.example",
    phone="+40 21 555 0100",
    web="https://www.axigen.example",
)
SUBJECTS = (
    "IMAP stops answering after the nightly backup",
    "Καθυστέρηση στην παράδοση μηνυμάτων προς εξωτερικούς παραλήπτες",
    "Ошибка входа в веб-почту после обновления сертификата",
    "Fișierele atașate se pierd când numele conține „ș” și „ț”",
    "Migration of 1,200 mailboxes from another server stalls at the calendar folders, and the "
    "import log repeats the same warning for every shared calendar that has an owner who left",
    "Outlook asks for the password again and again",
    "Could not connect: "
    "https://mail.example/a/very/long/address/without/any/blank/that/must/be/broken/somewhere?x=1",
    "תעודת האבטחה של שרת הדואר (IMAP) פגה אתמול",
)


def make_target(n: int = 1, **fields: object) -> TargetRow:
    """The answer to the report of incident `n`: within about an hour of six, in working time."""
    opened_at = FIRST_OF_OCTOBER + timedelta(hours=7 * n)
    seconds = 2400 + 611 * n % 9000
    defaults: dict[str, object] = {
        "cycle": 1,
        "opened_at": opened_at,
        "due_at": opened_at + timedelta(hours=6),
        "target_seconds": 6 * HOUR,
        "in_working_time": False,
        "answered_at": opened_at + timedelta(seconds=seconds),
        "answer_seconds": seconds,
        "met": True,
        "counts": True,
    }
    return TargetRow(**(defaults | fields))  # type: ignore[arg-type]


def make_incident(n: int = 1, **fields: object) -> IncidentRow:
    """A Premium incident, answered after about an hour of six and solved in a day."""
    solving = 20_000 + 7919 * n % 300_000
    defaults: dict[str, object] = {
        "number": f"AX-2026-{n:06}",
        "subject": SUBJECTS[n % len(SUBJECTS)],
        "reported_at": FIRST_OF_OCTOBER + timedelta(hours=7 * n),
        "level": "Premium",
        "priority": ("Critical", "High", "Normal", "Low")[n % 4],
        "service": ("Troubleshooting", "Configuration", "Migration")[n % 3],
        "channel": ("portal", "e-mail", "phone")[n % 3],
        "state": "Closed",
        "solution": "",
        "cause": "",
        "targets": (make_target(n),),
        "ended_at": FIRST_OF_OCTOBER + timedelta(hours=7 * n, seconds=solving),
        "was_answered": True,
        "solving_seconds": solving,
        "people": ("Ana Ionescu", "Mihai Șerban"),
        "escalated_to": "",
        "escalated_in_month": "",
        "gold_used": False,
    }
    return IncidentRow(**(defaults | fields))  # type: ignore[arg-type]


def make_empty(**fields: object) -> ReportContent:
    """A month in which nothing happened, not issued."""
    defaults: dict[str, object] = {
        "organisation": "Northwind Traders",
        "timezone": "Europe/Bucharest",
        "country": "Romania",
        "month": "2026-10",
        "as_of": COMPUTED,
        "known_at": COMPUTED,
        "vendor": VENDOR,
        "manager": Manager(name="Elena Marinescu", email="tam@axsupport.example"),
        "levels": (),
        "counts": counting.counts((), BOUNDS),
        "first_answer": counting.first_answer((), BOUNDS),
        "solving": counting.solving((), BOUNDS),
        "incidents": (),
        "people": (),
        "gold": (),
        "satisfaction": Satisfaction(asked=0, given=()),
        "weeks": tuple(
            WeekCount(first_on=first, last_on=last, reported=0, solved=0)
            for first, last in Month.parse("2026-10").weeks()
        ),
        "trend": (),
    }
    return ReportContent(**(defaults | fields))  # type: ignore[arg-type]


def make_northwind(incidents: int = 12, **fields: object) -> ReportContent:
    """An issued report with everything in it, in several scripts."""
    rows = (
        make_incident(
            0,
            number="AX-2026-000987",
            reported_at=FIRST_OF_OCTOBER - timedelta(days=4),
            state="Solved",
            targets=(),
            escalated_to="TS3",
            escalated_in_month="TS3",
        ),
        make_incident(
            1, gold_used=True, level="Gold", targets=(make_target(1, target_seconds=3 * HOUR),)
        ),
        make_incident(
            2,
            targets=(make_target(2, met=False, answer_seconds=7 * HOUR), make_late(2)),
            escalated_to="TS2",
            escalated_in_month="TS2",
        ),
        make_incident(
            3,
            level="Basic",
            targets=(make_open(3),),
            ended_at=None,
            was_answered=False,
            solving_seconds=None,
            state="New",
            people=(),
        ),
        *(make_incident(n) for n in range(4, incidents)),
    )
    defaults: dict[str, object] = {
        "organisation": "Northwind Traders",
        "levels": (_held("Premium", "NW-4711 Business edition"), _held("Gold", "NW-4711")),
        "counts": counting.counts(rows, BOUNDS),
        "first_answer": counting.first_answer(rows, BOUNDS),
        "solving": counting.solving(rows, BOUNDS),
        "incidents": rows,
        "people": PEOPLE,
        "gold": (
            make_gold(date(2026, 3, 2), size=10, opening=3, remaining=2),
            make_gold(date(2026, 9, 14), refunded_on=("AX-2026-000004",)),
        ),
        "satisfaction": Satisfaction(asked=11, given=COMMENTS + SILENT),
        "weeks": tuple(
            WeekCount(first_on=first, last_on=last, reported=n + 1, solved=max(0, 4 - n))
            for n, (first, last) in enumerate(Month.parse("2026-10").weeks())
        ),
        "trend": tuple(
            TrendMonth(
                month=str(Month(2026, n)),
                reported=6 + n % 4,
                solved=5 + n % 3,
                median_first_answer_seconds=3000 + 500 * n,
            )
            for n in range(5, 10)
        ),
        "engaged": make_engaged(),
        "considerations": CONSIDERATIONS,
        "recommendations": RECOMMENDATIONS,
        "number": "SR-2026-10-0007",
        "issued_at": datetime(2026, 11, 3, 8, 12, tzinfo=UTC),
    }
    return make_empty(**(defaults | fields))


def make_draft(**fields: Any) -> ReportContent:
    return replace(make_northwind(**fields), number=None, issued_at=None)


def make_late(n: int) -> TargetRow:
    """A second answer, which nobody gave in the month."""
    at = FIRST_OF_OCTOBER + timedelta(days=3)
    due_at = at + timedelta(hours=6)
    return make_target(
        n, cycle=2, opened_at=at, due_at=due_at, answered_at=None, answer_seconds=None, met=False
    )


def make_open(n: int) -> TargetRow:
    """One of Basic that is still owed."""
    return make_target(
        n,
        target_seconds=24 * HOUR,
        in_working_time=True,
        answered_at=None,
        answer_seconds=None,
        met=None,
        counts=False,
    )


def make_gold(bought_on: date, **fields: Any) -> GoldPack:
    """A pack of five, full when the month began and at its end, with one spent on incident 1."""
    defaults: dict[str, Any] = {
        "size": 5,
        "opening": 5,
        "bought": 0,
        "spent_on": ("AX-2026-000001",),
        "refunded_on": (),
        "other": 0,
        "remaining": 5,
    }
    return GoldPack(bought_on=bought_on, **defaults | fields)


def make_engaged() -> Engaged:
    """A project that is late, a visit that was made, a training and two findings."""
    at = FIRST_OF_OCTOBER
    project = EngagementRow(
        number="ENG-2026-000031",
        kind="GoLive project",
        title="Move of 1,200 mailboxes to the new platform in București and Cluj",
        state="In progress",
        phase="Pilot installation",
        light="Late",
        light_reasons=("“Pilot installation” is 4 days late.", "1 risk is high."),
        requested_at=at - timedelta(days=70),
        ended_at=None,
        papers=(
            PaperRow(
                title="Pilot project report",
                version=2,
                sent_at=at + timedelta(days=8),
                verdict="Accepted",
                verdict_at=at + timedelta(days=10),
                signed_name="Ольга Кузнецова",
            ),
            PaperRow(
                title="Cut-over plan",
                version=1,
                sent_at=at + timedelta(days=20),
                verdict="",
                verdict_at=None,
                signed_name="",
            ),
        ),
        kept=("Phase “Pilot design”", "Task “Name the hosts”"),
        missed=("Phase “Pilot installation”",),
    )
    visit = EngagementRow(
        number="ENG-2026-000044",
        kind="On-site visit",
        title="Replace the storage of node 2",
        state="Completed",
        phase="",
        light="",
        light_reasons=(),
        requested_at=at + timedelta(days=2),
        ended_at=at + timedelta(days=16),
        papers=(),
        kept=("Reply to the request",),
        missed=(),
    )
    contract = ContractRow(
        reference="TC-2026-17",
        starts_on=date(2026, 3, 1),
        ends_on=date(2027, 2, 28),
        days=10,
        before=3,
        booked=tuple(
            VisitDay(engagement="ENG-2026-000044", on=date(2026, 10, day)) for day in (14, 15)
        ),
        returned=(),
    )
    training = TrainingRow(
        key="training-7",
        course="Operating the platform",
        first_on=date(2026, 10, 20),
        last_on=date(2026, 10, 21),
        parts=2,
        people=(Trainee(name="Ольга Кузнецова", parts=2), Trainee(name="Ana Pop", parts=1)),
    )
    finding = FindingRow(
        key="finding-3",
        engagement="ENG-2026-000029",
        case="Old TLS and ciphers",
        title="TLS 1.0 is still offered on port 995",
        severity="High",
        owner="Ana Pop",
        due_on=date(2026, 10, 20),
        standing="Late",
        accepted_until=None,
    )
    accepted: dict[str, Any] = {
        "key": "finding-4",
        "title": "Banner names the version",
        "severity": "Low",
    }
    accepted |= {"standing": "Risk accepted", "accepted_until": date(2027, 1, 31)}
    return Engaged(
        engagements=(project, visit),
        contracts=(contract,),
        trainings=(training,),
        findings=(finding, replace(finding, **accepted)),
    )


def _held(level: str, licence: str) -> LevelHeld:
    return LevelHeld(
        level=level, licence=licence, starts_on=date(2026, 3, 1), ends_on=date(2027, 2, 28)
    )


def _numbers(count: int) -> tuple[str, ...]:
    return tuple(f"AX-2026-{n:06}" for n in range(1, count + 1))


PEOPLE = (
    PersonRow(
        name="Ana Ionescu",
        role="Certified Support Engineer, TS1",
        incidents=_numbers(9),
        answers=31,
        steps=4,
    ),
    PersonRow(
        name="Mihai Șerban", role="Beta tester, TS2", incidents=_numbers(2), answers=6, steps=3
    ),
    PersonRow(
        name="Δημήτρης Παπαδόπουλος",
        role="Developer, TS3",
        incidents=_numbers(1),
        answers=2,
        steps=1,
    ),
    PersonRow(
        name="Ольга Кузнецова",
        role="Contact of Northwind",
        incidents=_numbers(8),
        answers=19,
        steps=0,
    ),
)
COMMENTS = (
    Comment(incident="AX-2026-000004", rating=5, text="Γρήγορη και σαφής απάντηση, ευχαριστούμε!"),
    Comment(
        incident="AX-2026-000002",
        rating=2,
        text="The answer came too late: our branch offices had no mail for a whole morning, and "
        "nobody rang. Once an engineer looked at it, it was solved well.",
    ),
)
SILENT = tuple(
    Comment(incident=f"AX-2026-{n:06}", rating=rating, text="")
    for n, rating in enumerate((4, 4, 4, 5, 5, 5), 5)
)
CONSIDERATIONS = """The two incidents about the backup share one cause: the snapshot freezes
the mail store for longer than IMAP clients wait. The workaround of 14 October holds.

One answer was late on 2 October. The incident reached us during a hand-over between shifts:
the rota was changed so that it can not happen again.
"""
RECOMMENDATIONS = """Before the end of the year:
- Update to 10.7, which ends the freeze during snapshots.
- Move the backup window to 03:00, when fewer clients are connected, until the update is done.
- Renew the certificate of webmail by 20 December; we gladly do it with you.

Two Gold incidents remain in the older pack; they are spent first.
"""
