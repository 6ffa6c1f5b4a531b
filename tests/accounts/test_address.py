"""Another address: asked for in the profile, proven by a link, told to the old one."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.actions.addresses import ask_for_address
from accounts.errors import AddressTaken, SameAddress
from core.journal import entries_of
from notices.models import Notice
from notices.tasks import send_owed
from tests.accounts.test_tokens import proven
from tests.factories import NINE, PASSWORD, make_contact, make_engineer

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("cache")]
NEW = "ana.new@northwind.example"
ASK = "/profile/address/"


@pytest.fixture(autouse=True)
def _nobody_was_limited_before(settings) -> None:
    cache.clear()
    settings.STAFF_NEED_SECOND_FACTOR = False


def link_of(client, email=NEW) -> str:
    assert client.post(ASK, {"email": email}).status_code == 302
    send_owed()
    (letter,) = [one for one in mail.outbox if one.to == [email]]
    (link,) = re.findall(r"http\S+(/profile/address/\S+)", str(letter.body))
    return str(link)


@pytest.mark.parametrize("maker", (make_contact, make_engineer))
def test_the_address_changes_by_the_link_and_both_are_told(client, maker):
    person = maker(email="ana@northwind.example", password=PASSWORD)
    proven(client, person)
    link = link_of(client)
    seen = client.get(link)
    person.refresh_from_db()
    before = person.email

    client.post(link)

    person.refresh_from_db()
    assert seen.status_code == 200
    assert (before, person.email) == ("ana@northwind.example", NEW)
    send_owed()
    warned = {one.to[0] for one in mail.outbox if one.subject.startswith("Your address changed")}
    assert warned == {"ana@northwind.example", NEW}
    assert entries_of(person).filter(kind="person.address").get().is_security
    assert client.get(link).status_code == 410


def test_it_asks_for_the_password_first(client):
    client.force_login(make_contact(password=PASSWORD))

    assert client.post(ASK, {"email": NEW})["Location"].startswith("/accounts/reauthenticate/")
    assert not Notice.objects.exists()


def test_the_link_of_somebody_else_and_an_old_one_open_nothing(client, monkeypatch):
    person, other = make_contact(password=PASSWORD), make_contact()
    link = link_of(proven(client, person))
    client.force_login(other)
    foreign = client.post(link).status_code
    client.force_login(person)
    wrong = client.post("/profile/address/made-up/").status_code
    tomorrow = timezone.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: tomorrow)
    late = client.post(link).status_code

    assert (foreign, late, wrong) == (410, 410, 410)
    person.refresh_from_db()
    assert person.email != NEW


@pytest.mark.parametrize("email", ("Taken@elsewhere.example", "taken@elsewhere.example"))
def test_an_address_that_somebody_has_is_refused(email):
    make_contact(email="taken@elsewhere.example")

    with pytest.raises(AddressTaken):
        ask_for_address(make_contact(), email=email, at=NINE)


def test_ones_own_address_is_no_new_one():
    person = make_contact()

    with pytest.raises(SameAddress):
        ask_for_address(person, email=person.email.upper(), at=NINE)


def test_one_asks_a_few_times_a_day(client):
    proven(client, make_contact(password=PASSWORD))
    answers = [client.post(ASK, {"email": f"new{n}@b.example"}).status_code for n in range(6)]

    assert answers == [302] * 5 + [429]


@pytest.mark.parametrize("page", ("email/", "confirm-email/", "confirm-email/some-key/"))
def test_allauths_own_pages_of_addresses_lead_to_ours(client, page):
    assert client.get(f"/accounts/{page}")["Location"] == reverse("accounts:address")
