"""Signing in through the real pages, behind the real wall."""

import re
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, yield_hotp_counters_from_time
from allauth.mfa.totp.internal.auth import hotp_value as hotp
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from accounts.actions.people import deactivate
from accounts.actions.tokens import make_api_token
from notices.tasks import send_owed
from tests.factories import (
    NINE,
    PASSWORD,
    make_admin_contact,
    make_contact,
    make_engineer,
    make_manager,
    make_organisation,
    make_partner_engineer,
    make_tam,
)

# One process for whatever empties the cache, which all processes share.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("cache")]
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _nobody_was_limited_before() -> None:
    cache.clear()


def sign_in(client, email, password=PASSWORD, **fields):
    return client.post(LOGIN, {"login": email, "password": password} | fields)


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp(secret, next(yield_hotp_counters_from_time()))))


def set_up_second_factor(client) -> str:
    """Through the page, as a person does, with the password once more; the secret."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = str(page.context["form"].secret)
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


@pytest.mark.parametrize("typed", ("ana@northwind.example", "Ana@Northwind.Example"))
def test_a_contact_signs_in_by_address_whatever_its_case(client, typed):
    person = make_contact(email="ana@northwind.example", password=PASSWORD)

    answer = sign_in(client, typed)

    assert answer["Location"] == "/"
    assert client.get(reverse("accounts:profile")).context["user"] == person
    person.refresh_from_db()
    assert person.last_login is not None


def make_partners(**fields):
    return make_partner_engineer(**fields)


def make_assigned(**fields):
    return make_engineer(make_organisation(), **fields)


@pytest.mark.parametrize(
    ("maker", "lands"),
    (
        (make_manager, "/admin/figures/"),
        (make_tam, "/admin/customers/"),
        (make_engineer, "/admin/queue/"),
        (make_assigned, "/admin/queue/"),
        (make_partners, "/admin/queue/"),
    ),
)
def test_staff_of_every_kind_sign_in_and_go_to_their_work(client, maker, lands, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    person = maker(password=PASSWORD)

    answer = sign_in(client, person.email)

    assert answer["Location"] == lands


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client):
    make_contact(email="ana@northwind.example", password=PASSWORD)

    wrong = sign_in(client, "ana@northwind.example", "something else")
    unknown = sign_in(client, "nobody@northwind.example", "something else")

    said = [
        re.findall(r"(?s)<div class=\"alert.*?</div>", one.content.decode())
        for one in (wrong, unknown)
    ]
    assert (wrong.status_code, unknown.status_code) == (200, 200)
    assert said[0] == said[1] != []


def test_guessing_passwords_is_slowed_down(client):
    make_contact(email="ana@northwind.example", password=PASSWORD)
    for _ in range(6):
        sign_in(client, "ana@northwind.example", "something else")

    answer = sign_in(client, "ana@northwind.example")

    assert "Location" not in answer


def test_where_one_was_going_is_kept_and_other_hosts_are_not(client):
    make_contact(email="ana@northwind.example", password=PASSWORD)

    home = sign_in(client, "ana@northwind.example", next="/profile/")
    client.logout()
    away = sign_in(client, "ana@northwind.example", next="https://evil.example/")

    assert (home["Location"], away["Location"]) == ("/profile/", "/")


def test_signing_out_takes_a_post(client):
    client.force_login(make_contact())

    client.get("/accounts/logout/")
    still_in = client.get(reverse("accounts:profile")).status_code
    client.post("/accounts/logout/")

    assert still_in == 200
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_nobody_signs_up_by_themselves(client):
    answer = client.post(
        "/accounts/signup/", {"email": "me@evil.example", "password1": PASSWORD}, follow=True
    )

    assert "/accounts/signup/" not in str(answer.redirect_chain)
    assert not Session.objects.exists()


@pytest.mark.parametrize("maker", (make_contact, make_tam, make_assigned))
def test_a_forgotten_password_is_replaced_by_a_mailed_link(client, maker):
    person = maker(email="ana@northwind.example", password=PASSWORD)

    client.post("/accounts/password/reset/", {"email": "Ana@northwind.example"})
    send_owed()
    link = re.search(r"http\S+/accounts/password/reset/key/\S+", str(mail.outbox[0].body))
    assert link
    page = client.get(link[0], follow=True)
    new = {"password1": "a new and longer phrase", "password2": "a new and longer phrase"}
    client.post(page.request["PATH_INFO"], new)

    person.refresh_from_db()
    assert person.check_password("a new and longer phrase")
    assert mail.outbox[0].subject == "Choose a new password for AxSupport"


def test_an_unknown_address_gets_the_same_answer_and_its_owner_a_mail(client):
    make_contact(email="ana@northwind.example")

    known, unknown = (
        client.post("/accounts/password/reset/", {"email": email})
        for email in ("ana@northwind.example", "nobody@northwind.example")
    )
    send_owed()

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert "There is no account with this address" in mail.outbox[1].body


@pytest.mark.parametrize("maker", (make_contact, make_tam, make_assigned))
def test_one_changes_ones_own_password(client, maker):
    person = maker(password=PASSWORD)
    sign_in(client, person.email)
    new = {
        "oldpassword": PASSWORD,
        "password1": "a new and longer phrase",
        "password2": "a new and longer phrase",
    }

    client.post("/accounts/password/change/", new)

    person.refresh_from_db()
    assert person.check_password("a new and longer phrase")


@pytest.mark.parametrize("maker", (make_contact, make_assigned, make_tam))
def test_a_second_factor_is_set_up_and_then_asked_for(client, maker):
    person = maker(password=PASSWORD)
    sign_in(client, person.email)
    secret = set_up_second_factor(client)
    client.logout()
    cache.clear()  # a code works once within its half minute

    first = sign_in(client, person.email)
    halfway = client.get(reverse("accounts:profile"))
    wrong = client.post(first["Location"], {"code": "000000"})
    right = client.post(first["Location"], {"code": code_of(secret)})

    assert first["Location"] == "/accounts/2fa/authenticate/"
    assert halfway.status_code == 302
    assert wrong.status_code == 200
    assert right.status_code == 302
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_staff_set_up_a_second_factor_before_they_work(client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    engineer = make_engineer(password=PASSWORD)
    sign_in(client, engineer.email)

    before = [client.get(url) for url in ("/admin/queue/", "/api/v1/incidents/", "/profile/")]
    set_up_second_factor(client)
    after = client.get("/admin/queue/")

    assert {(one.status_code, one["Location"]) for one in before} == {(302, "/accounts/2fa/")}
    assert after.status_code == 200


def test_customers_may_work_without_a_second_factor(client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    client.force_login(make_contact())

    assert client.get(reverse("accounts:profile")).status_code == 200


def test_a_token_of_staff_needs_no_second_factor(client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    token = make_api_token(make_engineer(), at=NINE)

    answer = client.get("/api/v1/incidents/", headers={"Authorization": f"Token {token}"})

    assert answer.status_code == 200


def test_whose_account_is_closed_is_out_at_once(client):
    admin = make_admin_contact()
    person = make_contact(admin.organisation, password=PASSWORD)
    token = make_api_token(person, at=NINE)
    client.force_login(person)
    assert client.get(reverse("accounts:profile")).status_code == 200

    deactivate(person, by=admin, at=NINE)

    assert client.get(reverse("accounts:profile")).status_code == 302
    sign_in(client, person.email)
    assert client.get(reverse("accounts:profile")).status_code == 302
    answer = client.get("/api/v1/incidents/", headers={"Authorization": f"Token {token}"})
    assert answer.status_code == 401


def test_the_admin_has_no_door_of_its_own(client):
    answer = client.get("/admin/login/?next=/admin/queue/")
    inside = client.get("/admin/")

    assert answer["Location"] == "/accounts/login/?next=%2Fadmin%2Fqueue%2F"
    assert inside["Location"].startswith("/admin/login/")


def test_customers_have_no_place_in_the_admin(client):
    client.force_login(make_contact())

    assert client.get("/admin/").status_code in (302, 404)
    assert client.get("/admin/accounts/person/").status_code in (302, 404)


@pytest.mark.parametrize("authorization", ("Token wrong", "Token ", "Token axs_\x7f", "Bearer x"))
def test_a_wrong_token_is_told_what_helps(client, authorization):
    answer = client.get("/api/v1/incidents/", headers={"Authorization": authorization})

    assert answer.status_code == 401
    assert answer.json()["detail"]


def test_moments_are_shown_in_the_persons_zone(client):
    admin = make_admin_contact(timezone="Asia/Kathmandu")
    client.force_login(admin)
    client.post(reverse("accounts:invite"), {"email": "n@b.example", "role": "contact"})

    shown = client.get(reverse("accounts:people"))

    expires = shown.context["invitations"][0].expires_at
    local = expires.astimezone(ZoneInfo("Asia/Kathmandu"))
    assert f"{local:%H:%M}" in shown.content.decode()
