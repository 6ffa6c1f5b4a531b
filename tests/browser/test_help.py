"""The knowledge base in a real browser: every page fits, and everybody can use it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from core.models import SearchOwed
from core.search.indexing import work_off
from tests import factories as make
from tests.browser.chromium import check_accessible, check_fits
from tests.browser.test_entitlements import open_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

LONG = "Donaudampfschifffahrtsgesellschaft" * 4
BODY = f"<h2 id='s-a'>A</h2><p>{LONG}</p><h2 id='s-b'>B</h2><pre>{LONG}</pre>" + (
    "<h3 id='s-c'>C</h3><table><tr><th>Port</th><td>993</td></tr></table>"
)


@pytest.fixture
def article():
    shelf = make.make_category(name="Webmail and mail programs")
    found = make.make_article(
        title=f"Webmail shows an empty inbox {LONG[:60]}",
        html=BODY.replace("'", '"'),
        category=shelf,
        slug="inbox",
    )
    make.make_article(title="Webmail shows an empty calendar", category=shelf)
    version = make.make_version(found, category=shelf, state="review", body=f"New\n{LONG}")
    make.make_vote(article=found, why=LONG)
    make.make_missed(words=LONG[:120])
    work_off(list(SearchOwed.objects.values_list("pk", flat=True)))
    return version.article


def test_pages_of_readers_fit_and_everybody_can_use_them(page: Page, phone: Page, article):
    contact = make.make_contact()
    pages = ["/help/", "/help/inbox/", "/help/?q=inbox", "/help/?q=zeppelin", "/help/nowhere/"]
    for window in (page, phone):
        window.route("**/help/missed/", lambda route: route.fulfill(status=204))
        for url in [*pages, article.live.category.get_absolute_url()]:
            open_page(window, url, contact)
            check_accessible(window)
            check_fits(window)


def test_pages_of_the_team_fit_and_everybody_can_use_them(
    page: Page, phone: Page, article, settings
):
    settings.STAFF_NEED_SECOND_FACTOR = False
    manager = make.make_manager()
    for window in (page, phone):
        for url in (
            reverse("admin:articles"),
            reverse("admin:article", args=[article.pk]),
            reverse("admin:article_version", args=[article.pk, 2]),
            reverse("admin:missed_searches"),
            reverse("admin:article_categories"),
        ):
            open_page(window, url, manager)
            check_accessible(window)
            check_fits(window)
