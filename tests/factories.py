"""One function a model. Each gives the least valid object; a test names what it is about.

Rows are written as they are, without the actions, so that a test can put the world into any
state. Moments are UTC.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.files.base import ContentFile

from accounts.enums import Role
from accounts.models import Assignment, Invitation, Organisation, Partner, Person
from core.journal import label
from entitlements.enums import Account, Channel, Edition, EntryKind, Level
from entitlements.models import (
    CalendarVersion,
    CoverageDecision,
    GoLiveProject,
    IncidentPack,
    LedgerEntry,
    LevelVersion,
    Licence,
    Service,
    Subscription,
)
from notices.models import Notice
from reports.enums import ReportState
from reports.models import ReportDocument, ServiceReport
from tickets.enums import MailOutcome, MessageKind, State
from tickets.models import (
    Attachment,
    HandledRequest,
    Handover,
    InboundMail,
    Incident,
    Message,
    Rating,
    ResponseTarget,
    TargetWarning,
)

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
TODAY = NINE.date()
PASSWORD = "a long enough phrase"
_numbers = count(1)

# What each level answers within (programme.md, the catalogue).
_HOURS = {Level.GOLIVE: 3, Level.GOLD: 3, Level.PREMIUM: 6, Level.FIRST: 24, Level.BASIC: 24}
_NO_PHONE = (Level.FIRST, Level.BASIC)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def days(n: float) -> timedelta:
    return timedelta(days=n)


# accounts


def make_partner(**fields: Any) -> Partner:
    return Partner.objects.create(**{"name": f"Partner {next(_numbers)}"} | fields)


def make_organisation(**fields: Any) -> Organisation:
    n = next(_numbers)
    defaults = {"name": f"Organisation {n}", "slug": f"organisation-{n}", "created_at": NINE}
    return Organisation.objects.create(**defaults | fields)


def make_person(role: str, **fields: Any) -> Person:
    """A person who signs in with `password`, a keyword; without one they can not."""
    n = next(_numbers)
    password = fields.pop("password", None)
    defaults = {"email": f"{role}{n}@people.example", "name": f"Person {n}", "joined_at": NINE}
    person = Person(role=role, **defaults | fields)
    person.set_password(password)
    person.save()
    return person


def make_contact(organisation: Organisation | None = None, **fields: Any) -> Person:
    return make_person(Role.CONTACT, organisation=organisation or make_organisation(), **fields)


def make_admin_contact(organisation: Organisation | None = None, **fields: Any) -> Person:
    return make_person(
        Role.ADMIN_CONTACT, organisation=organisation or make_organisation(), **fields
    )


def make_engineer(*serves: Organisation, **fields: Any) -> Person:
    """TS1 unless `role` says otherwise; serving nobody in particular means everybody."""
    engineer = make_person(fields.pop("role", Role.TS1), **fields)
    for organisation in serves:
        Assignment.objects.create(person=engineer, organisation=organisation)
    return engineer


def make_partner_engineer(partner: Partner | None = None, **fields: Any) -> Person:
    return make_person(Role.PARTNER, partner=partner or make_partner(), **fields)


def make_tam(*manages: Organisation, **fields: Any) -> Person:
    tam = make_person(Role.TAM, **fields)
    for organisation in manages:
        organisation.tam = tam
        organisation.save(update_fields=["tam"])
    return tam


def make_manager(**fields: Any) -> Person:
    return make_person(Role.MANAGER, **fields)


def make_invitation(**fields: Any) -> Invitation:
    organisation = fields.pop("organisation", None) or make_organisation()
    n = next(_numbers)
    defaults = {
        "email": f"invited{n}@people.example",
        "digest": hashlib.sha256(str(n).encode()).hexdigest(),
        "invited_by": fields.pop("invited_by", None) or make_admin_contact(organisation),
        "invited_at": NINE,
        "expires_at": NINE + days(14),
    }
    return Invitation.objects.create(organisation=organisation, **defaults | fields)


# notices


def make_notice(**fields: Any) -> Notice:
    """Owed at nine; `about` is any saved object."""
    about = fields.pop("about", None)
    if about is not None:
        fields = {"subject": label(about), "organisation_id": about.organisation_id} | fields
    defaults = {
        "key": f"notice:{next(_numbers)}",
        "to": fields.pop("to") if "to" in fields else make_contact(),
        "template": "report_issued",
        "context": {"number": "SR-1", "month": "February 2026", "url": "http://desk.example/r/1/"},
        "made_at": NINE,
        "next_at": NINE,
    }
    return Notice.objects.create(**defaults | fields)


# entitlements


def make_service(key: str = "troubleshooting", **fields: Any) -> Service:
    """The service of that key, made if the catalogue does not have it yet."""
    return Service.objects.get_or_create(key=key, defaults={"name": key.title()} | fields)[0]


def make_calendar(**fields: Any) -> CalendarVersion:
    """Monday to Friday 08:00 to 17:00 in Berlin."""
    defaults = {
        "calendar": f"calendar-{next(_numbers)}",
        "version": 1,
        "name": "Working hours",
        "timezone": "Europe/Berlin",
        "hours": {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        "made_at": NINE,
    }
    return CalendarVersion.objects.create(**defaults | fields)


def make_round_the_clock() -> CalendarVersion:
    every_day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    found = CalendarVersion.objects.filter(calendar="factory-always").first()
    return found or make_calendar(
        calendar="factory-always",
        name="Round the clock",
        hours={day: [["00:00", "24:00"]] for day in every_day},
    )


def make_level(level: str = Level.PREMIUM, **fields: Any) -> LevelVersion:
    """The newest version of the level; one that differs, or the first one, is made."""
    newest = LevelVersion.objects.filter(level=level).order_by("-version").first()
    if newest is not None and not fields:
        return newest
    channels = [
        one for one in Channel.values if level not in _NO_PHONE or one in ("portal", "email")
    ]
    defaults = {
        "version": newest.version + 1 if newest else 1,
        "response_time": hours(_HOURS[Level(level)]),
        "calendar": fields.pop("calendar", None) or make_round_the_clock(),
        "channels": channels,
        "services": ["installation", "migration", "configuration", "troubleshooting"],
        "round_the_clock": level not in _NO_PHONE,
        "made_at": NINE,
    }
    return LevelVersion.objects.create(level=level, **defaults | fields)


def make_licence(organisation: Organisation | None = None, **fields: Any) -> Licence:
    """Registered three years ago, so that Basic is over; 1,000 EUR."""
    defaults = {
        "key": f"AXI-{next(_numbers):06d}",
        "edition": Edition.BUSINESS,
        "registered_on": date(2023, 3, 1),
        "price": Decimal(1000),
        "made_at": NINE,
    }
    return Licence.objects.create(
        organisation=organisation or make_organisation(), **defaults | fields
    )


def make_subscription(licence: Licence | None = None, **fields: Any) -> Subscription:
    """Premium for a year, since two months."""
    licence = licence or make_licence()
    defaults = {
        "level": Level.PREMIUM,
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2027, 1, 1),
        "price": Decimal(350),
        "bought_at": NINE - days(60),
    }
    return Subscription.objects.create(
        licence=licence, organisation=licence.organisation, **defaults | fields
    )


def make_project(organisation: Organisation | None = None, **fields: Any) -> GoLiveProject:
    defaults = {
        "name": f"Project {next(_numbers)}",
        "starts_on": date(2026, 2, 1),
        "ends_on": date(2026, 5, 1),
        "made_at": NINE,
    }
    return GoLiveProject.objects.create(
        organisation=organisation or make_organisation(), **defaults | fields
    )


def make_pack(licence: Licence | None = None, **fields: Any) -> IncidentPack:
    """Five Gold incidents bought a month ago, with the ledger entry of the purchase."""
    licence = licence or make_licence()
    quantity = fields.pop("quantity", 5)
    defaults = {"available": quantity, "purchased_at": NINE - days(30), "price": Decimal(500)}
    pack = IncidentPack.objects.create(
        licence=licence,
        organisation=licence.organisation,
        quantity=quantity,
        **defaults | fields,
    )
    make_ledger_entry(pack, quantity=quantity, balance=quantity, at=pack.purchased_at)
    return pack


def make_ledger_entry(pack: IncidentPack | None = None, **fields: Any) -> LedgerEntry:
    pack = pack or make_pack()
    defaults = {
        "kind": EntryKind.PURCHASE,
        "debit": Account.ISSUED,
        "credit": Account.AVAILABLE,
        "quantity": 1,
        "balance": 1,
        "at": NINE,
    }
    return LedgerEntry.objects.create(
        pack=pack, organisation_id=pack.organisation_id, **defaults | fields
    )


def make_decision(organisation: Organisation | None = None, **fields: Any) -> CoverageDecision:
    """Covered by Premium; `level=None` makes it "not covered"."""
    if "level" not in fields:
        fields["level"] = make_level()
    defaults = {"service": "troubleshooting", "channel": Channel.PORTAL, "at": NINE}
    return CoverageDecision.objects.create(
        organisation=organisation or make_organisation(), **defaults | fields
    )


# tickets


def make_incident(**fields: Any) -> Incident:
    """Filed at nine in the portal and served by Premium; `level=None`: not covered.

    No message and no target come with it: see `make_message` and `make_target`.
    """
    organisation = fields.pop("organisation", None)
    if organisation is None:
        organisation = (
            fields["reporter"].organisation if "reporter" in fields else make_organisation()
        )
    received_at = fields.setdefault("received_at", NINE)
    decided = {"level": fields.pop("level")} if "level" in fields else {}
    defaults = {
        "number": f"AX-2026-9{next(_numbers):05d}",
        "reporter": fields.pop("reporter", None) or make_contact(organisation),
        "service": fields.pop("service", None) or make_service(),
        "decision": fields.pop("decision", None)
        or make_decision(organisation, at=received_at, **decided),
        "channel": Channel.PORTAL,
        "subject": "IMAP stops answering",
    }
    if fields.get("state") in (State.SOLVED, State.CLOSED):
        defaults["solved_at"] = received_at + hours(5)
    if fields.get("state") == State.CLOSED:
        defaults["closed_at"] = received_at + hours(8)
    return Incident.objects.create(organisation=organisation, **defaults | fields)


def make_message(incident: Incident | None = None, **fields: Any) -> Message:
    """The reporter's words, at nine."""
    incident = incident or make_incident()
    defaults = {
        "author": incident.reporter,
        "kind": MessageKind.REPORT,
        "body": "It stopped this morning.",
        "sent_at": NINE,
    }
    return Message.objects.create(
        incident=incident, organisation_id=incident.organisation_id, **defaults | fields
    )


