"""Fixtures: `browser`, `page` (1280x800), `phone` (390x844), `site`, a desk for tests that commit,
and `desk`, the whole one with its workers, which the tests of the group "desk" share.

A page that complains fails.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser.chromium import DESKTOP, PHONE, find_chromium
from tests.browser.desk import Desk, running_desk
from tests.browser.server import RestingServer


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Playwright's loop lives in this thread, where Django would refuse the tests' queries.
        os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        found = find_chromium(playwright)
        launched = playwright.chromium.launch(
            executable_path=str(found.path),
            env={**os.environ, **found.environment},
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """After the browser: a missing one fails at once, before servers are started for it."""
    with running_desk(tmp_path_factory.mktemp("desk")) as running:
        yield running


@pytest.fixture
def shown() -> list[Page]:
    """The pages of a test, so that its desk can leave them before it stops."""
    return []


@pytest.fixture
def page(browser: Browser, shown: list[Page]) -> Iterator[Page]:
    yield from _open(browser, DESKTOP, shown)


@pytest.fixture
def phone(browser: Browser, shown: list[Page]) -> Iterator[Page]:
    yield from _open(browser, PHONE, shown)


@pytest.fixture
def site(
    transactional_db: None, own_folders: None, settings: LazySettings, shown: list[Page]
) -> Iterator[str]:
    """The desk at localhost, where browsers allow passkeys without https; at rest when it ends.

    Started here and not by `live_server`: that one starts before a test's own settings count.
    """
    settings.STAFF_NEED_SECOND_FACTOR = False
    server = RestingServer("localhost")
    settings.SITE_URL = server.url
    yield server.url
    for tab in [tab for one in shown for tab in one.context.pages]:
        tab.goto("about:blank")  # its scripts ask no more, and complain of no server
    server.stop()


def _open(browser: Browser, viewport: ViewportSize, shown: list[Page]) -> Iterator[Page]:
    """A fresh session. Script errors, refused styles and foreign hosts fail the test at its end."""
    context = browser.new_context(viewport=viewport, locale="en-GB", timezone_id="Europe/Bucharest")
    context.set_default_timeout(10_000)
    opened = context.new_page()
    shown.append(opened)
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    opened.on("console", lambda said: _note(complaints, said.type, said.text))
    opened.on("request", lambda sent: _note_foreign(complaints, sent.url))
    yield opened
    context.close()
    assert not complaints, "\n".join(complaints)


def _note(complaints: list[str], kind: str, text: str) -> None:
    # An answer of 4xx is a case that tests provoke, and then look at.
    if kind == "error" and "Failed to load resource" not in text:
        complaints.append(f"console: {text}")


def _note_foreign(complaints: list[str], url: str) -> None:
    parts = urlsplit(url)
    own = ("127.0.0.1", "localhost", "::1")
    if parts.scheme in ("http", "https") and parts.hostname not in own:
        complaints.append(f"asks another host: {url}")
