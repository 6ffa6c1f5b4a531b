"""Downloads in a real browser: from the team's upload to the customer's use; every page fits."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import FilePayload, Page, expect

from tests import factories as make
from tests.browser.chromium import check_accessible, check_fits
from tests.browser.desk import Desk, sign_in
from tests.browser.test_entitlements import open_page

pytestmark = [pytest.mark.browser]

CONTENT = bytes(range(256)) * 40_000  # 10 MB: comes in two pieces
LONG = "axigen-business-" + "x" * 80 + ".rpm"


@pytest.mark.xdist_group("desk")
def test_from_the_team_s_upload_to_the_customer_s_download(page: Page, desk: Desk):
    sign_in(page, desk, "manager@axsupport.example")
    page.goto(f"{desk.url}/admin/releases/new/")
    page.fill("[name=version]", "10.6.99")
    page.select_option("[name=kind]", "patch")
    page.fill("[name=summary]", "Mends invitations")
    page.get_by_role("button", name="Keep the draft").click()
    expect(page.get_by_role("heading", name="10.6.99")).to_be_visible()
    file: FilePayload = {"name": LONG, "mimeType": "application/x-rpm", "buffer": CONTENT}
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="Add the file").click()
    digest = hashlib.sha256(CONTENT).hexdigest()
    expect(page.locator(".dl-sum", has_text=digest)).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("It is published.").first).to_be_visible()

    sign_in(page, desk, "contact@northwind.example")
    page.goto(f"{desk.url}/downloads/")
    newest = page.locator(".dl-release", has_text="Newest for you")
    expect(newest).to_contain_text("10.6.99")
    with page.expect_download() as download:
        newest.get_by_role("button", name=f"Download {LONG}").click()
    assert download.value.suggested_filename == LONG
    assert Path(download.value.path()).read_bytes() == CONTENT


@pytest.mark.django_db
def test_every_page_fits_and_everybody_can_use_it(page: Page, phone: Page, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    make.make_level("premium", maintenance=True)
    contact, manager = make.make_contact(), make.make_manager()
    for _ in range(2):
        licence = make.make_licence(contact.organisation, registered_on=date(2020, 1, 1))
        make.make_subscription(licence, starts_on=date(2020, 1, 1), ends_on=date(2099, 1, 1))
    one = make.make_release("10.6.3", summary="Mends " * 30, notes_html=f"<p>{LONG}</p>", notes="x")
    file = make.make_release_file(one, name=LONG, signature="-----BEGIN X-----")
    make.make_fix(one)
    make.make_download(licence=licence, file=file)
    make.make_release("10.6.4", withdrawn_at=make.NINE, withdrawn_for="No " * 60)
    office = make.make_release("10.6.3", edition="office")
    make.make_release("11.0", kind="upgrade", takes="Ask " * 40)
    draft = make.make_release("12.0", published_at=None)
    of_customers = (reverse("resources:downloads"), one.get_absolute_url())
    of_staff = [reverse("admin:releases"), reverse("admin:release_new")]
    of_staff += [reverse("admin:release", args=[found.pk]) for found in (one, draft)]
    for window in (page, phone):
        for person, urls in (
            (contact, (*of_customers, office.get_absolute_url())),
            (manager, of_staff),
        ):
            for url in urls:
                open_page(window, url, person)
                check_accessible(window)
                check_fits(window)
