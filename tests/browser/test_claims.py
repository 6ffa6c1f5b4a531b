"""Claimed licences in a real browser: the pages fit screens and phones, and can be used by all."""

from __future__ import annotations

import os

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from tests.browser.chromium import check_accessible, check_fits
from tests.browser.test_entitlements import open_page, show
from tests.factories import make_admin_contact, make_claim, make_licence, make_manager
from tests.factories import make_organisation as organisation_named

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def waiting(key: str, name: str, **fields):
    here = organisation_named(name=name)
    made = {"key": key, "registered_on": timezone.now().date(), "claimed_at": timezone.now()}
    return make_claim(here, **made | fields)


def test_the_staffs_pages_fit_and_are_accessible(page: Page, phone: Page) -> None:
    said = "The vendor's service did not answer: timed out"
    claim = waiting("AXG-B-7714-2209", "Wingtip Instruments", check_said=said)
    waiting("AXG-O-3020-0046", "Aegean Post")
    make_licence(organisation_named(name="Northwind"), key=claim.key)
    manager = make_manager()
    addresses = {
        "claims": reverse("admin:claims"),
        "claim": reverse("admin:claim", args=[claim.pk]),
        "keys": reverse("admin:licence_keys"),
    }

    for name, address in addresses.items():
        for size, viewport in (("wide", page), ("phone", phone)):
            open_page(viewport, address, manager)
            _picture(viewport, f"{name}-{size}")
            check_accessible(viewport)
            check_fits(viewport)


def test_the_customers_pages_fit_and_are_accessible(page: Page, phone: Page) -> None:
    claim = waiting("AXG-B-7714-2209", "Wingtip Instruments")
    contact = make_admin_contact(claim.organisation)
    client, address = Client(), reverse("entitlements:licence_new")
    client.force_login(contact)
    form = {"key": "FREE-1", "product": "AXIGEN", "edition": "business"}
    refused = client.post(address, form | {"invoiced_on": timezone.now().date()})

    for size, viewport in (("wide", page), ("phone", phone)):
        open_page(viewport, reverse("entitlements:coverage"), contact)
        _picture(viewport, f"coverage-{size}")
        check_accessible(viewport)
        check_fits(viewport)
        show(viewport, address, refused)
        _picture(viewport, f"refused-{size}")
        check_accessible(viewport)
        check_fits(viewport)


def _picture(viewport: Page, name: str) -> None:
    """For a person to look at, where `PICTURES` names a folder."""
    if folder := os.environ.get("PICTURES"):
        viewport.screenshot(path=f"{folder}/{name}.png", full_page=True)
