"""A customer registers a licence: in the portal, by API; staff set what it costs."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions.tokens import make_api_token
from core.journal import entries_of
from entitlements.actions.attempts import KEYS_AN_HOUR
from entitlements.actions.claims import confirm, earliest_day, register_own
from entitlements.actions.coverage import decide
from entitlements.actions.licences import set_price
from entitlements.actions.subscriptions import subscribe
from entitlements.errors import (
    LicencePriceUnknown,
    LicenceTransferred,
    NegativePrice,
    RegistrationTooLate,
)
from entitlements.models import CoverageDecision, Licence
from tests.factories import (
    NINE,
    TODAY,
    days,
    make_contact,
    make_engineer,
    make_licence,
    make_manager,
    make_organisation,
)
from tests.tickets.desk import filed, moment, target_of

pytestmark = pytest.mark.django_db


KEY = "AXG-B-0000-0001"


def own(by=None, **facts: Any) -> Licence:
    """Registered by a contact, and confirmed at the same moment."""
    by = by or make_contact()
    defaults: dict[str, Any] = {"key": KEY, "edition": "business", "at": NINE}
    asked = defaults | facts
    claim = register_own(by.organisation, by=by, **asked)
    return confirm(claim, at=asked["at"], by=make_manager())


def decided(licence: Licence, at, **facts: Any) -> CoverageDecision:
    return decide(
        organisation=licence.organisation,
        licence=licence,
        project=None,
        service="troubleshooting",
        channel="email",
        use_gold=False,
        at=at,
        **facts,
    )


def level_at(licence: Licence, at) -> str | None:
    level = decided(licence, at, save=False).level
    return level.level if level else None


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_basic_begins_on_the_day_that_it_is_at_the_organisation():
    auckland = make_organisation(timezone="Pacific/Auckland")
    at = moment("2026-03-02T22:00+00:00")

    licence = own(make_contact(auckland), at=at)

    assert (licence.registered_on, licence.price) == (date(2026, 3, 3), Decimal(0))
    assert level_at(licence, at) == "basic"


def test_an_invoice_of_before_counts_from_its_own_day_and_a_day_to_come_is_refused():
    contact = make_contact()

    licence = own(contact, invoiced_on=TODAY - days(200))
    with pytest.raises(RegistrationTooLate, match="from 2025-03-02 to 2026-03-02"):
        own(contact, key="AXG-B-0000-0002", invoiced_on=TODAY + days(1))
    with pytest.raises(RegistrationTooLate):
        own(contact, key="AXG-B-0000-0002", invoiced_on=date(2025, 3, 1))

    assert licence.registered_on == TODAY - days(200)
    assert not Licence.objects.filter(key="AXG-B-0000-0002").exists()


@pytest.mark.parametrize(
    ("today", "first_on"),
    (
        (date(2026, 3, 2), date(2025, 3, 2)),
        (date(2029, 2, 28), date(2028, 2, 28)),
        (date(2028, 2, 29), date(2027, 3, 1)),
        (date(2027, 2, 28), date(2026, 2, 28)),
    ),
)
def test_the_earliest_day_is_the_first_whose_basic_still_runs(today, first_on):
    licence = make_licence(registered_on=first_on)
    before = make_licence(registered_on=first_on - timedelta(days=1))
    noon = moment(f"{today}T12:00+02:00")

    assert earliest_day("business", today) == first_on
    assert (level_at(licence, noon), level_at(before, noon)) == ("basic", None)


def test_an_evaluation_has_basic_for_thirty_days():
    contact = make_contact(make_organisation(timezone="Europe/Berlin"))

    licence = own(contact, edition="evaluation", key="AXG-E-0000-0001")

    assert level_at(licence, moment("2026-03-31T23:59+02:00")) == "basic"
    assert level_at(licence, moment("2026-04-01T00:00+02:00")) is None
    assert earliest_day("evaluation", date(2026, 3, 31)) == TODAY
    with pytest.raises(RegistrationTooLate):
        own(contact, key="AXG-E-0000-0002", edition="evaluation", invoiced_on=TODAY - days(30))


def test_staff_set_the_price_and_what_is_sold_then_is_a_part_of_it():
    licence, manager = own(), make_manager()

    with pytest.raises(LicencePriceUnknown, match=KEY):
        subscribe(licence, level="premium", starts_on=TODAY, at=NINE, by=manager)
    priced = set_price(licence, price=Decimal(2000), at=NINE, by=manager)
    sold = subscribe(priced, level="premium", starts_on=TODAY, at=NINE, by=manager)
    set_price(licence, price=Decimal(2000), at=NINE, by=manager)

    assert sold.price == Decimal(700)
    kinds = [one.kind for one in entries_of(licence)]
    assert kinds == ["licence.registered", "licence.confirmed", "licence.price_set"]
    assert entries_of(licence).last().facts == {"before": "0.00", "after": "2000"}


def test_the_free_first_year_needs_no_price():
    sold = subscribe(own(), level="first", starts_on=TODAY, at=NINE, by=None)

    assert sold.price == 0


def test_a_price_is_not_negative_and_not_set_on_what_was_transferred():
    with pytest.raises(NegativePrice):
        set_price(make_licence(), price=Decimal(-1), at=NINE, by=None)
    with pytest.raises(LicenceTransferred):
        set_price(make_licence(transferred_at=NINE), price=Decimal(1), at=NINE, by=None)


def test_s27_basic_of_a_leap_day_ends_on_the_28th_and_a_working_29th_counts():
    berlin = make_organisation(timezone="Europe/Berlin")
    licence = own(make_contact(berlin), at=moment("2028-02-29T14:37:00+01:00"))
    other = make_licence(berlin, registered_on=date(2027, 6, 1))

    assert licence.registered_on == date(2028, 2, 29)
    assert level_at(licence, moment("2029-02-28T23:59:59+01:00")) == "basic"
    assert level_at(licence, moment("2029-03-01T00:00:00+01:00")) is None
    due_at = due_of(other, moment("2028-02-28T16:00:00+01:00"))
    assert due_at == moment("2028-03-02T13:00:00+01:00")


def test_s29_the_last_day_counts_by_when_the_server_received_it():
    berlin = make_organisation(timezone="Europe/Berlin")
    licence = own(make_contact(berlin), at=moment("2026-03-15T10:00:00+01:00"))
    received_at = moment("2027-03-15T23:58:00+01:00")

    decision = decided(licence, received_at)  # the worker comes to it at 06:10 on the 16th

    assert decision.level is not None
    assert (decision.level.level, decision.at) == ("basic", received_at)
    assert due_of(licence, received_at) == moment("2027-03-18T14:00:00+01:00")
    assert level_at(licence, moment("2027-03-16T00:00:00+01:00")) is None


def due_of(licence: Licence, at):
    """By filing it: the clock that the incident really gets."""
    return target_of(filed(licence, at=at, channel="email")).due_at


# In the portal


def sent(client: Client, **fields: Any):
    data = {"key": KEY, "product": "AXIGEN Mail Server", "edition": "business"}
    data["invoiced_on"] = timezone.now().date().isoformat()
    return client.post(reverse("entitlements:licence_new"), data | fields, follow=True)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_contact_registers_a_licence_and_reads_that_it_waits():
    contact = make_contact(make_organisation(timezone="UTC"))
    client = signed_in(contact)

    shown = client.get(reverse("entitlements:coverage"))
    done = sent(client)

    licence = Licence.objects.get()
    assert reverse("entitlements:licence_new") in text_of(shown)
    assert (licence.organisation, licence.key) == (contact.organisation, KEY)
    assert f"We have your registration of AXIGEN Mail Server ({KEY})" in text_of(done)
    assert "Nothing is promised on it until it is confirmed" in text_of(done)
    assert "Waits for confirmation" in text_of(done)


def test_a_second_click_registers_nothing_and_says_that_it_is_there():
    client = signed_in(make_contact())

    sent(client)
    again = sent(client)

    assert Licence.objects.count() == 1
    assert "registered this licence already" in text_of(again)


def test_what_is_refused_stands_on_the_form_with_what_was_typed():
    client = signed_in(make_contact())

    wrong = sent(client, key="FREE-1")
    later = sent(client, invoiced_on=(timezone.now().date() + days(9)).isoformat())
    empty = sent(client, key="", edition="gold", invoiced_on="32.1.2026")

    assert (wrong.status_code, later.status_code, empty.status_code) == (400, 400, 400)
    assert "This is no licence key of the Business edition" in text_of(wrong)
    assert 'value="FREE-1"' in text_of(wrong)
    assert "Support of an older licence is over" in text_of(later)
    assert set(empty.context["form"].errors) == {"key", "edition", "invoiced_on"}
    assert not Licence.objects.exists()


def test_keys_can_not_be_tried_without_end():
    cache.clear()
    client = signed_in(make_contact())

    answers = [sent(client, key="AXI-THEIRS").status_code for _ in range(KEYS_AN_HOUR + 1)]

    assert answers == [400] * KEYS_AN_HOUR + [429]
    assert sent(signed_in(make_contact()), key="AXG-B-0000-0009").status_code == 200


def test_staff_are_led_elsewhere_and_nobody_registers_unseen():
    address = reverse("entitlements:licence_new")

    assert signed_in(make_engineer()).get(address).status_code == 302
    assert Client().post(address, {"key": KEY}).status_code == 302
    assert not Licence.objects.exists()


def test_the_form_shows_today_and_asks_the_contracts_for_nothing():
    client = signed_in(make_contact(make_organisation(timezone="UTC")))

    with CaptureQueriesContext(connection) as queries:
        shown = client.get(reverse("entitlements:licence_new"))

    assert f'value="{timezone.now():%Y-%m-%d}"' in text_of(shown)
    assert [one["sql"] for one in queries if "entitlements_" in one["sql"]] == []


# By API


def api(person) -> Client:
    token = make_api_token(person, at=timezone.now())
    return Client(headers={"Authorization": f"Token {token}"})


def test_an_api_client_registers_a_licence_once():
    contact = make_contact()
    client, asked = api(contact), {"key": "AXG-O-0000-0001", "edition": "office"}

    made = client.post("/api/v1/licences/", asked, "application/json")
    again = client.post("/api/v1/licences/", asked, "application/json")

    assert made.status_code == 201
    found = made.json()
    assert (found["key"], found["organisation"]) == ("AXG-O-0000-0001", contact.organisation.slug)
    assert (found["state"], found["confirmed_at"]) == ("waiting", None)
    assert (again.status_code, again.json()["code"]) == (409, "licence_registered")
    assert Licence.objects.get().edition == "office"


def test_the_api_says_what_is_wrong_and_registers_nothing():
    client = api(make_contact())

    shape = client.post("/api/v1/licences/", {"edition": "gold"}, "application/json")
    asked = {"key": "AXG-O-0000-0001", "edition": "office", "invoiced_on": "2999-01-01"}
    later = client.post("/api/v1/licences/", asked, "application/json")
    staff = api(make_manager()).post("/api/v1/licences/", asked, "application/json")

    assert (shape.status_code, set(shape.json())) == (400, {"key", "edition"})
    assert (later.status_code, later.json()["code"]) == (400, "registration_day")
    assert staff.status_code == 403
    assert not Licence.objects.exists()
