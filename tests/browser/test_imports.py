"""A file of customers, from the form to what it made and back, by a manager on the whole desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import check_accessible, check_fits
from tests.browser.desk import Desk, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

TABLE = "Nr;Firma;Land\nC-1;Zürcher Söhne;CH\nC-2;Nirgendwo;Atlantis\n".encode("cp1252")


def test_customers_are_brought_in_and_taken_back(page: Page, desk: Desk):
    sign_in(page, desk, "manager@axsupport.example")
    page.goto(f"{desk.url}/admin/imports/")
    check_accessible(page)
    page.set_input_files("[name=file]", {"name": "k.csv", "mimeType": "text/csv", "buffer": TABLE})
    page.get_by_role("button", name="Look at it").click()

    expect(page.get_by_label("Name", exact=True)).to_have_value("1")
    check_accessible(page)
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("“Atlantis” is no country")).to_be_visible(timeout=30_000)
    check_accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    check_fits(page)
    page.get_by_label("Leave out the 1 line").check()
    page.get_by_role("button", name="Bring in 1 organisation").click()

    back = page.get_by_role("button", name="Take it all back")
    expect(back).to_be_visible(timeout=30_000)
    page.goto(f"{desk.url}/admin/organisations/?q=Zürcher")
    expect(page.get_by_role("link", name="Zürcher Söhne")).to_be_visible()
    page.go_back()
    expect(back).to_be_visible()
    back.click()
    page.get_by_role("button", name="Take it back", exact=True).click()
    expect(page.get_by_text("All of it was taken back")).to_be_visible(timeout=30_000)
