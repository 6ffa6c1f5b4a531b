import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rota.enums import SwapState
from rota.models import Shift, Swap
from tests.factories import (
    days,
    hours,
    make_engineer,
    make_manager,
    make_shift,
    make_swap,
)

pytestmark = pytest.mark.django_db

MINE = "/admin/rota/mine/"


@pytest.fixture
def ana(client):
    ana = make_engineer(name="Ana Pop", timezone="UTC")
    client.force_login(ana)
    return ana


def shift_of(person, day=1):
    at = timezone.now() + days(day)
    return make_shift(person=person, starts_at=at, ends_at=at + hours(8))


def test_my_duty_shows_my_shifts_alone_and_how_i_stand(client, ana):
    make_shift(person=ana, starts_at=timezone.now() - hours(1), ends_at=timezone.now() + hours(7))
    shift_of(ana)
    shift_of(make_engineer())

    page = client.get(MINE).content.decode()

    assert "On duty until" in page
    assert page.count("Ask a colleague<span") == 1
    assert ">now<" in page


def test_without_a_shift_it_says_what_counts_then(client, ana):
    assert b"No shift is planned for you" in client.get(MINE).content


def test_my_duty_costs_the_same_with_more_of_everything(client, ana):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(MINE).status_code == 200
        return len(asked)

    make_swap(shift=shift_of(ana), asked_at=timezone.now())
    make_swap(shift=shift_of(make_engineer()), asked_of=ana, asked_at=timezone.now())
    cost()
    one = cost()
    for day in (3, 4):
        make_swap(shift=shift_of(ana, day), asked_at=timezone.now())
        make_swap(shift=shift_of(make_engineer(), day), asked_of=ana, asked_at=timezone.now())

    assert cost() == one


def test_a_colleague_is_asked_and_agrees_on_the_pages(client, ana):
    bob, shift = make_engineer(name="Bob Hope"), shift_of(ana)
    his = shift_of(bob, day=2)
    address = reverse("admin:rota_swap_ask", args=[shift.pk])

    assert "Bob Hope: " in client.get(address).content.decode()
    asked = client.post(address, {"of": bob.pk, "in_return": his.pk, "words": "A wedding"})

    assert asked.url == MINE
    assert b"Bob Hope is asked to take it" in client.get(MINE).content
    client.force_login(bob)
    assert b"A wedding" in client.get(MINE).content
    swap = Swap.objects.get()
    client.post(reverse("admin:rota_swap_action", args=[swap.pk, "agree"]))
    assert Shift.objects.get(pk=shift.pk).person == bob
    assert Shift.objects.get(pk=his.pk).person == ana


def test_a_refusal_is_shown_on_the_form_and_on_the_page(client, ana):
    bob, shift = make_engineer(), shift_of(ana)
    his = make_shift(person=bob, starts_at=shift.starts_at, ends_at=shift.ends_at)
    address = reverse("admin:rota_swap_ask", args=[shift.pk])

    page = client.post(address, {"of": bob.pk, "in_return": his.pk})
    swap = make_swap(shift=shift, asked_of=bob, asked_at=timezone.now())
    refused = client.post(reverse("admin:rota_swap_action", args=[swap.pk, "agree"]), follow=True)

    assert page.status_code == 409
    assert b"has another shift" in page.content
    assert refused.status_code == 200
    assert Swap.objects.get().state == SwapState.OPEN


def test_nobody_asks_about_or_answers_what_is_others(client, ana):
    theirs = make_swap(shift=shift_of(make_engineer()), asked_at=timezone.now())

    answers = [
        client.get(reverse("admin:rota_swap_ask", args=[theirs.shift_id])).status_code,
        client.post(reverse("admin:rota_swap_action", args=[theirs.pk, "agree"])).status_code,
        client.post(reverse("admin:rota_swap_action", args=[theirs.pk, "steal"])).status_code,
    ]

    assert answers == [404, 404, 404]


def test_who_has_no_duty_finds_no_page_of_their_own(client):
    client.force_login(make_manager())

    assert client.get(MINE).status_code == 403


def test_the_queue_says_until_when_i_am_on_duty(client, ana):
    make_shift(person=ana, starts_at=timezone.now() - hours(1), ends_at=timezone.now() + hours(7))

    assert b"On duty until" in client.get("/admin/queue/").content
