"""Requests that come twice: one incident, one action, whatever runs at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from core import rls
from tests.factories import NINE, hours, make_contact, make_engineer, make_incident
from tests.tickets.desk import covered
from tickets.actions.conversation import note
from tickets.actions.filing import Report, file_incident
from tickets.actions.repeats import done_once, filed_once
from tickets.errors import EmptyText, KeyReused
from tickets.models import HandledRequest, Incident, Message

pytestmark = pytest.mark.django_db


def filing(licence, reporter, *, key="k", body="It stopped.", asked=None):
    return filed_once(
        reporter,
        key=key,
        asked=asked or {"licence": licence, "body": body},
        at=NINE,
        file=lambda: file_incident(
            Report(
                reporter=reporter, licence=licence, service="troubleshooting", subject="", body=body
            ),
            at=NINE,
        ),
    )


def test_the_same_request_gets_the_same_incident():
    licence = covered()
    reporter = make_contact(licence.organisation)

    first, fresh = filing(licence, reporter)
    second, fresh_again = filing(licence, reporter)

    assert (first, fresh, fresh_again) == (second, True, False)
    assert Incident.objects.count() == 1


def test_another_request_under_the_key_is_refused():
    licence = covered()
    reporter = make_contact(licence.organisation)
    filing(licence, reporter)

    with pytest.raises(KeyReused):
        filing(licence, reporter, body="Something else.")

    assert Incident.objects.count() == 1


def test_what_was_refused_may_come_again_under_its_key():
    licence = covered()
    reporter = make_contact(licence.organisation)

    with pytest.raises(EmptyText):
        filing(licence, reporter, body=" ")

    assert not HandledRequest.objects.exists()
    assert filing(licence, reporter)[1] is True


def test_a_action_is_done_once():
    incident, engineer = make_incident(), make_engineer()

    done = [
        done_once(
            engineer,
            key="k",
            asked={"body": "Hm."},
            at=NINE,
            incident=incident,
            do=lambda: note(incident, author=engineer, body="Hm.", at=NINE + hours(1)),
        )
        for _ in range(2)
    ]

    assert (done, Message.objects.count()) == ([True, False], 1)


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_under_one_key_make_one_incident_and_spend_one_gold():
    licence = covered(gold=8)
    licence.organisation.gold_default = "always"
    licence.organisation.save()
    reporter = make_contact(licence.organisation)
    start = threading.Barrier(8)

    def one_request(_: int) -> tuple[str, bool]:
        try:
            start.wait(timeout=30)
            with rls.only([licence.organisation_id]):
                incident, fresh = filing(licence, reporter, asked={"licence": licence.pk})
                return incident.number, fresh
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(one_request, range(8)))

    assert len({number for number, _ in answers}) == 1
    assert [fresh for _, fresh in answers].count(True) == 1
    assert Incident.objects.count() == 1
    assert licence.incident_packs.get().available == 7
