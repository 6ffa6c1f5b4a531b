"""An operations audit from the request to the accepted report, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core import rls
from engagements.models import Engagement
from tests.browser.chromium import check_accessible, check_fits
from tests.browser.test_putting_right import sign_in
from tests.factories import (
    make_admin_contact,
    make_audit,
    make_manager,
    make_organisation,
    make_project,
    make_tam,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def request_and_take_up(page: Page, site: str) -> None:
    page.goto(f"{site}/engagements/new/audit/")
    page.get_by_label("Title").or_(page.locator("[name=title]")).first.fill("After the migration")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("heading", name="After the migration")).to_be_visible()


def run_cases(page: Page, site: str, number: str) -> None:
    place = f"{site}/admin/engagements/{number}"
    page.goto(f"{place}/audit-case/")
    page.locator("[name=title]").fill("Open relay")
    page.locator("[name=procedure]").fill("Hand over mail from a foreign to a foreign domain.")
    page.locator("[name=expectation]").fill("It is refused.")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("Case 1 was added.")).to_be_visible()
    page.get_by_role("link", name="Run Open relay", exact=True).click()
    page.get_by_label("Result").select_option("failed")
    page.get_by_label("What was seen").fill("250 OK for a foreign domain")
    page.get_by_role("button", name="Keep the result").click()
    expect(page.get_by_text("250 OK for a foreign domain")).to_be_visible()
    page.get_by_role("link", name="Hand over the report").click()
    page.get_by_role("button", name="Hand it over").click()
    expect(page.get_by_text("Version 1 of the report was handed over.")).to_be_visible()
    check_fits(page)
    check_accessible(page)


def test_from_the_request_to_the_accepted_report(page: Page, site: str) -> None:
    now = timezone.now()
    with rls.everything():
        organisation = make_organisation()
        make_tam(organisation)
        since, until = now.date() - timedelta(days=5), now.date() + timedelta(days=60)
        make_project(organisation, starts_on=since, ends_on=until)
        admin, manager = make_admin_contact(organisation), make_manager()
    sign_in(page, site, admin)
    request_and_take_up(page, site)

    with rls.everything():
        audit = Engagement.objects.get()
        make_audit(
            audit, window_from=now - timedelta(hours=1), window_until=now + timedelta(hours=5)
        )
    sign_in(page, site, manager)
    page.goto(f"{site}/admin/engagements/{audit.number}/take-up/")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"**/{audit.number}/")
    run_cases(page, site, audit.number)

    sign_in(page, site, admin)
    page.goto(f"{site}/engagements/{audit.number}/")
    page.set_viewport_size({"width": 390, "height": 844})
    check_fits(page)
    page.get_by_role("link", name="Accept").first.click()
    page.locator("[name=name]").fill("Ana Pop")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_text("Accepted").first).to_be_visible()
