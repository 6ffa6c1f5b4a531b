"""Northwind, which has Premium today, a contact of it, and the contact's client."""

import pytest
from django.utils import timezone

from tests.factories import days, make_contact, make_licence, make_organisation, make_subscription
from tests.tickets.api.client import client_of


@pytest.fixture
def licence():
    today = timezone.now().date()
    licence = make_licence(make_organisation(slug="northwind"), key="AXI-NORTH")
    make_subscription(licence, starts_on=today - days(9), ends_on=today + days(300))
    return licence


@pytest.fixture
def contact(licence):
    return make_contact(licence.organisation)


@pytest.fixture
def api(contact):
    return client_of(contact)