def make_attachment(message: Message | None = None, **fields: Any) -> Attachment:
    """A file on the disk of `MEDIA_ROOT`, which tests keep in a folder of their own."""
    message = message or make_message()
    content: bytes = fields.pop("content", b"imap: connection refused\n")
    defaults = {
        "file": ContentFile(content, name="imap.log"),
        "name": "imap.log",
        "content_type": "text/plain",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "sent_at": NINE,
    }
    return Attachment.objects.create(
        message=message, organisation_id=message.organisation_id, **defaults | fields
    )


def make_target(incident: Incident | None = None, **fields: Any) -> ResponseTarget:
    """Open since nine, due at three in the afternoon."""
    incident = incident or make_incident()
    level = incident.decision.level or make_level()
    defaults = {
        "cycle": incident.targets.count() + 1,
        "level": level,
        "calendar": level.calendar,
        "target": level.response_time,
        "opened_at": NINE,
        "due_at": NINE + hours(6),
    }
    return ResponseTarget.objects.create(
        incident=incident, organisation_id=incident.organisation_id, **defaults | fields
    )


def make_warning(target: ResponseTarget | None = None, **fields: Any) -> TargetWarning:
    target = target or make_target()
    defaults = {"percent": 75, "due_at": NINE + hours(4.5)}
    return TargetWarning.objects.create(
        target=target, organisation_id=target.organisation_id, **defaults | fields
    )


