"""Minutes worked: noted in the rail with one key where a desk keeps them, never for customers."""

from __future__ import annotations

import pytest

from core.errors import NotAllowed
from tests.factories import NINE, make_engineer, make_incident, make_worked
from tests.tickets.staff_pages import action_of, form, page_of, reported
from tickets.actions.worked import note_minutes
from tickets.errors import MinutesNotKept, MinutesNotNoted
from tickets.models import Worked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings):
    settings.NOTE_MINUTES = True
    settings.STAFF_NEED_SECOND_FACTOR = False


def test_the_rail_notes_them_and_says_whose_they_are(client):
    ana, bob = make_engineer(name="Ana"), make_engineer(name="Bob")
    incident = reported(owner=ana)
    make_worked(incident, person=bob, minutes=25)
    make_worked(incident, person=ana, minutes=5)
    make_worked(minutes=99)
    client.force_login(ana)
    asks_for = client.get(action_of(incident, "minutes"), headers={"HX-Request": "true"})
    assert 'name="minutes"' in asks_for.content.decode()

    said = client.post(action_of(incident, "minutes"), form(minutes="55"), follow=True)

    page = said.content.decode()
    assert "Noted: you worked 1 h on" in page
    assert "1 h 25 min (Ana 60, Bob 25)" in page
    history = client.get(f"{page_of(incident)}history/").content.decode()
    assert "Noted 55 minutes worked" in history


def test_what_was_too_much_is_taken_back_and_no_more_than_that():
    ana, incident = make_engineer(), make_incident()
    assert note_minutes(incident, minutes=30, by=ana, at=NINE) == 30
    assert note_minutes(incident, minutes=-10, by=ana, at=NINE) == 20
    with pytest.raises(MinutesNotNoted, match="20 minutes"):
        note_minutes(incident, minutes=-21, by=ana, at=NINE)


@pytest.mark.parametrize("minutes", ("0", "", "x", "1441", "-1441"))
def test_nonsense_is_said_and_nothing_is_noted(client, minutes):
    ana = make_engineer()
    incident = reported(owner=ana)
    client.force_login(ana)

    refused = client.post(action_of(incident, "minutes"), form(minutes=minutes))

    assert refused.status_code == 400
    assert not Worked.objects.exists()


def test_customers_neither_note_nor_see_them(client):
    incident = reported()
    make_worked(incident)
    with pytest.raises(NotAllowed):
        note_minutes(incident, minutes=5, by=incident.reporter, at=NINE)
    assert not Worked.objects.visible_to(incident.reporter).exists()
    client.force_login(incident.reporter)
    assert "15 min" not in client.get(f"/incidents/{incident.number}/").content.decode()


def test_a_desk_that_keeps_none_offers_and_takes_none(client, settings):
    settings.NOTE_MINUTES = False
    ana = make_engineer()
    incident = reported(owner=ana)
    client.force_login(ana)

    assert "Worked" not in client.get(page_of(incident)).content.decode()
    with pytest.raises(MinutesNotKept):
        note_minutes(incident, minutes=5, by=ana, at=NINE)
