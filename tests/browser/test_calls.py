"""The pages of calls and call-backs in a real browser: they fit, and everybody can use them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Person
from tests.browser.chromium import check_accessible, check_fits
from tests.browser.test_entitlements import customer, open_page
from tests.factories import make_call_back, make_engineer, make_incident, make_phone_number

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 3


@pytest.fixture
def engineer(settings) -> Person:
    settings.STAFF_NEED_SECOND_FACTOR = False
    return make_engineer()


def addresses(engineer: Person) -> list[tuple[str, Person]]:
    contact = customer()
    make_phone_number(contact)
    asked_at = timezone.now() - timedelta(minutes=5)
    incident = make_incident(reporter=contact, subject=LONG[:190])
    call_back = make_call_back(
        contact, asked_at=asked_at, claimed_by=engineer, topic=LONG, incident=incident
    )
    return [
        (reverse("telephone:call_backs"), contact),
        (reverse("admin:call_backs"), engineer),
        (reverse("admin:call_back", args=[call_back.pk]), engineer),
        (reverse("admin:call_new"), engineer),
        (f"{reverse('admin:call_new')}?caller={contact.pk}", engineer),
    ]


def test_the_pages_fit_and_everybody_can_use_them(page: Page, engineer):
    for address, person in addresses(engineer):
        open_page(page, address, person)
        check_accessible(page)
        check_fits(page)


def test_the_pages_fit_a_telephone(phone: Page, engineer):
    for address, person in addresses(engineer):
        open_page(phone, address, person)
        check_fits(phone)
