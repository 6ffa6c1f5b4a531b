"""The one question after solving, in the portal and behind the link in the mail."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    NINE,
    days,
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_rating,
)
from tests.tickets.desk import filed, journal
from tickets.actions.conversation import answer
from tickets.actions.ratings import incident_of, rate, rating_url
from tickets.enums import State
from tickets.errors import BadLink, BadRating, NotRateable, RatingClosed
from tickets.models import Incident, Rating

pytestmark = pytest.mark.django_db


@pytest.fixture
def solved():
    return make_incident(state=State.SOLVED)


def path_of(incident) -> str:
    return "/rate/" + rating_url(incident).partition("/rate/")[2]


@pytest.mark.parametrize("state", (State.SOLVED, State.CLOSED))
def test_an_answer_is_kept(state):
    incident = make_incident(state=state)

    rate(incident, score=5, comment="Qui\0ck!", at=NINE)

    rating = Rating.objects.get()
    assert (rating.incident, rating.score, rating.comment) == (incident, 5, "Quick!")
    assert (rating.given_at, rating.changed_at) == (NINE, None)
    assert journal(incident) == ["incident.rated"]


@pytest.mark.parametrize("score", (0, 6, -1))
def test_there_are_five_answers(solved, score):
    with pytest.raises(BadRating):
        rate(solved, score=score, comment="", at=NINE)


@pytest.mark.parametrize("state", (State.NEW, State.OPEN, State.WAITING))
def test_what_is_not_solved_is_not_rated(state):
    with pytest.raises(NotRateable):
        rate(make_incident(state=state), score=1, comment="", at=NINE)


def test_an_answer_can_be_changed_for_a_week_and_stays_one(solved):
    rate(solved, score=2, comment="Slow.", at=NINE)

    rate(solved, score=4, comment="Better.", at=NINE + days(7))

    rating = Rating.objects.get()
    assert (rating.score, rating.comment) == (4, "Better.")
    assert (rating.given_at, rating.changed_at) == (NINE, NINE + days(7))


def test_after_a_week_it_stays(solved):
    rate(solved, score=2, comment="", at=NINE)

    with pytest.raises(RatingClosed, match="7 days"):
        rate(solved, score=5, comment="", at=NINE + days(7) + hours(0.001))

    assert Rating.objects.get().score == 2


def test_the_link_of_the_mail_leads_to_its_incident(solved):
    make_incident(state=State.SOLVED)

    assert incident_of(rating_url(solved).split("/")[-2]) == solved


@pytest.mark.parametrize("token", ("", "1", "1:wrong", "x:y:z", "1\0:x", "é:ß"))
def test_a_link_that_we_did_not_sign_leads_nowhere(token):
    with pytest.raises(BadLink):
        incident_of(token)


def test_the_link_works_without_signing_in(client):
    incident = filed()
    answer(incident, author=make_engineer(), body="Done.", at=NINE + hours(1), then="solved")
    page = client.get(path_of(incident), {"score": 4})
    before = Rating.objects.exists()

    answered = client.post(path_of(incident), {"score": 4, "comment": "Thanks"})

    assert (page.status_code, answered.status_code) == (200, 200)
    assert incident.number in page.content.decode()
    assert incident.organisation.name not in page.content.decode()
    assert 'value="4"' in page.content.decode()
    assert before is False  # a mail scanner that follows links answers nothing
    assert "Thank you" in answered.content.decode()
    assert Rating.objects.get().score == 4


def test_the_link_shows_what_was_given_and_refuses_a_change_after_the_week(client, solved):
    make_rating(solved, score=2, comment="Slow", given_at=timezone.now() - days(8))

    page = client.get(path_of(solved))
    refused = client.post(path_of(solved), {"score": 5, "comment": ""})

    assert "Slow" in page.content.decode()
    assert (refused.status_code, Rating.objects.get().score) == (409, 2)
    assert "for 7 days" in refused.content.decode()


@pytest.mark.parametrize("given", ({}, {"score": "9"}, {"score": "4", "comment": "a\0b"}))
def test_a_wrong_answer_shows_the_question_again(client, solved, given):
    response = client.post(path_of(solved), given)

    assert (response.status_code, Rating.objects.exists()) == (400, False)
    assert solved.number in response.content.decode()


@pytest.mark.parametrize("path", ("/rate/1:wrong/", "/rate/%00/", "/rate/x/"))
def test_a_wrong_link_is_a_clear_404(client, path):
    for response in (client.get(path), client.post(path, {"score": 5})):
        assert response.status_code == 404
        assert "This link is not valid" in response.content.decode()


def test_a_link_of_one_incident_does_not_rate_another(client, solved):
    other = make_incident(state=State.SOLVED)
    signature = path_of(solved).split(":")[1]

    response = client.post(f"/rate/{other.pk}:{signature}", {"score": 1})

    assert (response.status_code, Rating.objects.exists()) == (404, False)


def test_the_portal_asks_too_and_changes_the_same_answer(client, solved):
    client.force_login(solved.reporter)
    url = reverse("tickets:rate_own", args=[solved.number])

    client.post(url, {"score": 3})
    response = client.post(url, {"score": 5, "comment": "Good"}, follow=True)

    assert Rating.objects.get().score == 5
    assert "Change the answer" in response.content.decode()


def test_the_portal_rates_nothing_of_strangers(client, solved):
    client.force_login(make_contact())

    response = client.post(reverse("tickets:rate_own", args=[solved.number]), {"score": 3})

    assert (response.status_code, Rating.objects.exists()) == (404, False)


def test_an_answer_of_none_of_the_five_says_so_in_the_portal(client, solved):
    client.force_login(solved.reporter)

    url = reverse("tickets:rate_own", args=[solved.number])
    response = client.post(url, {"score": "best"}, follow=True)

    assert "Choose one of the five answers" in response.content.decode()
    assert not Rating.objects.exists()


def test_the_address_holds_the_number_of_no_incident(solved):
    assert re.search(r"/rate/\d+:[\w-]+/$", rating_url(solved))
    assert Incident.objects.get(pk=solved.pk).number not in rating_url(solved)