def make_handover(incident: Incident | None = None, **fields: Any) -> Handover:
    """TS1 to TS2, with all that TS2 needs (X1). The incident's tier stays as it is."""
    incident = incident or make_incident()
    defaults = {
        "from_tier": 1,
        "to_tier": 2,
        "reason": "It needs the debugger.",
        "tried": "A restart, and a new certificate.",
        "reproduction": "Sign in with 200 sessions at once.",
        "environment": "AXIGEN 10.5 on Debian 12.",
        "by": fields.pop("by", None) or make_engineer(),
        "at": NINE,
    }
    return Handover.objects.create(
        incident=incident, organisation_id=incident.organisation_id, **defaults | fields
    )


def make_mail(**fields: Any) -> InboundMail:
    """A stored mail of an unknown sender, kept for a human."""
    n = next(_numbers)
    raw = fields.pop("raw", b"From: a@stranger.example\nSubject: Hello\n\nHello?\n")
    defaults = {
        "sha256": hashlib.sha256(raw).hexdigest(),
        "size": len(raw),
        "message_id": f"<mail{n}@stranger.example>",
        "sender": "a@stranger.example",
        "subject": "Hello",
        "received_at": NINE,
        "handled_at": NINE,
        "outcome": MailOutcome.HELD,
        "reason": "Nobody here has this address.",
    }
    return InboundMail.objects.create(raw=raw, **defaults | fields)


