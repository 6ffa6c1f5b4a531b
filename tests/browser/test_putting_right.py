"""Incidents put right without a mouse, with the keys counted."""

from __future__ import annotations

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Person
from core import rls
from tests.browser.chromium import check_fits
from tests.factories import make_engineer
from tests.tickets.desk import covered, filed
from tickets.models import Incident

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Keys:
    """A keyboard that counts what it was asked for."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words, delay=20)
        self.pressed += len(words)


def sign_in(page: Page, site: str, person: Person) -> None:
    client = Client()
    client.force_login(person)
    cookie = client.cookies[configured.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": configured.SESSION_COOKIE_NAME, "value": cookie, "url": site}]
    )


def test_a_duplicate_is_merged_and_taken_out_by_keys(page: Page, site: str):
    with rls.everything():
        engineer = make_engineer()
        licence = covered()
        first, second = (filed(licence, subject=words) for words in ("IMAP stops", "IMAP hangs"))
    sign_in(page, site, engineer)
    page.goto(f"{site}{reverse('admin:incident', args=[second.number])}")
    keys = Keys(page)

    page.locator("#incident-more > summary").focus()
    page.locator("#incident-more").evaluate("menu => menu.open = true")
    page.locator("#incident-more a[href$='/merge/']").focus()  # where `d` and the palette lead
    keys.press("Enter")
    expect(page.get_by_label("Which incident does it repeat?")).to_be_focused()
    keys.type(first.number[-6:].lstrip("0"))
    keys.press("Enter")

    expect(page.get_by_text("It repeats")).to_be_visible()
    assert keys.pressed == 2 + len(first.number[-6:].lstrip("0"))  # d, the number, Enter
    check_fits(page)
    with rls.everything():
        assert Incident.objects.get(pk=second.pk).merged_into == first
    page.goto(f"{site}{reverse('admin:incident', args=[first.number])}")
    expect(
        page.get_by_title(f"Written on {second.number}, which was merged into this one")
    ).to_have_count(1)
    check_fits(page)
