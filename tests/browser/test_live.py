"""Two people on one incident, in two browsers, over the whole desk with its events' process."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import DESKTOP
from tests.browser.desk import Desk, file_incident, sign_in, wait

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

ENGINEER, MANAGER = "ts1@axsupport.example", "manager@axsupport.example"
CONTACT = "contact@northwind.example"


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """A second person's browser."""
    context = browser.new_context(viewport=DESKTOP, locale="en-GB")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def number(page: Page, desk: Desk) -> str:
    sign_in(page, desk, CONTACT)
    return file_incident(page, desk, "Two people look at this")


def open_incident(page: Page, desk: Desk, number: str, email: str) -> None:
    sign_in(page, desk, email)
    page.goto(f"{desk.url}/admin/incidents/{number}/")
    page.wait_for_selector("[data-live-parts][data-heard]", state="attached")


def answer(page: Page, words: str) -> None:
    page.locator("#answer textarea[name=body]").fill(words)
    page.locator("#answer button[name=after][value=stay]").click()


def test_who_looks_and_who_types_comes_and_goes(page, other, desk, number):
    open_incident(page, desk, number, ENGINEER)
    expect(page.locator(".onlooker")).to_have_count(0)

    open_incident(other, desk, number, MANAGER)
    expect(page.locator(".onlooker")).to_have_text(re.compile("is looking"))
    other.locator("#answer textarea[name=body]").press_sequentially("We look")
    expect(page.locator(".onlooker")).to_have_text(re.compile("is typing an answer"))
    expect(page.locator(".onlooker")).to_have_text(re.compile("is looking"), timeout=15_000)

    other.goto(f"{desk.url}/admin/queue/")  # leaves
    expect(page.locator(".onlooker")).to_have_count(0)


def test_an_answer_appears_and_what_is_typed_stays(page, other, desk, number):
    open_incident(page, desk, number, ENGINEER)
    mine = page.locator("#answer textarea[name=body]")
    mine.fill("Half an answer")
    scrolled = page.evaluate("document.getElementById('incident-scroll').scrollTop")

    open_incident(other, desk, number, MANAGER)
    answer(other, "Please restart the IMAP service.")

    came = page.locator("#incident-thread").get_by_text("Please restart the IMAP service.")
    expect(came).to_be_visible()
    expect(page.locator("#incident-head")).to_contain_text("Open")
    expect(mine).to_have_value("Half an answer")
    expect(mine).to_be_focused()
    assert page.evaluate("document.getElementById('incident-scroll').scrollTop") == scrolled


def test_a_stale_action_says_what_changed(page, other, desk, number):
    page.route("**/events/**", lambda route: route.abort())  # hears nothing
    sign_in(page, desk, ENGINEER)
    page.goto(f"{desk.url}/admin/incidents/{number}/")
    open_incident(other, desk, number, MANAGER)
    answer(other, "We look into it.")
    expect(other.locator("#incident-thread")).to_contain_text("We look into it.")

    page.evaluate(
        'document.querySelectorAll(\'form[action$="/accept/"], form[action$="/take/"]\')[0]'
        ".submit()"
    )

    expect(page.locator("body")).to_contain_text(re.compile("Since you opened the page: .*"))


def test_a_page_that_hears_nothing_asks_each_minute(page, other, desk, number):
    page.clock.install()
    page.route("**/events/**", lambda route: route.abort())
    sign_in(page, desk, ENGINEER)
    page.goto(f"{desk.url}/admin/incidents/{number}/")
    open_incident(other, desk, number, MANAGER)
    answer(other, "Found by asking.")
    expect(other.locator("#incident-thread")).to_contain_text("Found by asking.")

    page.clock.fast_forward(61_000)
    page.clock.fast_forward(1_000)

    expect(page.locator("#incident-thread")).to_contain_text("Found by asking.")


def test_a_killed_process_comes_back_and_nothing_is_missed(page, other, desk, number):
    open_incident(page, desk, number, ENGINEER)
    open_incident(other, desk, number, MANAGER)
    os.kill(events_of(desk), signal.SIGKILL)
    answer(other, "Said while nobody listened.")

    expect(page.locator("#incident-thread")).to_contain_text(
        "Said while nobody listened.", timeout=30_000
    )
    wait(lambda: page.locator("[data-live-parts][data-heard]").count())


def events_of(desk: Desk) -> int:
    """The events' process of this desk alone."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            said = (folder / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if "axsupport.events" in said and str(desk.data) in " ".join(said):
            return int(folder.name)
    raise AssertionError("no events' process runs")
