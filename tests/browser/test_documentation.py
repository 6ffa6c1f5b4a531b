"""Documentation in a real browser: every page fits, everybody can use it, nothing of it runs."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import Page, expect

from resources.actions.manuals import keeping
from tests import factories as make
from tests.browser.chromium import check_accessible, check_fits
from tests.browser.desk import Desk, sign_in
from tests.browser.test_entitlements import open_page
from tests.resources.test_manuals import zipped

pytestmark = [pytest.mark.browser]

LONG = "x" * 200
FILES = {
    "index.html": "<h1>Begin</h1><p><a href='next.html'>On</a>"
    "<script>document.title='ran'</script>",
    "next.html": f"<h1>Next</h1><pre>{LONG}</pre><table><tr><td>{LONG}</table><p>{LONG}",
}


@pytest.mark.xdist_group("desk")
def test_from_the_team_s_zip_to_the_customer_s_page(page: Page, desk: Desk):
    sign_in(page, desk, "manager@axsupport.example")
    page.goto(f"{desk.url}/admin/manuals/new/")
    page.fill("[name=title]", "Upgrade guide")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", name="Add a version")).to_be_visible()
    page.fill("[name=version]", "10.6")
    manual = zipped(FILES)
    page.set_input_files(
        "[name=file]", {"name": "guide.zip", "mimeType": "application/zip", "buffer": manual}
    )
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("button", name="Publish 10.6").click()
    expect(page.get_by_text("10.6 is published.").first).to_be_visible()

    sign_in(page, desk, "contact@northwind.example")
    page.goto(f"{desk.url}/documentation/")
    page.get_by_role("link", name="Upgrade guide", exact=True).click()
    page.locator("article").get_by_role("link", name="On").click()
    expect(page.get_by_role("heading", name="Next")).to_be_visible()
    assert "ran" not in page.title()


@pytest.mark.django_db
def test_every_page_fits_and_everybody_can_use_it(page: Page, phone: Page, settings, tmp_path):
    settings.STAFF_NEED_SECOND_FACTOR = False
    settings.MEDIA_ROOT = tmp_path
    make.make_level("premium")
    contact, manager = make.make_contact(), make.make_manager()
    manual = make.make_manual(summary=LONG[:90])
    for version in ("10.5", "10.6"):
        upload = SimpleUploadedFile("m.zip", zipped(FILES))
        one = keeping.add_manual_version(manual, upload, version=version, by=manager, at=make.NINE)
        keeping.publish_manual(one, by=manager, at=make.NINE)
    make.make_manual_version(manual, version="11.0", state="draft")
    begin = f"/documentation/{manual.slug}/10.5"
    of_customers = ("/documentation/", f"{begin}/next.html", f"{begin}/nowhere.html")
    of_staff = [reverse("admin:manuals"), reverse("admin:manual_new")]
    of_staff += [reverse("admin:manual", args=[manual.pk])]
    for window in (page, phone):
        for person, urls in ((contact, of_customers), (manager, of_staff)):
            for url in urls:
                open_page(window, url, person)
                check_accessible(window)
                check_fits(window)