def make_handled_request(incident: Incident | None = None, **fields: Any) -> HandledRequest:
    incident = incident or make_incident()
    defaults = {
        "person": incident.reporter,
        "key": f"key-{next(_numbers)}",
        "digest": "0" * 64,
        "at": NINE,
    }
    return HandledRequest.objects.create(
        incident=incident, organisation_id=incident.organisation_id, **defaults | fields
    )


def make_rating(incident: Incident | None = None, **fields: Any) -> Rating:
    incident = incident or make_incident(state=State.SOLVED)
    defaults = {"score": 4, "given_at": NINE + hours(6)}
    return Rating.objects.create(
        incident=incident, organisation_id=incident.organisation_id, **defaults | fields
    )


# reports


def make_report(organisation: Organisation | None = None, **fields: Any) -> ServiceReport:
    """A draft of February; `state=ISSUED` fills what an issued one must have."""
    n = next(_numbers)
    defaults: dict[str, Any] = {"month": date(2026, 2, 1), "drafted_at": NINE}
    if fields.get("state") == ReportState.ISSUED:
        defaults |= {
            "number": f"SR-2026-02-{n:04d}",
            "content": {},
            "checksum": "0" * 64,
            "issued_at": NINE,
            "issued_by": fields.pop("issued_by", None) or make_tam(),
        }
    return ServiceReport.objects.create(
        organisation=organisation or make_organisation(), **defaults | fields
    )


def make_document(report: ServiceReport | None = None, **fields: Any) -> ReportDocument:
    report = report or make_report(state=ReportState.ISSUED)
    pdf = fields.pop("pdf", b"%PDF-1.7\n%%EOF\n")
    defaults = {"sha256": hashlib.sha256(pdf).hexdigest()}
    return ReportDocument.objects.create(
        report=report, organisation_id=report.organisation_id, pdf=pdf, **defaults | fields
    )
