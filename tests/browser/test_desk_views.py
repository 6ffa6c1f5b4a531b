"""Views, triage of many and taking an answer back without a mouse, with a count of keys."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.chromium import check_accessible
from tests.browser.test_incident_keys import Desk, sign_in
from tests.factories import make_engineer
from tests.tickets.staff_pages import answers, page_of, reported
from tickets.models import Draft, Incident, SavedView

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_view_is_kept_and_opened_many_are_triaged_and_an_answer_taken_back(page, site, settings):
    settings.UNDO_SECONDS = 10
    engineer = make_engineer(is_lead=True)
    urgent = [reported(owner=engineer, priority=1, subject=f"Urgent {n}") for n in range(3)]
    reported(owner=engineer, subject="Calm")
    desk = sign_in(page, site, engineer)

    keep_a_view(desk, page)
    open_and_triage(desk, page, urgent[0])
    take_back(desk, page, urgent[0])
    assert (Draft.objects.count(), SavedView.objects.count()) == (0, 1)


def keep_a_view(desk: Desk, page: Page) -> None:
    """The field, its words, the palette, a name."""
    desk.open(reverse("admin:queue"))
    desk.press("/")
    desk.type("priority:critical")
    desk.press("Enter")
    expect(page.locator(".queue-chips .chip")).to_have_count(1)
    desk.press("Control+k")
    desk.type("keep this")
    expect(page.locator("[role=option]").first).to_contain_text("Keep this view")
    desk.press("Enter")
    page.wait_for_url(re.compile("/views/new/"))
    check_accessible(page)
    page.locator("#id_name").focus()
    desk.type("Urgent ones")
    desk.press("Enter")
    page.wait_for_url(re.compile(r"view=s\d+"))
    expect(page.locator(".queue-tabs a[aria-current]")).to_contain_text("Urgent ones 3")
    assert desk.keys <= 5


def open_and_triage(desk: Desk, page: Page, incident: Incident) -> None:
    """From an incident to the view in two keys; tag three of its rows in eight."""
    desk.open(page_of(incident))
    desk.keys = 0
    desk.press("g", "1")
    page.wait_for_url(re.compile("view=1"))
    assert desk.keys == 2
    check_accessible(page)
    desk.keys = 0
    desk.press("j", "x", "j", "x", "j", "x", "t")
    page.wait_for_url(re.compile("/bulk/"))
    page.locator("[name=tags]").focus()
    desk.type("storage")
    desk.press("Enter")
    expect(page.get_by_text("3 would be")).to_be_visible()
    page.locator("button[name=step][value=do]").focus()
    desk.press("Enter")
    page.wait_for_url(re.compile("view=1"))
    expect(page.locator("#queue s")).to_have_count(3)
    assert desk.keys <= 9


def take_back(desk: Desk, page: Page, incident: Incident) -> None:
    """An answer, taken back with one key from wherever it leads, and sent after all."""
    desk.open(page_of(incident))
    desk.keys = 0
    desk.press("r")
    expect(page.locator("textarea:focus")).to_be_visible()
    desk.type("Please restart IMAP.")
    desk.press("Control+Enter")
    expect(page.locator("a[data-undo]")).to_be_visible()
    expect(page.locator("[data-sending]")).to_have_text(re.compile("^[5-8] s$"))
    page.evaluate("document.activeElement.blur()")
    desk.press("z")
    expect(page.locator("#answer textarea[name=body]")).to_have_value("Please restart IMAP.")
    assert (answers(incident), desk.keys) == ([], 3)
    page.locator("button[name=after][value=stay]").click()
    expect(page.locator(".sending")).to_contain_text("Please restart IMAP.")
    check_accessible(page)
    page.locator(".sending button[value=now]").click()
    expect(page.locator(".thread")).to_contain_text("Please restart IMAP.")
    assert answers(incident) == ["Please restart IMAP."]
