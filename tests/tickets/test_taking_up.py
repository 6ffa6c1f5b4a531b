"""What was reported on a licence before it was confirmed is taken up with it (K1)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.journal import entries_of
from entitlements.actions.claims import confirm, decline
from entitlements.enums import Channel
from entitlements.models import Licence
from mailroom.actions.intake import handle, store
from tests.entitlements.claims import claimed
from tests.factories import (
    NINE,
    TODAY,
    days,
    hours,
    make_claim,
    make_contact,
    make_engineer,
    make_level,
    make_licence,
    make_manager,
    make_subscription,
)
from tests.tickets.desk import filed, level_of, target_of, told
from tests.tickets.test_plans import copies, fill
from tickets import tasks
from tickets.actions.goodwill import accept
from tickets.actions.promises.upgrades import claims_to_take_up, take_up
from tickets.enums import State
from tickets.models import Incident

pytestmark = pytest.mark.django_db

ELEVEN = NINE + hours(2)


def confirmed(claim: Licence, at=ELEVEN) -> Licence:
    return confirm(claim, at=at, by=make_manager())


def test_a_report_on_a_claim_is_kept_uncovered_with_that_reason_and_its_reporter_told():
    incident = filed(claimed(), at=NINE + hours(1))

    assert (level_of(incident), incident.targets.count()) == (None, 0)
    assert [one["code"] for one in incident.decision.considered] == ["licence_not_confirmed"]
    assert told(incident, "incident_not_covered") == {incident.reporter.email}


def test_when_it_is_confirmed_its_reports_are_taken_up_with_a_clock_from_that_moment():
    make_engineer()
    claim = claimed()
    incident, stranger = filed(claim, at=NINE + hours(1)), filed(make_licence(), at=NINE)
    confirmed(claim)

    assert [take_up(pk, at=ELEVEN + hours(1)) for pk in claims_to_take_up()] == [True]
    assert tasks.dispatch_waiting() == 1

    incident.refresh_from_db()
    target = target_of(incident)
    assert level_of(incident) == "basic"
    assert target.opened_at == ELEVEN  # and 24 working hours from then, not from the report
    assert incident.owner is not None
    entry = entries_of(incident).get(kind="incident.converted")
    assert (entry.facts["licence"], entry.rule) == (claim.pk, "R3")
    assert told(incident, "incident_covered") == {incident.reporter.email}
    stranger.refresh_from_db()
    assert level_of(stranger) is None


def test_taking_up_twice_is_once_and_what_does_not_wait_is_left_alone():
    claim = claimed()
    solved = filed(claim, at=NINE)
    Incident.objects.filter(pk=solved.pk).update(state=State.CLOSED, solved_at=NINE, closed_at=NINE)
    given = filed(claim, at=NINE)
    accept(
        given,
        level=make_level("premium", version=99),
        by=make_manager(),
        at=NINE,
        reason="An old customer",
    )
    confirmed(claim)

    done = [take_up(claim.pk, at=ELEVEN), take_up(claim.pk, at=ELEVEN)]

    assert done == [True, False]
    solved.refresh_from_db()
    given.refresh_from_db()
    assert (level_of(solved), level_of(given)) == (None, "premium")
    assert claims_to_take_up() == []


def test_a_claim_that_waits_or_is_declined_takes_nothing_up():
    waiting, declined = claimed(), claimed()
    incidents = [filed(one, at=NINE) for one in (waiting, declined)]
    decline(declined, at=NINE, by=make_manager(), reason="No such invoice.")

    assert claims_to_take_up() == []
    assert not take_up(waiting.pk, at=ELEVEN)
    assert not take_up(declined.pk, at=ELEVEN)
    for one in incidents:
        one.refresh_from_db()
        assert level_of(one) is None


def test_what_the_service_is_not_part_of_stays_uncovered_and_later_reports_are_covered_at_once():
    claim = claimed()
    assessment = filed(claim, at=NINE, service="feature_request")
    confirmed(claim)
    take_up(claim.pk, at=ELEVEN)

    assessment.refresh_from_db()
    claim.refresh_from_db()
    assert level_of(assessment) is None
    assert level_of(filed(claim, at=ELEVEN)) == "basic"


MAIL = """From: {sender}
To: support@axigen.example
Subject: IMAP stops
Message-ID: <{name}@customer.example>
Date: Mon, 02 Mar 2026 09:00:00 +0200

It stopped this morning.
"""


def mailed(contact, at):
    """Stored when it came in, and not handled yet."""
    return store(MAIL.format(sender=contact.email, name="one").encode(), at=at)


def test_a_mail_that_came_before_the_confirmation_and_is_read_after_it_counts_from_the_latter():
    contact = make_contact()
    claim = claimed(contact)
    mail = mailed(contact, NINE + hours(1))
    confirmed(claim)
    take_up(claim.pk, at=ELEVEN)

    handled = handle(mail.pk, at=ELEVEN + hours(1))

    incident = handled.incident
    assert incident is not None
    assert (level_of(incident), target_of(incident).opened_at) == ("basic", ELEVEN)


def test_a_mail_without_a_key_is_about_what_counts_and_not_about_a_claim():
    contact = make_contact()
    counting = make_licence(contact.organisation, registered_on=TODAY - days(9))
    claimed(contact)

    incident = handle(mailed(contact, NINE + hours(1)).pk, at=NINE + hours(2)).incident

    assert incident is not None
    assert (incident.licence, incident.channel) == (counting, Channel.EMAIL)
    assert level_of(incident) == "basic"


def test_a_subscription_sold_after_the_confirmation_counts_for_what_was_taken_up():
    claim = claimed()
    incident = filed(claim, at=NINE + hours(1))
    confirmed(claim)
    make_subscription(claim, starts_on=TODAY, ends_on=TODAY + days(365), bought_at=ELEVEN)

    take_up(claim.pk, at=ELEVEN)

    incident.refresh_from_db()
    assert level_of(incident) == "premium"
    assert target_of(incident).due_at == ELEVEN + hours(6)


def test_the_sweep_takes_up_over_its_partial_index():
    claim = make_claim(registered_on=TODAY, confirmed_at=timezone.now())
    done_before = make_claim(confirmed_at=NINE, taken_up_at=NINE)
    fill(Licence, copies(done_before, key=lambda n: f"AXI-X{n}"))

    with CaptureQueriesContext(connection) as captured:
        done = tasks.take_up_confirmed()
    asked = next(one["sql"] for one in captured.captured_queries if "taken_up_at" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + asked)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert done == 1
    claim.refresh_from_db()
    assert claim.taken_up_at is not None
    assert "licence_to_take_up" in plan
