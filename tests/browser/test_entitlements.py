"""The coverage page and the programme in a real browser: they fit, and everybody can use them."""

from __future__ import annotations

import mimetypes
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route

from accounts.models import Person
from entitlements.actions import packs
from entitlements.models import Licence
from tests.browser.chromium import check_accessible, check_fits
from tests.factories import (
    make_contact,
    make_licence,
    make_manager,
    make_organisation,
    make_project,
    make_subscription,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def customer() -> Person:
    """Premium with a pack, a lapsed licence, and a project."""
    organisation, now = make_organisation(), timezone.now()
    held = make_licence(organisation)
    make_licence(organisation)
    make_project(organisation, name="New cluster")
    term = {"starts_on": now.date() - timedelta(days=30), "ends_on": now.date() + timedelta(days=9)}
    make_subscription(held, **term)
    pack = packs.buy_pack(held, quantity=5, at=now, by=None)
    packs.adjust(pack, quantity=1, reason="A gift for the long wait", by=make_manager(), at=now)
    return make_contact(organisation)


def open_page(page: Page, address: str, person: Person | None) -> None:
    client = Client()
    if person is not None:
        client.force_login(person)
    show(page, address, client.get(address))


def show(page: Page, address: str, answer: Any) -> None:
    """What Django answered at the address, in the browser."""
    headers = {key: answer[key] for key in ("Content-Type", "Content-Security-Policy")}
    body = answer.content.decode()
    page.route(f"**{address}", lambda route: route.fulfill(body=body, headers=headers))
    page.route("**/static/**", _static)
    page.goto(f"http://127.0.0.1:1{address}")


def _static(route: Route) -> None:
    found = finders.find(route.request.url.partition("/static/")[2].partition("?")[0])
    assert isinstance(found, str), f"no static file {route.request.url}"
    kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
    route.fulfill(body=Path(found).read_bytes(), content_type=kind)


# The fixtures are named in the signature, not asked for later: the browser has to start before the
# database's transaction, since Django keeps another connection where an event loop runs.
@pytest.mark.parametrize("name", ("entitlements:coverage", "entitlements:programme"))
def test_the_customers_pages_fit_and_are_accessible(page: Page, phone: Page, name: str) -> None:
    person = customer()

    for viewport in (page, phone):
        open_page(viewport, reverse(name), person)
        check_accessible(viewport)
        check_fits(viewport)


@pytest.mark.parametrize("staff", (False, True))
def test_what_if_fits_and_is_accessible_before_and_after_the_answer(
    page: Page, phone: Page, staff: bool
) -> None:
    person = customer()
    licence, organisation = Licence.objects.first(), person.organisation
    assert licence is not None
    assert organisation is not None
    start = reverse("entitlements:what_if")
    before = "?"
    if staff:
        person, start = make_manager(), reverse("admin:coverage")
        before = f"?organisation={organisation.slug}"
    asked = f"{before}&licence={licence.pk}&service=migration&channel=portal&use_gold=on"

    for viewport in (page, phone):
        for query in (before, asked):
            open_page(viewport, start + query, person)
            check_accessible(viewport)
            check_fits(viewport)


def test_the_staffs_catalogue_fits_and_is_accessible(page: Page, phone: Page) -> None:
    manager = make_manager()

    for viewport in (page, phone):
        open_page(viewport, reverse("admin:catalogue"), manager)
        check_accessible(viewport)
        check_fits(viewport)
