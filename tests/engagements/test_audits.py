"""Operations audits: nothing runs before it is agreed, nothing passes untried."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from pypdf import PdfReader

from accounts.models import Person
from core.errors import NotAllowed
from engagements.actions import audits
from engagements.actions.audit_library import keep_case
from engagements.enums import CaseResult, Kind, Severity
from engagements.errors import (
    AuditIncomplete,
    AuditNotAgreed,
    AuditOutsideWindow,
    CaseIncomplete,
    CaseNotRun,
    CasePassed,
    CaseThere,
    FindingFixed,
    FindingIncomplete,
    FindingReported,
    MayNotAccept,
    NameMissing,
    NobodyReports,
    NothingTried,
    ObservationMissing,
    ReasonMissing,
    RunToCome,
    SameFile,
    UnreachedNeverPasses,
)
from engagements.models import AuditCase, AuditFinding, AuditRun, LibraryCase
from engagements.pdf.audit import report
from engagements.reads.audits import content_of, panel
from engagements.rules.audits import Standing
from tests import factories as make

pytestmark = pytest.mark.django_db
AT = make.NINE


@pytest.fixture
def audit():
    """One that runs, agreed for two days from nine on, with one case."""
    organisation = make.make_organisation(timezone="Europe/Bucharest")
    make.make_tam(organisation)
    project = make.make_project(organisation, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1))
    found = make.make_engagement(organisation, kind=Kind.AUDIT, project=project, title="Audit")
    make.make_audit(found)
    return found


@pytest.fixture
def tam(audit):
    return audit.organisation.tam


def seen(result=CaseResult.FAILED, **fields):
    defaults: dict[str, Any] = {"result": result, "was_reached": True, "observed": "250 OK"}
    return audits.Seen(**defaults | fields)


def found(**fields):
    defaults: dict[str, Any] = {
        "title": "The relay is open",
        "severity": Severity.HIGH,
        "recommendation": "Close it for foreign senders.",
        "owner": "Ana Pop",
        "due_on": date(2026, 4, 1),
    }
    return audits.Found(**defaults | fields)


def terms(**fields):
    defaults: dict[str, Any] = {
        "permitted_by": "Ana Pop",
        "window_from": AT,
        "window_until": AT + timedelta(hours=8),
        "stop_contact": "+40 721 000 000",
        "rollback": "Restore the snapshot.",
    }
    return audits.Terms(**defaults | fields)


def test_nothing_is_run_before_all_is_agreed_nor_outside_the_window(tam):
    other = make.make_engagement(tam.manages.get(), kind=Kind.AUDIT)
    case = make.make_case(other)
    with pytest.raises(AuditNotAgreed):
        audits.note_run(case, seen(), by=tam, at=AT)
    for wrong in (
        {"permitted_by": " "},
        {"stop_contact": ""},
        {"rollback": ""},
        {"window_until": AT},
    ):
        with pytest.raises(AuditIncomplete):
            audits.agree_on(other, terms(**wrong), by=tam, at=AT)
    audits.agree_on(other, terms(), by=tam, at=AT)
    with pytest.raises(AuditOutsideWindow, match="2 Mar 2026, 11:00 to 2 Mar 2026, 19:00"):
        audits.note_run(case, seen(), by=tam, at=AT + timedelta(hours=8))

    assert not AuditRun.objects.exists()
    audits.note_run(case, seen(), by=tam, at=AT + timedelta(hours=7))


def test_what_was_not_reached_never_passes_neither_by_action_nor_in_the_database(audit, tam):
    case = make.make_case(audit)
    with pytest.raises(UnreachedNeverPasses):
        audits.note_run(case, seen(CaseResult.OK, was_reached=False), by=tam, at=AT)
    with pytest.raises(ObservationMissing):
        audits.note_run(case, seen(observed=" "), by=tam, at=AT)
    with pytest.raises(IntegrityError, match="never_passes"), transaction.atomic():
        make.make_run(case, result="ok", was_reached=False)

    audits.note_run(case, seen(CaseResult.UNVERIFIABLE, was_reached=False), by=tam, at=AT)

    scores: Any = panel(audit, tam, AT)["scores"]
    security = scores[0][1]
    assert (security.percent, security.unverifiable) == (0, 1)


def test_cases_come_from_the_library_and_from_the_customer(audit, tam):
    library = list(LibraryCase.objects.all())
    assert len(library) == 20

    assert audits.choose_cases(audit, library[:3], by=tam, at=AT) == 3
    assert audits.choose_cases(audit, library[:4], by=tam, at=AT) == 1
    own = {
        "area": "security",
        "severity": "high",
        "title": "Partner’s tunnel",
        "procedure": "Scan it.",
        "expectation": "Closed.",
    }
    made = audits.add_case(audit, audits.OwnCase(**own), by=tam, at=AT)

    assert (made.number, made.is_customers) == (5, True)
    with pytest.raises(CaseThere):
        audits.add_case(audit, audits.OwnCase(**own), by=tam, at=AT)
    with pytest.raises(CaseIncomplete):
        audits.add_case(audit, audits.OwnCase(**own | {"expectation": ""}), by=tam, at=AT)
    with pytest.raises(NotAllowed):
        audits.add_case(audit, audits.OwnCase(**own), by=make.make_engineer(), at=AT)
    manager = make.make_manager()
    keep_case(audits.OwnCase(**own), is_offered=True, old=library[0], by=manager, at=AT)
    assert AuditCase.objects.get(number=1).title == "Open relay"  # a copy
    with pytest.raises(NotAllowed):
        keep_case(audits.OwnCase(**own), is_offered=True, old=None, by=tam, at=AT)


def test_a_finding_needs_a_result_an_owner_and_a_day(audit, tam):
    case = make.make_case(audit)
    with pytest.raises(CaseNotRun):
        audits.add_finding(case, found(), by=tam, at=AT)
    audits.note_run(case, seen(CaseResult.OK), by=tam, at=AT)
    with pytest.raises(CasePassed):
        audits.add_finding(case, found(), by=tam, at=AT)
    audits.note_run(case, seen(), by=tam, at=AT + timedelta(minutes=1))
    for wrong in ({"owner": ""}, {"recommendation": " "}, {"due_on": date(2026, 3, 1)}):
        with pytest.raises(FindingIncomplete):
            audits.add_finding(case, found(**wrong), by=tam, at=AT)

    assert not AuditFinding.objects.exists()


def test_a_risk_is_accepted_by_name_and_a_passed_retest_ends_even_that(audit, tam):
    case = make.make_case(audit)
    make.make_run(case)
    finding = audits.add_finding(case, found(), by=tam, at=AT)
    admin = make.make_admin_contact(audit.organisation)
    said: dict[str, Any] = {
        "until": date(2026, 3, 20),
        "name": "Ana Pop",
        "reason": "Moves in summer.",
    }
    for who in (tam, make.make_contact(audit.organisation)):
        with pytest.raises(MayNotAccept):
            audits.accept_risk(finding, **said, by=who, at=AT)
    for wrong, refusal in (
        ({"name": " "}, NameMissing),
        ({"reason": ""}, ReasonMissing),
        ({"until": date(2026, 3, 1)}, FindingIncomplete),
    ):
        with pytest.raises(refusal):
            audits.accept_risk(finding, **said | wrong, by=admin, at=AT)

    finding = audits.accept_risk(finding, **said, by=admin, at=AT)
    assert finding.standing_on(date(2026, 3, 20)) == Standing.ACCEPTED
    assert finding.standing_on(date(2026, 3, 21)) == Standing.OPEN
    audits.note_run(case, seen(CaseResult.OK), by=tam, at=AT + timedelta(hours=1))
    finding.refresh_from_db()
    assert finding.standing_on(date(2026, 3, 3)) == Standing.FIXED
    with pytest.raises(FindingFixed):
        audits.accept_risk(finding, **said, by=admin, at=AT)
    audits.note_run(case, seen(), by=tam, at=AT + timedelta(hours=2))
    finding.refresh_from_db()
    assert finding.standing_on(date(2026, 5, 1)) == Standing.LATE


def test_a_finding_becomes_an_incident_once_through_the_door_of_reports(audit, tam):
    case = make.make_case(audit)
    make.make_run(case)
    finding = audits.add_finding(case, found(), by=tam, at=AT)

    finding = audits.report_finding(finding, by=tam, at=AT)

    incident = finding.incident
    assert (incident.subject, incident.reporter) == ("The relay is open", audit.requested_by)
    assert incident.project == audit.project
    with pytest.raises(FindingReported, match=incident.number):
        audits.report_finding(finding, by=tam, at=AT)


def test_a_finding_stays_with_the_customer_whoever_asked_moved_to_another(audit, tam):
    audit.project, customer = None, audit.organisation
    audit.save()
    asked = audit.requested_by
    asked.organisation = make.make_organisation()
    asked.save()
    case = make.make_case(audit)
    make.make_run(case)
    finding = audits.add_finding(case, found(), by=tam, at=AT)
    Person.objects.filter(organisation=customer).update(is_active=False)
    with pytest.raises(NobodyReports):
        audits.report_finding(finding, by=tam, at=AT)
    admin = make.make_admin_contact(customer)

    incident = audits.report_finding(finding, by=tam, at=AT).incident

    assert incident is not None
    assert (incident.organisation, incident.reporter) == (customer, admin)


def test_a_finding_of_an_audit_by_a_level_is_covered_by_that_licence(audit, tam):
    licence = make.make_licence(audit.organisation)
    make.make_subscription(licence)
    audit.project, audit.basis = None, {"chosen": f"level:premium:{licence.pk}"}
    audit.save()
    case = make.make_case(audit)
    make.make_run(case)
    finding = audits.add_finding(case, found(), by=tam, at=AT)

    incident = audits.report_finding(finding, by=tam, at=AT).incident

    assert incident is not None
    assert incident.licence == licence
    assert incident.decision.level.level == "premium"
    assert audit.number in incident.messages.get().body


def test_the_report_is_ready_for_the_client_and_a_version_never_changes(audit, tam):
    case = make.make_case(audit, title="Open relay")
    make.make_case(audit, title="Banner", severity="low")
    with pytest.raises(NothingTried):
        audits.issue_report(audit, note="", by=tam, at=AT)
    shot = SimpleUploadedFile("session.txt", b"250 OK <script>alert(1)</script>")
    run = audits.note_run(case, seen(file=shot, observed="<b>250</b> OK"), by=tam, at=AT)
    audits.add_finding(case, found(), by=tam, at=AT)

    first = audits.issue_report(audit, note="", by=tam, at=AT + timedelta(hours=1))

    with first.file.open("rb") as kept:
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(kept.read())).pages)
    for said in ("Open relay", "Not run", "<b>250</b> OK", "Close it", "session.txt", "Ana Pop"):
        assert said in text
    with pytest.raises(SameFile):
        audits.issue_report(audit, note="", by=tam, at=AT + timedelta(hours=2))
    audits.note_run(case, seen(CaseResult.OK), by=tam, at=AT + timedelta(hours=3))
    second = audits.issue_report(audit, note="Retested", by=tam, at=AT + timedelta(hours=4))
    assert (first.number, second.number) == (1, 2)
    assert run.evidence.get().sha256 != ""


@pytest.mark.parametrize("count", (1, 3))
def test_the_page_asks_the_same_however_many_cases(
    audit, tam, count, settings, django_assert_max_num_queries
):
    settings.STAFF_NEED_SECOND_FACTOR = False
    for _ in range(count):
        case = make.make_case(audit)
        make.make_evidence(make.make_run(case))
        make.make_finding(case)
    client = Client()
    client.force_login(tam)
    path = f"/admin/engagements/{audit.number}/"
    client.get(path)
    with django_assert_max_num_queries(32):
        page = client.get(path).content.decode()
    assert page.count("Run again") == count
    assert "The relay is open" in page


def test_the_customer_sees_it_and_the_evidence_and_strangers_do_not(audit):
    evidence = make.make_evidence(make.make_run(make.make_case(audit)))
    client, stranger = Client(), Client()
    client.force_login(make.make_admin_contact(audit.organisation))
    stranger.force_login(make.make_admin_contact())

    assert "Open relay" in client.get(f"/engagements/{audit.number}/").content.decode()
    answer: Any = client.get(evidence.get_absolute_url())
    assert b"".join(answer.streaming_content) == b"220 ready"
    assert stranger.get(evidence.get_absolute_url()).status_code == 404


def test_the_same_content_gives_the_same_bytes(audit):
    make.make_run(make.make_case(audit))
    content = content_of(audit, today=AT.date())
    from engagements.actions.papers import letterhead  # noqa: PLC0415 -- beside its use

    assert report(content, letterhead()) == report(content, letterhead())


def test_managers_keep_the_library(settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    client = Client()
    client.force_login(make.make_manager())
    case = LibraryCase.objects.get(title="Banner")
    page = client.get(f"/admin/audit-cases/?of={case.pk}").content.decode()
    assert "Change “Banner”" in page
    said = {
        "title": "Banner of each service",
        "area": "security",
        "severity": "low",
        "procedure": "Read it.",
        "expectation": "No version.",
        "is_offered": "on",
    }
    client.post(f"/admin/audit-cases/?of={case.pk}", said)
    case.refresh_from_db()
    assert case.title == "Banner of each service"
    client.force_login(make.make_partner_engineer())
    assert client.get("/admin/audit-cases/").status_code == 404


def test_what_was_tried_yesterday_is_noted_today_with_when_it_was(audit, tam):
    """The window is over; the last one tried counts, whenever each was written down."""
    case, night = make.make_case(audit), AT + make.days(5)
    with pytest.raises(AuditOutsideWindow, match="can be written down later"):
        audits.note_run(case, seen(), by=tam, at=night)
    with pytest.raises(RunToCome):
        audits.note_run(case, seen(run_at=night + make.hours(1)), by=tam, at=night)

    first = audits.note_run(case, seen(run_at=AT + make.hours(3)), by=tam, at=night)
    finding = audits.add_finding(case, found(), by=tam, at=night)
    retest = seen(CaseResult.OK, run_at=AT + make.hours(5))
    audits.note_run(case, retest, by=tam, at=night)
    finding.refresh_from_db()
    assert (first.run_at, first.noted_at) == (AT + make.hours(3), night)
    assert finding.fixed_at == night
    audits.note_run(case, seen(run_at=AT + make.hours(4)), by=tam, at=night)

    finding.refresh_from_db()
    assert finding.fixed_at == night
    assert case.runs.all()[0].result == CaseResult.OK
