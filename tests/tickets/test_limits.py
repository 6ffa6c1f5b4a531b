"""What is outside the limits of support is said so, with the text that the customer gets (14)."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.errors import NotAllowed
from entitlements.errors import AlreadyRefunded
from entitlements.models import IncidentPack
from reports.reads.content import content_of
from reports.rules import figures
from reports.rules.months import Month
from tests.factories import (
    NINE,
    days,
    hours,
    make_cause,
    make_contact,
    make_engineer,
    make_incident,
    make_manager,
    make_organisation,
    make_partner_engineer,
)
from tests.tickets.api.client import URL, client_of
from tests.tickets.desk import covered, filed, journal, target_of, told
from tests.tickets.staff_pages import action_of, form, reported
from tickets.actions.canned import Canned, keep_canned
from tickets.actions.conversation import answer, write
from tickets.actions.lifecycle import close
from tickets.actions.limits import say_outside
from tickets.enums import MeantFor, State
from tickets.errors import OutsideAlready
from tickets.models import Incident
from tickets.reads.canned import limits_text

pytestmark = pytest.mark.django_db

APRIL = datetime.fromisoformat("2026-04-03T09:00:00+00:00")


@pytest.fixture
def engineer():
    return make_engineer(name="Elena Dumitru")


def outside(incident, by, at=NINE + hours(1), **fields):
    return say_outside(incident, body="It is the firewall.", by=by, at=at, **fields)


def march(incident, at=APRIL):
    content = content_of(incident.organisation, Month.parse("2026-03"), at=at)
    counted = {one.key: one.count for one in figures.figures(content)}
    return content.incidents[0].state, counted.get("outside", 0)


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


def test_it_is_an_answer_that_meets_what_is_owed_and_ends_it(engineer):
    incident = filed(covered(gold=3), use_gold=True)
    cause = make_cause("third-party")

    outside(incident, engineer, solution="It is the firewall.", cause=cause)

    incident = fresh(incident)
    assert (incident.state, incident.outside_at) == (State.SOLVED, NINE + hours(1))
    assert target_of(incident).met_at == NINE + hours(1)
    assert told(incident, "incident_solved") == {incident.reporter.email}
    assert "incident.outside" in journal(incident)
    assert incident.solutions.get().cause == cause
    assert IncidentPack.objects.get().available == 2  # it was worked on: the Gold incident is spent
    with pytest.raises(OutsideAlready):
        outside(incident, engineer, at=NINE + hours(2))


def test_the_gold_incident_comes_back_where_no_help_was_given_once(engineer):
    incident = filed(covered(gold=3), use_gold=True)
    outside(incident, engineer, give_back=True)

    assert IncidentPack.objects.get().available == 3
    write(incident, author=incident.reporter, body="No.", at=NINE + hours(2))
    with pytest.raises(AlreadyRefunded), transaction.atomic():
        outside(incident, engineer, at=NINE + hours(3), give_back=True)
    assert fresh(incident).outside_at is None  # nothing half done


def test_the_report_says_so_for_this_customer_and_as_of_its_month(engineer):
    incident, theirs = filed(), filed()
    outside(theirs, engineer)
    answer(incident, author=engineer, body="So.", at=NINE + hours(1), then=State.SOLVED)
    assert march(incident) == ("Solved", 0)

    outside(incident, engineer, at=APRIL + hours(1))  # found out in April

    assert march(incident, at=APRIL + hours(2)) == ("Solved", 0)
    assert march(theirs) == ("Outside the limits", 1)
    write(theirs, author=theirs.reporter, body="It is you.", at=APRIL + hours(1))
    assert march(theirs, at=APRIL + hours(2)) == ("Outside the limits", 1)


def test_whatever_opens_it_again_takes_the_mark_off(engineer):
    incident = filed()
    outside(incident, engineer)

    write(incident, author=incident.reporter, body="It is you.", at=NINE + hours(2))

    assert (fresh(incident).state, fresh(incident).outside_at) == (State.OPEN, None)
    assert journal(incident).count("incident.outside") == 2


def test_the_database_knows_no_open_one(engineer):
    with pytest.raises(IntegrityError):
        make_incident(state=State.OPEN, outside_at=NINE)


def test_closed_it_stays_outside(engineer):
    incident = filed()
    outside(incident, engineer)
    close(incident, by=incident.reporter, at=NINE + days(1))

    assert fresh(incident).shown_state == "outside"


def test_an_answer_that_reaches_nobody_ends_nothing_and_gives_nothing_back(engineer):
    incident = filed()
    incident.reporter.is_active = False
    incident.reporter.save(update_fields=["is_active"])

    outside(incident, make_manager(), give_back=True)

    assert (fresh(incident).state, fresh(incident).outside_at) == (State.OPEN, None)


def test_who_may():
    incident = filed()
    for person in (
        incident.reporter,
        make_contact(),
        make_partner_engineer(),
        make_engineer(make_organisation()),
    ):
        with pytest.raises(NotAllowed):
            outside(incident, person)


# What the customer reads


def test_the_text_is_the_shipped_one_until_managers_keep_theirs(engineer):
    incident, manager = filed(), make_manager()
    shipped = limits_text(incident, engineer)

    for text, services in (("For all: {{ incident.number }}", ()), ("Ours", ("troubleshooting",))):
        canned = Canned(text, text, MeantFor.ALL, services=services, is_for_limits=True)
        keep_canned(canned, by=manager, at=NINE)
    keep_canned(Canned("Other", "Other", MeantFor.ALL), by=manager, at=NINE)
    other = filed(covered(), service="installation")

    assert incident.service.limits.strip() in shipped
    assert "{{" not in shipped
    assert limits_text(incident, engineer) == "Ours"
    assert limits_text(other, engineer) == f"For all: {other.number}"


def test_the_form_sends_what_stands_in_it(client, engineer):
    incident = reported()
    client.force_login(engineer)
    said = {"solution": "The firewall.", "cause": make_cause("third-party").key}

    page = client.get(action_of(incident, "outside")).content.decode()
    raw = client.post(action_of(incident, "outside"), form(body="Dear {{ reporter.name }}", **said))
    done = client.post(action_of(incident, "outside"), form(body="It is the firewall.", **said))

    assert "Dear" in page
    assert "Give the Gold incident back" not in page  # none was spent
    assert (raw.status_code, done.status_code) == (400, 302)
    assert fresh(incident).outside_at is not None


# Where it is seen


def test_portal_queue_search_and_api_show_it(client, engineer):
    incident, solved = filed(), filed()
    outside(incident, engineer)
    answer(solved, author=engineer, body="So.", at=NINE + hours(1), then=State.SOLVED)

    client.force_login(engineer)
    queue = client.get(reverse("admin:queue"), {"q": "is:outside"}).content.decode()
    page = client.get(reverse("admin:incident", args=[incident.number])).content.decode()
    client.force_login(incident.reporter)
    portal = client.get(reverse("tickets:detail", args=[incident.number])).content.decode()
    listed = client.get(reverse("tickets:list"), {"state": "outside"}).content.decode()
    api = client_of(incident.reporter).get(f"{URL}{incident.number}/").json()

    for shown in (listed, portal, page, queue):
        assert "Outside the limits" in shown
        assert incident.number in shown
        assert solved.number not in shown
    assert (api["state"], api["outside_at"] is not None) == ("solved", True)
