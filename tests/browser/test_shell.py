"""The frame of the engineers' pages in a real browser: rail, bar, what an action said."""

from __future__ import annotations

import pytest
from django.contrib.messages import constants
from django.test import Client
from django.urls import reverse
from playwright.sync_api import FloatRect, Page, expect

from accounts.models import Person
from tests.browser.chromium import check_accessible, check_fits
from tests.browser.test_entitlements import open_page, show
from tests.factories import make_manager

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PAGE = reverse("admin:defects")
SUGGESTIONS = reverse("admin:search_suggestions")


@pytest.fixture
def manager(settings) -> Person:
    settings.STAFF_NEED_SECOND_FACTOR = False
    return make_manager()


def test_the_search_is_one_key_away_and_menus_open_and_close_by_keys(page: Page, manager) -> None:
    found = _found(manager, "a/b")
    page.route(f"**{SUGGESTIONS}?*", lambda route: route.fulfill(body=found))
    open_page(page, PAGE, manager)

    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    with page.expect_response(f"**{SUGGESTIONS}?q=a%2Fb"):
        page.keyboard.type("a/b")
    expect(page.locator("[data-search]")).to_have_value("a/b")

    more = page.locator(".rail summary", has_text="More")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Rules of dispatch")).to_be_visible()
    check_accessible(page)
    check_fits(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Rules of dispatch")).to_be_hidden()
    expect(more).to_be_focused()


def test_one_bar_on_a_telephone_whose_menu_has_every_place(phone: Page, manager) -> None:
    open_page(phone, PAGE, manager)
    assert _box(phone, ".deskbar")["height"] < 56
    expect(phone.locator(".rail-menu")).to_be_hidden()

    phone.get_by_role("button", name="Menu").click()
    phone.locator(".rail summary", has_text="More").click()

    expect(phone.get_by_role("link", name="Journal")).to_be_visible()
    check_accessible(phone)
    check_fits(phone)


def test_what_went_well_floats_above_the_page_and_goes_by_itself(
    page: Page, manager, settings
) -> None:
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

    open_page(page, PAGE, manager)
    before = _box(page, "main h1")
    page.clock.install()
    show(page, PAGE, _answer_with_words(manager, constants.SUCCESS, constants.ERROR))

    expect(page.get_by_role("status").get_by_text("Done: 25")).to_be_visible()
    assert _box(page, "main h1") == before
    check_accessible(page)
    page.clock.run_for(7000)
    expect(page.get_by_text("Done: 25")).to_be_hidden()
    expect(page.get_by_text("Done: 40")).to_be_visible()
    page.get_by_role("button", name="Dismiss this message").click()
    expect(page.get_by_text("Done: 40")).to_be_hidden()


def _found(person: Person, words: str) -> str:
    """What the desk finds while one types, asked for before the browser runs."""
    client = Client()
    client.force_login(person)
    return client.get(SUGGESTIONS, {"q": words}).content.decode()


def _box(page: Page, name: str) -> FloatRect:
    found = page.locator(name).bounding_box()
    assert found is not None, f"{name} is not shown"
    return found


def _answer_with_words(person: Person, *levels: int):
    """The page as it is after an action that said something."""
    client = Client()
    client.force_login(person)
    stored = f"[{','.join(_stored(level) for level in levels)}]"
    session = client.session
    session["_messages"] = stored
    session.save()
    return client.get(PAGE)


def _stored(level: int) -> str:
    return f'["__json_message", 0, {level}, "Done: {level}"]'
