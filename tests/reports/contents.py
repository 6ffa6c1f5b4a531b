"""Reports for the tests: one of everything, the least, and far too much."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reports.rules.figures import (
    Comment,
    Counts,
    GoldPack,
    IncidentRow,
    LevelHeld,
    Manager,
    PersonRow,
    ReportContent,
    Satisfaction,
    Spans,
    Tally,
    TrendMonth,
    Vendor,
    WeekCount,
)
from reports.rules.months import Month

FIRST_OF_OCTOBER = datetime(2026, 10, 1, 6, 0, tzinfo=UTC)
COMPUTED = datetime(2026, 11, 2, 7, 45, tzinfo=UTC)
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


def make_incident(n: int = 1, **fields: object) -> IncidentRow:
    """A Premium incident, answered after about an hour of six and solved in a day."""
    defaults: dict[str, object] = {
        "number": f"AX-2026-{n:06}",
        "subject": SUBJECTS[n % len(SUBJECTS)],
        "reported_at": FIRST_OF_OCTOBER + timedelta(hours=7 * n),
        "level": "Premium",
        "priority": ("Critical", "High", "Normal", "Low")[n % 4],
        "service": ("Troubleshooting", "Configuration", "Migration")[n % 3],
        "channel": ("portal", "e-mail", "phone")[n % 3],
        "state": "Closed",
        "first_answer_seconds": 2400 + 611 * n % 9000,
        "target_seconds": 6 * HOUR,
        "in_working_time": False,
        "target_met": True,
        "solving_seconds": 20_000 + 7919 * n % 300_000,
        "people": ("Ana Ionescu", "Mihai Șerban"),
        "escalated_to": "",
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
        "computed_at": COMPUTED,
        "vendor": VENDOR,
        "manager": Manager(name="Elena Marinescu", email="tam@axsupport.example"),
        "levels": (),
        "counts": Counts(
            reported=0,
            solved=0,
            open_at_end=0,
            targets_met=0,
            targets_breached=0,
            escalated=(),
            by_priority=(),
            by_service=(),
            by_channel=(),
        ),
        "first_answer": Spans.of(()),
        "solving": Spans.of(()),
        "incidents": (),
        "people": (),
        "gold": (),
        "satisfaction": Satisfaction(asked=0, ratings=(0, 0, 0, 0, 0), comments=()),
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
            escalated_to="TS3",
        ),
        make_incident(1, gold_used=True, level="Gold", target_seconds=3 * HOUR),
        make_incident(2, target_met=False, first_answer_seconds=7 * HOUR, escalated_to="TS2"),
        make_incident(
            3,
            level="Basic",
            target_seconds=24 * HOUR,
            in_working_time=True,
            first_answer_seconds=None,
            target_met=None,
            solving_seconds=None,
            state="New",
            people=(),
        ),
        *(make_incident(n) for n in range(4, incidents)),
    )
    answered = [r.first_answer_seconds for r in rows if r.first_answer_seconds is not None]
    solved = [r.solving_seconds for r in rows if r.solving_seconds is not None]
    defaults: dict[str, object] = {
        "organisation": "Northwind Traders",
        "levels": (_held("Premium", "NW-4711 Business edition"), _held("Gold", "NW-4711")),
        "counts": _counts(rows),
        "first_answer": Spans.of(answered),
        "solving": Spans.of(solved),
        "incidents": rows,
        "people": PEOPLE,
        "gold": (
            GoldPack(bought_on=date(2026, 3, 2), bought=10, spent=1, refunded=0, remaining=2),
            GoldPack(bought_on=date(2026, 9, 14), bought=5, spent=1, refunded=1, remaining=5),
        ),
        "satisfaction": Satisfaction(asked=11, ratings=(0, 1, 0, 3, 4), comments=COMMENTS),
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
        "considerations": CONSIDERATIONS,
        "recommendations": RECOMMENDATIONS,
        "number": "SR-2026-10-0007",
        "issued_at": datetime(2026, 11, 3, 8, 12, tzinfo=UTC),
    }
    return make_empty(**(defaults | fields))


def make_draft(**fields: Any) -> ReportContent:
    return replace(make_northwind(**fields), number=None, issued_at=None)


def _held(level: str, licence: str) -> LevelHeld:
    return LevelHeld(
        level=level, licence=licence, starts_on=date(2026, 3, 1), ends_on=date(2027, 2, 28)
    )


def _counts(rows: tuple[IncidentRow, ...]) -> Counts:
    def tallied(field: str) -> tuple[Tally, ...]:
        values = [getattr(row, field) for row in rows if getattr(row, field)]
        return tuple(Tally(label=v, count=values.count(v)) for v in dict.fromkeys(values))

    return Counts(
        reported=len(rows) - 1,
        solved=sum(row.solving_seconds is not None for row in rows),
        open_at_end=sum(row.solving_seconds is None for row in rows),
        targets_met=sum(row.target_met is True for row in rows),
        targets_breached=sum(row.target_met is False for row in rows),
        escalated=tallied("escalated_to"),
        by_priority=tallied("priority"),
        by_service=tallied("service"),
        by_channel=tallied("channel"),
    )


PEOPLE = (
    PersonRow(name="Ana Ionescu", role="Certified Support Engineer, TS1", incidents=9, answers=31),
    PersonRow(name="Mihai Șerban", role="Beta tester, TS2", incidents=2, answers=6),
    PersonRow(name="Δημήτρης Παπαδόπουλος", role="Developer, TS3", incidents=1, answers=2),
    PersonRow(name="Ольга Кузнецова", role="Contact of Northwind", incidents=8, answers=19),
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
