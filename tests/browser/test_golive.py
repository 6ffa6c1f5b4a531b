"""A GoLive project driven in a browser: sheet, pilot, planning, run book, go / no-go, cut-over."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.chromium import PHONE, check_accessible, check_fits
from tests.browser.desk import Desk, sign_in
from tests.browser.test_engagements import PROJECT, TAM, accept, asked, follow, press, take_up

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]
SHEET = {"users": "4000", "messages": "50", "size": "75", "quota": "2000", "growth": "10"}


def open_page(page: Page, desk: Desk, number: str, name: str, *, team: bool = True) -> None:
    page.goto(f"{desk.url}{'/admin' if team else ''}/engagements/{number}/{name}/")


def tick(page: Page, title: str) -> None:
    page.get_by_role("button", name=re.compile(rf"^Done ?: {title}")).click()


def pilot(page: Page) -> None:
    follow(page, "Setting")
    page.select_option("[name=what]", "imap:state")
    for name, value in (("host", "mx1"), ("value", "on"), ("reason", "Set up")):
        page.fill(f"[name={name}]", value)
    press(page, "Write it down")
    follow(page, "Pilot report")
    press(page, "Make it and hand it over")


def plan_capacity(page: Page) -> None:
    follow(page, "Capacity and cost")
    follow(page, "Compute it")
    page.fill("[name=node_price]", "12500")
    check_accessible(page)
    press(page, "Compute it")
    expect(page.get_by_text("Version 1 is computed.")).to_be_visible()
    check_accessible(page)
    check_fits(page)
    follow(page, "Hand over the report")
    press(page, "Hand it over")
    expect(page.get_by_text("The system planning report was handed over.")).to_be_visible()


def plan_the_night(page: Page) -> None:
    """Run book, moment, who decides; what we say ourselves."""
    follow(page, "Run book")
    press(page, "Lay it out")
    tick(page, "Racked")
    expect(page.get_by_text("1 of 4").first).to_be_visible()
    check_accessible(page)
    check_fits(page)
    follow(page, "Cut-over")
    follow(page, "Plan it")
    night = timezone.now() + timedelta(days=9)
    page.fill("[name=starts_at]", f"{night:%Y-%m-%d}T20:00")
    page.fill("[name=until]", f"{night + timedelta(days=1):%Y-%m-%d}T01:00")
    page.fill("[name=stop_contact]", "Yusuf, +971 4 555 0100")
    press(page, "Plan it so")
    expect(page.get_by_text("Point of no return").first).to_be_visible()
    check_accessible(page)
    check_fits(page)
    follow(page, "Go / no-go")
    follow(page, "Call a round")
    page.fill("[name=meets_at]", f"{night - timedelta(days=1):%Y-%m-%d}T10:00")
    page.get_by_label("Head of IT").select_option(label="Yusuf Al Mansoori")
    page.get_by_label("Account manager").select_option(label="Claire Bennett")
    press(page, "Ask them")
    met = page.get_by_role("button", name=re.compile(r"^Met ?: "))
    for criterion in range(6, 0, -1):
        expect(met).to_have_count(criterion)
        met.first.click()
    expect(met).to_have_count(0)


def vote(page: Page, name: str) -> None:
    follow(page, "Give your vote")
    page.get_by_label("Go", exact=True).check()
    page.fill("[name=name]", name)
    press(page, "Give it")
    expect(page.get_by_text("Your vote is kept: go.")).to_be_visible()


def test_a_project_from_its_sheet_to_the_night_of_the_cut_over(page: Page, desk: Desk):
    number = asked(page, desk, PROJECT, "golive", {"title": "Fourth site"})
    follow(page, "Fill in")
    for name, value in SHEET.items():
        page.fill(f"[name={name}]", value)
    press(page, "Keep them")
    take_up(page, desk, number)
    pilot(page)
    plan_capacity(page)
    plan_the_night(page)
    vote(page, "Claire Bennett")

    for paper in ("Pilot project report", "System planning report"):
        accept(page, desk, PROJECT, number, paper)
    page.set_viewport_size(PHONE)
    for name in ("planning", "run-book", "cut-over", "go-no-go"):
        open_page(page, desk, number, name, team=False)
        check_fits(page)
        check_accessible(page)
    vote(page, "Yusuf Al Mansoori")

    sign_in(page, desk, TAM)
    open_page(page, desk, number, "go-no-go")
    follow(page, "Write the decision down")
    press(page, "Write it down")
    expect(page.get_by_text("Go. The cut-over can begin at its moment.")).to_be_visible()
    open_page(page, desk, number, "cut-over")
    press(page, "It begins now")
    tick(page, "Stop logins")
    expect(
        page.get_by_text("Stop logins on the old platform, split delivery on: done.")
    ).to_be_visible()
    follow(page, "Turn back")
    page.fill("[name=reason]", "Logins fail")
    press(page, "Turn back now")
    tick(page, "Switch the MX back")
    expect(page.get_by_text("Switch the MX back to the old platform: done.")).to_be_visible()
