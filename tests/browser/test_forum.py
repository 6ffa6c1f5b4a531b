"""The forum in a real browser: every page fits; from a question to an article that answers it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Person
from core import rls
from resources.models import Board, Topic
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
    card = make.make_card(contact)
    board = make.make_board(name=f"Running {LONG}"[:80], audience="everybody")
    topic = make.make_topic(board, by=card, title=f"IMAP {LONG}"[:150])
    make.make_post(topic, by=make.make_card(manager), html=f"<h3>A</h3><pre>{LONG}</pre>")
    make.make_post_report(make.make_post(topic, by=card, html=f"<p>{LONG}</p>"), why=LONG)
    make.make_post(topic, by=card, state="held")
    mine = topic.posts.get(is_first=True).pk
    for window in (page, phone):
        for url, person in (
            *(
                (url, who)
                for url in ("/forum/", board.get_absolute_url(), topic.get_absolute_url())
                for who in (None, contact, manager)
            ),
            (f"/forum/{board.slug}/new/", contact),
            (f"/forum/posts/{mine}/edit/", contact),
            (f"/forum/posts/{mine}/history/", contact),
            (reverse("admin:forum"), manager),
            (reverse("admin:forum_boards"), manager),
        ):
            open_page(window, url, person)
            check_accessible(window)
            check_fits(window)


@pytest.mark.django_db(transaction=True)
def test_from_a_question_to_an_article(page: Page, site: str, settings):
    """By keyboard where a customer writes; what helped becomes an article's draft."""
    settings.STAFF_NEED_SECOND_FACTOR = False
    with rls.everything():
        asker, engineer = make.make_contact(name="Ana Popescu"), make.make_manager()
        board = make.make_board(name="Running it")
        make.make_category()
    ask(page, site, asker, board)
    sign_in(page, site, engineer)
    page.goto(f"{site}/admin/forum/")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_text("Readers see it.")).to_be_visible()
    with rls.everything():
        topic = Topic.objects.select_related("board").get()
    answer_with_a_quotation(page, f"{site}{topic.get_absolute_url()}")
    sign_in(page, site, asker)
    page.goto(f"{site}{topic.get_absolute_url()}")
    page.get_by_role("button", name="This helped").click()
    expect(page.get_by_text("Accepted: others find it first.")).to_be_visible()
    expect(page.locator(".forum-post.is-accepted")).to_have_count(1)
    sign_in(page, site, engineer)
    make_an_article(page, f"{site}{topic.get_absolute_url()}")


def ask(page: Page, site: str, asker: Person, board: Board) -> None:
    """By keyboard, from the board's page."""
    sign_in(page, site, asker)
    page.goto(f"{site}/forum/{board.slug}/")
    page.get_by_role("link", name="Ask", exact=True).click()
    page.get_by_label("Your question, in one line").fill("Where are the logs?")
    page.keyboard.press("Tab")
    page.keyboard.type("I look in `/var/log`.\n\nRegards, Ana")
    page.get_by_role("button", name="Ask").press("Enter")
    expect(page.get_by_text("It waits for a moderator")).to_be_visible()


def answer_with_a_quotation(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("link", name="Quote Ana").click()
    answer = page.get_by_label("Your answer")
    expect(answer).to_be_focused()
    quoted = "> **Ana** wrote:\n>\n> I look in `/var/log`.\n>\n> Regards, Ana\n\n"
    expect(answer).to_have_value(quoted)
    page.keyboard.type("In `/var/opt/mail/log`.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".forum-post")).to_have_count(2)


def make_an_article(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Make an article of it").click()
    expect(page.get_by_label("Title")).to_have_value("Where are the logs?")
    text = page.get_by_label("Text", exact=True).input_value()
    assert "/var/opt/mail/log" in text
    assert "Ana" not in text, "nobody is named in an article"
