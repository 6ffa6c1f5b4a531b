"""The demo's operations audit: agreed, half run, one finding open, one risk accepted."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.enums import Role
from axsupport.demo.setting import Customer
from engagements.actions import audits, planning
from engagements.actions.kinds import ask
from engagements.actions.requesting import Wish
from engagements.enums import CaseResult, Kind, Severity
from engagements.models import AuditCase, LibraryCase
from engagements.reads.bases import local_day

CHOSEN = 8  # of the library
SEEN = (  # what came of the first cases
    (CaseResult.OK, "554 5.7.1 Relay access denied, for all three."),
    (CaseResult.OK, "252 for each address, whether it exists or not."),
    (CaseResult.PARTIAL, "POP3 names its version, the other services do not."),
    (CaseResult.OK, "The cap held at 20; mail from the second address took a second."),
    (CaseResult.FAILED, "The other address waited 40 seconds for its banner."),
)
OWN = audits.OwnCase(
    area="performance",
    severity="high",
    title="Logins of the shops on a Monday",
    procedure="Replay the logins of 07:55 to 08:10 at one and a half times their rate.",
    expectation="No login takes more than two seconds.",
)


def run_audit(customers: list[Customer], ends: datetime) -> None:
    """Of the customer with a GoLive project, in the days before `ends`."""
    customer = next((one for one in customers if one.project is not None), None)
    tam = customer.organisation.tam if customer is not None else None
    if customer is None or tam is None:
        return
    contact = next(one for one in customer.people if one.role == Role.ADMIN_CONTACT)
    at = ends - timedelta(days=3)
    wish = Wish(kind=Kind.AUDIT, title="Audit after the migration")
    one = ask(customer.organisation, wish, {}, contact=contact, by=contact, at=at)
    day = local_day(customer.organisation, at)
    begun = at + timedelta(hours=3)
    one = planning.take_up(one, owner=tam, starts_on=day, golive_on=None, by=tam, at=begun)
    terms = audits.Terms(
        permitted_by=f"{contact.name}, head of IT operations",
        window_from=at,
        window_until=ends + timedelta(days=4),
        stop_contact="Operations desk, +971 4 555 0100, at any hour",
        rollback="Snapshots of both nodes are taken before; to restore them takes 20 minutes.",
    )
    audits.agree_on(one, terms, by=tam, at=begun)
    library = list(LibraryCase.objects.all()[:CHOSEN])
    audits.choose_cases(one, library, by=tam, at=begun)
    audits.add_case(one, OWN, by=tam, at=begun)
    cases = list(one.audit_cases.select_related("engagement"))
    for number, (result, observed) in enumerate(SEEN):
        seen = audits.Seen(result=result, was_reached=True, observed=observed)
        when = at + timedelta(days=1, minutes=20 * number)
        audits.note_run(cases[number], seen, by=tam, at=when)
    _find(customer, cases, ends)
    audits.issue_report(one, note="", by=tam, at=ends - timedelta(hours=5))


def _find(customer: Customer, cases: list[AuditCase], ends: datetime) -> None:
    tam, at = customer.organisation.tam, ends - timedelta(days=1)
    contact = next(one for one in customer.people if one.role == Role.ADMIN_CONTACT)
    assert tam is not None, "who audits is the account manager"
    day = local_day(customer.organisation, at)
    slow = audits.Found(
        title="Slow connections keep others waiting",
        severity=Severity.HIGH,
        recommendation="Lower the idle timeout of SMTP Receiving to 60 seconds, and cap"
        " connections at 5 a peer.",
        owner=contact.name,
        due_on=day + timedelta(days=21),
    )
    banner = audits.Found(
        title="POP3 names its version",
        severity=Severity.LOW,
        recommendation="Set a greeting of your own in the POP3 service.",
        owner=customer.people[0].name,
        due_on=day + timedelta(days=40),
    )
    audits.add_finding(cases[4], slow, by=tam, at=at)
    found = audits.add_finding(cases[2], banner, by=tam, at=at)
    audits.accept_risk(
        found,
        until=day + timedelta(days=90),
        name=contact.name,
        reason="POP3 is switched off in spring.",
        by=contact,
        at=at + timedelta(hours=2),
    )
