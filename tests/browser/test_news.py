"""Newsletters in a real browser: every page fits, an advisory is read, a link of a mail leaves."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from core import rls
from resources.models import AdvisoryReach, NewsletterChoice
from resources.reads.newsletters.tokens import leave_url
from tests import factories as make
from tests.browser.chromium import check_accessible, check_fits
from tests.browser.test_entitlements import open_page
from tests.browser.test_putting_right import sign_in

pytestmark = [pytest.mark.browser]

LONG = "Donaudampfschifffahrtsgesellschaft" * 3


@pytest.mark.django_db
def test_pages_fit_and_everybody_can_use_them(page: Page, phone: Page, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    contact, manager = make.make_contact(), make.make_manager()
    issue = make.make_advisory(subject=f"IMAP {LONG}"[:150], html=f"<h2>A</h2><pre>{LONG}</pre>")
    draft = make.make_advisory(state="draft")
    make.make_reach(contact.organisation, issue=issue)
    archive = ["/newsletter/", issue.get_absolute_url(), issue.newsletter.get_absolute_url()]
    for window in (page, phone):
        window.route("**/mail/", lambda route: route.fulfill(body="", content_type="text/html"))
        for url, person in (
            *((url, contact) for url in (*archive, "/coverage/")),
            *((url, None) for url in ("/newsletter/", "/newsletter/asked/")),
            ("/newsletter/leave/key/", None),
            ("/newsletter/confirm/key/", None),
            (reverse("admin:newsletters"), manager),
            (reverse("admin:newsletter_issue", args=[issue.pk]), manager),
            (reverse("admin:newsletter_issue", args=[draft.pk]), manager),
            (reverse("admin:newsletter_kinds"), manager),
        ):
            open_page(window, url, person)
            check_accessible(window)
            check_fits(window)


@pytest.mark.django_db(transaction=True)
def test_an_advisory_stays_in_view_until_it_is_read_and_a_link_leaves(page: Page, site: str):
    with rls.everything():
        contact = make.make_contact()
        reach = make.make_reach(contact.organisation)
        newsletter = reach.issue.newsletter
        link = leave_url("p", contact.pk, newsletter.pk)
    sign_in(page, site, contact)
    page.goto(f"{site}/coverage/")
    page.get_by_role("link", name=reach.issue.subject).click()
    page.get_by_role("button", name="We have read it").click()
    expect(page.get_by_text("Noted: your organisation has read it.")).to_be_visible()
    page.goto(f"{site}/coverage/")
    expect(page.get_by_role("link", name=reach.issue.subject)).to_have_count(0)
    with rls.everything():
        assert AdvisoryReach.objects.get().read_by == contact

    page.context.clear_cookies()
    page.goto(link)
    page.get_by_role("button", name="Leave it").click()
    expect(page.get_by_role("heading", name="You get it no more")).to_be_visible()
    with rls.everything():
        assert not NewsletterChoice.objects.get(person=contact, newsletter=newsletter).wants
