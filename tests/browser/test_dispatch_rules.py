"""The page of the rules of dispatch in a real browser, with what they would have done."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Person
from tests.browser.chromium import check_accessible, check_fits
from tests.browser.test_entitlements import open_page, show
from tests.factories import NINE, hours, make_contact, make_engineer, make_manager
from tests.tickets.desk import covered, filed
from tickets.actions.dispatch.dispatch_rules import change_rules
from tickets.rules.dispatch.settings import AS_DELIVERED

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PAGE = reverse("admin:dispatch_rules")
LONG = "Maximiliana-Theodora von Hohenlohe-Waldenburg-Schillingsfürst"


@pytest.fixture
def manager(settings) -> Person:
    """Of a desk where an engineer got both incidents of a day for their language."""
    settings.STAFF_NEED_SECOND_FACTOR = False
    make_engineer(name=LONG, language="ro"), make_engineer()
    licence = covered()
    for number in (0, 1):
        reporter = make_contact(licence.organisation, language="ro")
        filed(licence, reporter=reporter, subject=LONG * 3, at=NINE + hours(number))
    manager = make_manager()
    change_rules(replace(AS_DELIVERED, capacity=9), reason=LONG * 4, by=manager, at=NINE)
    return manager


def open_simulation(page: Page, manager: Person) -> None:
    client = Client()
    client.force_login(manager)
    rules = AS_DELIVERED.facts()
    asked = {name: rules[name] for name in ("take_within", "most_tries", "capacity")}
    asked |= {f"wishes{n}": wish for n, wish in enumerate(rules["wishes"])}
    asked |= {"order0": "waited", "simulate": "1"}
    asked |= {"from_on": f"{NINE:%Y-%m-%d}", "to_on": f"{NINE:%Y-%m-%d}"}
    show(page, PAGE, client.post(PAGE, asked))
    expect(page.get_by_role("heading", name="What these rules would have done")).to_be_visible()
    expect(page.get_by_text("of 2 incidents", exact=True)).to_be_visible()


def test_the_page_fits_and_everybody_can_use_it(page: Page, manager):
    open_page(page, PAGE, manager)
    check_accessible(page)
    check_fits(page)


def test_what_they_would_have_done_fits_and_everybody_can_read_it(page: Page, manager):
    open_simulation(page, manager)
    check_accessible(page)
    check_fits(page)


def test_both_fit_a_telephone(phone: Page, manager):
    open_page(phone, PAGE, manager)
    check_fits(phone)
    open_simulation(phone, manager)
    check_fits(phone)
