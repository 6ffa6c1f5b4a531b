"""The account manager's Monday and the manager's month, as walks with their clicks counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import check_accessible, check_fits
from tests.browser.desk import Desk, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]


@dataclass
class Clicks:
    """Presses what a person would, and counts."""

    page: Page
    number: int = 0

    def on(self, what: Locator) -> None:
        self.number += 1
        what.click()

    def link(self, name: str | re.Pattern[str]) -> None:
        self.on(self.page.get_by_role("link", name=name).first)

    def button(self, name: str) -> None:
        self.on(self.page.get_by_role("button", name=name).first)


def looks_right(page: Page) -> None:
    check_accessible(page)
    check_fits(page)


def _keep_a_note(page: Page, desk: Desk, clicks: Clicks) -> None:
    """On Northwind's account, with a next step; and its review of the last quarter is there."""
    page.goto(f"{desk.url}/admin/customers/")
    clicks.link("Northwind Traders")
    looks_right(page)
    page.fill("[name=text]", "They open a second site.")
    page.fill("[name=next_step]", "Send the offer for both sites")
    page.fill("[name=next_on]", "2099-01-05")
    clicks.button("Keep the note")
    expect(page.locator(".steps")).to_contain_text("Send the offer for both sites")
    expect(page.locator(".timeline").first).to_contain_text("They open a second site.")
    deck = page.request.get(f"{page.url.rstrip('/')}/deck/")
    assert deck.headers["content-type"] == "application/pdf"


def test_the_account_managers_monday(page: Page, desk: Desk) -> None:
    """Lands on the customers, issues a report that waits, keeps a note, opens the review."""
    sign_in(page, desk, "tam@axsupport.example")
    expect(page).to_have_url(f"{desk.url}/admin/customers/")
    looks_right(page)
    clicks = Clicks(page)

    clicks.link(re.compile("Reports to issue"))
    row = page.get_by_role("row").filter(has_text="Adatum Telecom")
    clicks.on(row.get_by_role("link", name=re.compile("report.* to issue")))
    expect(page).to_have_url(re.compile("organisation=adatum"))
    clicks.link("Adatum Telecom")
    expect(page.get_by_role("heading", name="Your words")).to_be_visible()
    page.fill("[name=considerations]", "A steady month.")
    page.reload()  # nothing that was typed is lost
    expect(page.locator("[name=considerations]")).to_have_value("A steady month.")
    expect(page.get_by_text("it is put back")).to_be_visible()
    looks_right(page)
    clicks.button("Issue the report")
    clicks.on(page.locator("dialog[open] button.btn-primary, dialog[open] [data-accept]").first)
    expect(page.get_by_text("Nothing of it changes any more")).to_be_visible()
    expect(page.get_by_text("A steady month.")).to_be_visible()

    _keep_a_note(page, desk, clicks)

    assert clicks.number == 7


def test_the_managers_month(page: Page, desk: Desk) -> None:
    """Lands on the figures, opens what one counts, reads what was said, sets an hour's answers."""
    sign_in(page, desk, "manager@axsupport.example")
    expect(page).to_have_url(f"{desk.url}/admin/figures/")
    looks_right(page)
    clicks = Clicks(page)

    level = (
        page.get_by_role("region", name="By level").get_by_role("row").filter(has_text="Premium")
    )
    clicks.on(level.get_by_role("link").first)
    # How many there are is tested where nobody answers meanwhile, as on this desk that lives.
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Answers in time: \d+"))
    looks_right(page)
    clicks.link("Figures")
    expect(page).to_have_url(re.compile("level=premium"))  # the filter came along
    clicks.link("Satisfaction")
    expect(page.get_by_role("heading", name=re.compile("What they said"))).to_be_visible()
    looks_right(page)
    clicks.link("Load and rota")
    looks_right(page)
    page.fill("[name=answers]", "1.5")
    clicks.button("Set")
    expect(page.get_by_text(re.compile("set by"))).to_be_visible()

    assert clicks.number == 5
