"""Engagements driven in a browser on the running desk, from the request to the accepted paper."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.chromium import check_accessible, check_fits
from tests.browser.desk import Desk, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

CONTACT, PROJECT, TAM = (
    "contact@northwind.example",
    "yusuf@adatum.example",
    "tam@axsupport.example",
)
# The visit is moved into the past, so that its diary can be written.
PASSES = (
    "from core import rls; from datetime import timedelta;"
    " from engagements.models import Visit, Visitor; rls.everything_from_now_on();"
    " v = Visit.objects.get(engagement__number='{number}'); back = timedelta(days=30);"
    " Visitor.objects.filter(visit=v).update(is_held=False);"
    " Visit.objects.filter(pk=v.pk).update(starts_at=v.starts_at - back,"
    " ends_at=v.ends_at - back)"
)


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


def follow(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name).first.click()


def asked(page: Page, desk: Desk, who: str, kind: str, fields: dict[str, str]) -> str:
    """The number of what `who` asked for in the portal."""
    sign_in(page, desk, who)
    page.goto(f"{desk.url}/engagements/new/{kind}/")
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    press(page, "Ask for it")
    page.wait_for_url(re.compile(r"/engagements/ENG-"))
    return page.url.rstrip("/").rsplit("/", 1)[1]


def take_up(page: Page, desk: Desk, number: str) -> None:
    sign_in(page, desk, TAM)
    page.goto(f"{desk.url}/admin/engagements/{number}/")
    follow(page, "Take it up")
    golive = page.locator("[name=golive_on]")
    if golive.count():
        golive.fill(f"{timezone.localdate() + timedelta(days=120):%Y-%m-%d}")
    press(page, "Take it up")
    expect(page.get_by_text("In progress").first).to_be_visible()


def accept(page: Page, desk: Desk, who: str, number: str, title: str) -> None:
    sign_in(page, desk, who)
    page.goto(f"{desk.url}/engagements/{number}/")
    follow(page, f"Accept {title}")
    press(page, "Accept it")
    expect(page.get_by_text("Accepted. Thank you.")).to_be_visible()


def propose(page: Page) -> date:
    """The first Tuesday on which somebody can go."""
    day = timezone.localdate() + timedelta(days=20)
    day += timedelta(days=(1 - day.weekday()) % 7)
    follow(page, "Propose dates")
    page.fill("[name=starts]", f"{day:%Y-%m-%d}T10:00")
    page.fill("[name=ends]", f"{day:%Y-%m-%d}T15:00")
    page.get_by_label("Claire Bennett").check()
    press(page, "Propose them")
    expect(page.get_by_text("Proposed; the customer was asked.")).to_be_visible()
    return day


def test_a_visit_from_the_request_to_the_signed_protocol(page: Page, desk: Desk):
    wanted = {"title": "Rack the node", "place": "Cluj", "why_on_site": "No remote console"}
    number = asked(page, desk, CONTACT, "on_site", wanted)
    check_accessible(page)
    take_up(page, desk, number)
    planned_on = propose(page)
    check_accessible(page)
    check_fits(page)
    sign_in(page, desk, CONTACT)
    page.goto(f"{desk.url}/engagements/{number}/")
    follow(page, "It suits us")
    press(page, "Yes, come")
    expect(page.get_by_text("Agreed. We are looking forward")).to_be_visible()
    desk.manage("shell", "-c", PASSES.format(number=number))
    sign_in(page, desk, TAM)
    page.goto(f"{desk.url}/admin/engagements/{number}/")
    follow(page, "Write the diary")
    held_on = planned_on - timedelta(days=30)
    page.fill("[name=began]", f"{held_on:%Y-%m-%d}T10:00")
    page.fill("[name=ended]", f"{held_on:%Y-%m-%d}T12:00")
    page.fill("[name=what]", "Racked and cabled")
    press(page, "Write it down")
    follow(page, "Close the visit")
    page.fill("[name=summary]", "The node runs.")
    press(page, "Close it and hand over")
    expect(page.get_by_text("Protocol and report were handed over.")).to_be_visible()
    accept(page, desk, CONTACT, number, "Visit protocol")


def test_a_feature_and_a_project_from_the_request_to_their_papers(page: Page, desk: Desk):
    number = asked(
        page,
        desk,
        CONTACT,
        "feature",
        {"title": "Shared drafts", "goal": "Work on drafts together", "today": "By mail"},
    )
    take_up(page, desk, number)
    follow(page, "Answer with a letter")
    page.get_by_label("Yes").check()
    for name in ("explanation", "necessity", "security", "redundancy", "release"):
        page.fill(f"[name={name}]", f"{name} of it")
    press(page, "Answer with a letter")
    expect(page.get_by_text("Expected in release of it").first).to_be_visible()
    check_accessible(page)

    number = asked(page, desk, PROJECT, "golive", {"title": "Third site"})
    follow(page, "Fill in")
    page.fill("[name=users]", "4000")
    press(page, "Keep them")
    take_up(page, desk, number)
    follow(page, "Setting")
    page.select_option("[name=what]", "imap:state")
    for name, value in (("host", "mx1"), ("value", "on"), ("reason", "Set up")):
        page.fill(f"[name={name}]", value)
    press(page, "Write it down")
    follow(page, "Pilot report")
    press(page, "Make it and hand it over")
    check_accessible(page)
    check_fits(page)
    accept(page, desk, PROJECT, number, "Pilot project report")
