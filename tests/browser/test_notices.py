"""The words of notices, and what people choose to be told, in a real browser."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import Person
from notices.wording.language import Wording, delivered
from notices.wording.versions import reword
from tests.browser.chromium import check_accessible, check_fits
from tests.browser.test_entitlements import open_page
from tests.factories import NINE, make_contact, make_engineer, make_manager

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

KIND = "incident_answered"


@pytest.fixture
def manager(settings) -> Person:
    """Who worded the answers, with a line that is as long as lines get."""
    settings.STAFF_NEED_SECOND_FACTOR = False
    manager = make_manager()
    words = delivered(KIND)
    text = f"{words.text}\n\nhttps://example.org/{'long' * 60}"
    reword(KIND, Wording(words.subject, text), by=manager, at=NINE)
    return manager


@pytest.mark.parametrize("url", (reverse("admin:wordings"), reverse("admin:wording", args=[KIND])))
def test_the_words_of_notices_fit_and_everybody_can_use_them(
    page: Page, phone: Page, url: str, manager: Person
) -> None:
    for window in (page, phone):
        _check_words(window, url, manager)


def _check_words(page: Page, url: str, manager: Person) -> None:
    page.route("**/preview/", lambda route: route.fulfill(body="Hello", content_type="text/html"))
    open_page(page, url, manager)
    check_fits(page)
    # axe can not look into a frame in which nothing may run, and would wait for it.
    page.evaluate("for (const one of document.querySelectorAll('iframe')) one.remove()")
    for more in page.locator("main summary").all():
        more.click()
    check_accessible(page)
    check_fits(page)


@pytest.mark.parametrize("make", (make_contact, make_engineer))
def test_what_one_is_told_fits_and_everybody_can_choose(page: Page, phone: Page, settings, make):
    settings.STAFF_NEED_SECOND_FACTOR = False
    person = make()

    for window in (page, phone):
        open_page(window, reverse("accounts:told"), person)
        check_accessible(window)
        check_fits(window)
