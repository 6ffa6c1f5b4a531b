"""Where people are signed in, how that ends, and what is notified of each change of a key."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions.sessions import forget_old
from accounts.models import SignIn
from core import rls
from core.models import JournalEntry
from notices.models import Notice
from notices.tasks import send_owed
from tests.accounts.test_signin import set_up_second_factor, sign_in
from tests.factories import (
    NINE,
    PASSWORD,
    make_contact,
    make_engineer,
    make_manager,
    make_sign_in,
    make_token,
)

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("cache")]
NEW = "a new and longer phrase"
PROFILE = "/profile/"
CHANGE = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}


class Clock:
    """The moment that the pages read, moved on by hand."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self):
        return self.now

    def shift(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr("django.utils.timezone.now", made)
    return made


@pytest.fixture(autouse=True)
def _nobody_was_limited_before(settings) -> None:
    cache.clear()
    settings.STAFF_NEED_SECOND_FACTOR = False


def browser(person, name="Firefox", address="203.0.113.9"):
    client = Client(headers={"User-Agent": name}, REMOTE_ADDR=address)
    assert sign_in(client, person.email).status_code == 302
    return client


def is_in(client) -> bool:
    return bool(client.get(PROFILE).status_code == 200)


def told(person) -> list[str]:
    notices = Notice.objects.filter(to=person, template="account_changed").order_by("pk")
    return [one.context["what"] for one in notices]


def test_each_browser_stands_in_the_list_with_where_it_is():
    person = make_contact(password=PASSWORD)
    here, _ = browser(person), browser(person, "Safari", "2001:db8::1")

    page = here.get(reverse("accounts:sessions")).content.decode()

    assert all(one in page for one in ("Firefox", "Safari", "203.0.113.9", "2001:db8::1"))
    assert "Here, now" in page


def test_the_list_shows_nobody_elses():
    person = make_contact(password=PASSWORD)
    make_sign_in(make_contact(), browser="Foreign", seen_at=timezone.now())

    assert "Foreign" not in browser(person).get(reverse("accounts:sessions")).content.decode()


@pytest.mark.parametrize("maker", (make_contact, make_engineer))
def test_signing_out_in_one_browser_ends_that_one_alone(maker):
    person = maker(password=PASSWORD)
    here, there, third = (browser(person, name) for name in ("One", "Two", "Three"))
    row = SignIn.objects.get(browser="Two")

    here.post(reverse("accounts:session_end", args=[row.pk]))

    assert [is_in(one) for one in (here, there, third)] == [True, False, True]


@pytest.mark.parametrize("maker", (make_contact, make_engineer))
def test_signing_out_everywhere_leaves_this_browser_and_ends_even_those_not_listed(maker):
    person = maker(password=PASSWORD)
    here, there, unknown = browser(person), browser(person), Client()
    unknown.force_login(person)

    here.post(reverse("accounts:sessions_end"))

    assert [is_in(one) for one in (here, there, unknown)] == [True, False, False]
    assert SignIn.objects.filter(person=person).count() == 1
    assert told(person) == ["You were signed out everywhere else"]
    here.get(reverse("accounts:sessions"))
    assert is_in(here)


def test_a_session_from_before_keeps_working():
    """Where nobody was signed out everywhere, the digest is the one that Django makes."""
    person = make_contact()

    assert person.get_session_auth_hash() == super(type(person), person).get_session_auth_hash()


def test_signing_out_takes_the_row_away():
    person = make_contact(password=PASSWORD)

    browser(person).post("/accounts/logout/")

    assert not SignIn.objects.exists()


def test_a_new_password_ends_the_other_browsers_and_their_rows():
    person = make_contact(password=PASSWORD)
    here, there = browser(person), browser(person)

    here.post("/accounts/password/change/", CHANGE)

    assert [is_in(one) for one in (here, there)] == [True, False]
    assert SignIn.objects.filter(person=person).count() == 1
    assert told(person) == ["Your password was changed"]


@pytest.mark.parametrize(("ticked", "left"), (({"revoke_tokens": "on"}, 0), ({}, 1)))
def test_a_new_password_asks_whether_the_tokens_go_too(ticked, left):
    person = make_contact(password=PASSWORD)
    make_token(person)
    here = browser(person)

    page = here.get("/accounts/password/change/").content.decode()
    here.post("/accounts/password/change/", CHANGE | ticked)

    assert "Revoke my API token, too" in page
    assert person.api_tokens.filter(revoked_at=None).count() == left


def test_who_has_no_token_is_not_asked():
    page = browser(make_contact(password=PASSWORD)).get("/accounts/password/change/")

    assert "API token" not in page.content.decode()


# Staff who do nothing.


def test_staff_who_do_nothing_are_signed_out_and_come_back_to_their_page(settings, clock):
    settings.STAFF_IDLE_MINUTES = 30
    here = browser(make_engineer(password=PASSWORD))
    clock.shift(timedelta(minutes=29))
    busy = here.get("/admin/queue/?q=mail").status_code
    clock.shift(timedelta(minutes=29))
    still = here.get("/admin/queue/?q=mail").status_code
    clock.shift(timedelta(minutes=36))
    away = here.get("/admin/queue/?q=mail")
    shown = here.get(away["Location"]).content.decode()

    assert (busy, still) == (200, 200)
    assert away["Location"] == "/accounts/login/?idle=1&next=%2Fadmin%2Fqueue%2F%3Fq%3Dmail"
    assert "nothing was done for a while" in shown
    assert not SignIn.objects.exists()


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(settings, clock):
    settings.STAFF_IDLE_MINUTES = 30
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://testserver/admin/queue/?tab=mine"}
    here = browser(make_engineer(password=PASSWORD))
    for _ in range(4):
        clock.shift(timedelta(minutes=9))
        last = here.get("/admin/queue/", headers=htmx)

    assert last.status_code == 204
    assert last["HX-Redirect"].endswith("next=%2Fadmin%2Fqueue%2F%3Ftab%3Dmine")


def test_the_api_of_somebody_idle_is_401(settings, clock):
    settings.STAFF_IDLE_MINUTES = 30
    here = browser(make_engineer(password=PASSWORD))
    clock.shift(timedelta(hours=1))

    assert here.get("/api/v1/incidents/").status_code == 401


@pytest.mark.parametrize("minutes", (0, 30))
def test_customers_are_not_signed_out_nor_staff_without_a_limit(settings, minutes, clock):
    settings.STAFF_IDLE_MINUTES = minutes
    maker = make_contact if minutes else make_engineer
    here = browser(maker(password=PASSWORD))
    clock.shift(timedelta(days=2))

    assert is_in(here)


def test_rows_of_sessions_that_ran_out_are_forgotten(settings):
    old = make_sign_in(make_contact())
    fresh = make_sign_in(old.person, seen_at=NINE + timedelta(days=10))

    forget_old(at=NINE + timedelta(seconds=settings.SESSION_COOKIE_AGE))

    assert list(SignIn.objects.all()) == [fresh]


# The lock.


def test_a_stranger_who_guesses_locks_nobody_else_out():
    person = make_contact(password=PASSWORD)
    stranger, owner = Client(REMOTE_ADDR="198.51.100.1"), Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(6):
        sign_in(stranger, person.email, "wrong")

    locked, inside = sign_in(stranger, person.email), sign_in(owner, person.email)

    assert locked.status_code == 200
    assert inside.status_code == 302


def test_who_guesses_is_written_down_with_where_and_locked_once():
    person = make_contact(password=PASSWORD)
    stranger = Client(REMOTE_ADDR="198.51.100.1")
    for _ in range(8):
        sign_in(stranger, person.email, "wrong")

    kinds = list(
        JournalEntry.objects.filter(is_security=True).order_by("pk").values_list("kind", flat=True)
    )
    assert kinds == ["signin.failed"] * 5 + ["signin.locked"]
    entry = JournalEntry.objects.filter(is_security=True).earliest("pk")
    assert entry.is_security
    assert entry.facts["from_address"] == "198.51.100.1"
    assert re.fullmatch("[0-9a-f]{12}", entry.facts["request"])
    assert entry.organisation == person.organisation


def test_an_address_that_nobody_has_fills_no_journal(client):
    sign_in(client, "nobody@northwind.example", "wrong")

    assert not JournalEntry.objects.filter(is_security=True).exists()


def test_only_the_trusted_proxy_is_believed(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    person = make_contact(password=PASSWORD)
    client = Client(headers={"X-Forwarded-For": "192.0.2.66, 203.0.113.9"})

    sign_in(client, person.email)

    assert SignIn.objects.get().address == "203.0.113.9"


# After a forgotten password.


@pytest.mark.parametrize("maker", (make_contact, make_manager))
def test_after_a_forgotten_password_there_is_no_dead_end(client, maker, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    settings.SITE_URL = "https://desk.example"
    settings.ALLOWED_HOSTS = ["*"]
    person = maker(password=PASSWORD)

    evil = {"headers": {"Host": "evil.example"}}
    client.post("/accounts/password/reset/", {"email": person.email}, **evil)
    send_owed()
    body = str(mail.outbox[0].body)
    link = re.search(r"https://desk\.example(/accounts/password/reset/key/\S+)", body)
    assert link, body
    page = client.get(link[1], follow=True)
    new = {"password1": NEW, "password2": NEW}
    done = client.post(page.request["PATH_INFO"], new, follow=True)
    assert reverse("account_login") in done.content.decode()
    sign_in(client, person.email, NEW)
    if person.is_staff:
        client.post("/accounts/reauthenticate/", {"password": NEW})
        assert client.get(reverse("mfa_activate_totp")).status_code == 200

    assert told(person) == ["Your password was replaced by means of a link that we mailed you"]


@pytest.mark.parametrize("maker", (make_contact, make_engineer))
def test_a_factor_that_is_added_and_removed_is_told_and_written_down(
    maker, django_capture_on_commit_callbacks
):
    person = maker(password=PASSWORD)
    here = browser(person)
    with django_capture_on_commit_callbacks(execute=True), rls.only(()):
        set_up_second_factor(here)
    here.post(reverse("mfa_deactivate_totp"))

    assert told(person) == [
        "An authenticator app was added to your account",
        "The authenticator app was removed from your account",
    ]
    kinds = set(JournalEntry.objects.values_list("kind", flat=True))
    assert {"signin.done", "factor.added", "factor.removed"} <= kinds
