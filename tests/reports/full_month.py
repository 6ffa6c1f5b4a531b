"""A full month of somebody: one of everything that a report counts, in February and before."""

from __future__ import annotations

from datetime import date

from accounts.models import Organisation
from entitlements.enums import Account, EntryKind, Level
from tests.factories import (
    days,
    hours,
    make_attendance,
    make_call,
    make_case,
    make_contact,
    make_document_version,
    make_engagement,
    make_engineer,
    make_finding,
    make_handover,
    make_incident,
    make_ledger_entry,
    make_level,
    make_licence,
    make_message,
    make_organisation,
    make_pack,
    make_person,
    make_project,
    make_promise,
    make_rating,
    make_registration,
    make_subscription,
    make_target,
    make_technical_contract,
    make_training,
)
from tests.reports.february import END, START
from tickets.enums import MessageKind, State
from tickets.models import Incident

MADE_AT = START - days(300)


def make_full_month(name: str = "Stranger") -> Organisation:
    """An organisation of which every query of a report would find something."""
    organisation = make_organisation(name=name, timezone="Europe/Bucharest")
    _contracts(organisation)
    _february(organisation)
    _engagements(organisation)
    for back in range(5):
        _earlier(organisation, days(31 * back + 20))
    return organisation


def _contracts(organisation: Organisation) -> None:
    licence = make_licence(organisation, registered_on=date(2025, 9, 1), made_at=MADE_AT)
    make_subscription(licence, bought_at=MADE_AT)
    make_project(
        organisation, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1), made_at=MADE_AT
    )
    make_technical_contract(organisation, made_at=MADE_AT)
    pack = make_pack(licence, purchased_at=START - days(9))
    spent = make_ledger_entry(
        pack,
        kind=EntryKind.CONSUME,
        debit=Account.AVAILABLE,
        credit=Account.CONSUMED,
        balance=4,
        at=START + days(4),
        incident=_worked(organisation, level=make_level(Level.GOLD)),
    )
    make_ledger_entry(
        pack,
        kind=EntryKind.REFUND,
        debit=Account.CONSUMED,
        credit=Account.AVAILABLE,
        balance=5,
        at=START + days(5),
        reverses=spent,
        incident=spent.incident,
        refund_reason="defect",
        reason="A defect",
    )


def _february(organisation: Organisation) -> None:
    solved = _worked(organisation, state=State.SOLVED, solved_at=START + days(6))
    make_rating(solved, score=1, comment="A stranger's words.", given_at=START + days(7))
    _worked(organisation, state=State.CLOSED, solved_at=START + days(6), closed_at=START + days(6))
    unanswered = make_incident(organisation=organisation, received_at=START + days(8))
    make_target(unanswered, opened_at=START + days(8), due_at=START + days(9))
    make_incident(organisation=organisation, received_at=START - days(40), subject="Long open")


def _engagements(organisation: Organisation) -> None:
    """A project, an audit with a finding, and a training that somebody attended."""
    at = START + days(2)
    project = make_engagement(organisation, requested_at=at, title="A stranger's project")
    make_promise(project, made_at=at, due_at=START + days(9))
    make_document_version(project, sent_at=at)
    make_finding(make_case(project), found_at=at)
    session = make_training(starts_at=START + days(4))
    seat = make_registration(organisation, session=session)
    make_attendance(seat, noted_at=START + days(5))


def _worked(organisation: Organisation, **fields: object) -> Incident:
    """Reported on the third, answered late, noted, called about and handed over to TS2."""
    at = START + days(3)
    incident = make_incident(
        organisation=organisation, received_at=at, subject="A stranger's", **fields
    )
    engineer = make_engineer(name="A stranger's engineer")
    make_target(incident, opened_at=at, due_at=at + hours(6), met_at=at + hours(7))
    author = make_contact(organisation, name="A stranger's contact")
    make_message(incident, author=author, sent_at=at)
    for kind in (MessageKind.ANSWER, MessageKind.NOTE):
        make_message(incident, kind=kind, author=engineer, sent_at=at + hours(7))
    make_call(incident, by=engineer, logged_at=at + hours(8))
    make_handover(incident, by=make_person("ts2", name="A stranger's tester"), at=at + hours(9))
    return incident


def _earlier(organisation: Organisation, back: object) -> None:
    """In a month before: one that was answered, one whose answer came back after February."""
    at = START - back  # type: ignore[operator]
    answered = make_incident(
        organisation=organisation,
        received_at=at,
        state=State.SOLVED,
        solved_at=at + hours(9),
    )
    make_target(answered, opened_at=at, due_at=at + hours(6), met_at=at + hours(1))
    make_message(answered, kind=MessageKind.ANSWER, author=make_engineer(), sent_at=at + hours(1))
    bounced = make_incident(organisation=organisation, received_at=at)
    make_target(bounced, opened_at=at, due_at=at + hours(6), met_at=at + hours(2))
    make_message(
        bounced,
        kind=MessageKind.ANSWER,
        author=make_engineer(),
        sent_at=at + hours(2),
        taken_back_at=END + days(9),
    )
