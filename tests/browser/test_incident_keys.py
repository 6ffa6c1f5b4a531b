"""The engineer's day without a mouse: each way with a count of its keys, in a real browser."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.enums import Role
from accounts.models import Person
from tests.browser.chromium import PHONE, check_accessible, check_fits
from tests.factories import make_cause, make_defect, make_engineer, make_handover, make_message
from tests.tickets.search.finding import indexed
from tests.tickets.staff_pages import page_of, reported
from tickets.models import Incident, Message

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE = {"width": 1280, "height": 900}
QUEUE = reverse("admin:queue")
ARABIC = "خادم البريد لا يستجيب بعد الترقية إلى الإصدار 10.6"
LONG_WORD = "x" * 192
NAME = "Maximiliane-Theodora von Hohenlohe-Waldenburg-Schillingsfürst"


@dataclass
class Desk:
    """A page that counts the keys that were pressed on it; words that are typed count as one."""

    page: Page
    url: str
    keys: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def type(self, words: str) -> None:
        self.page.keyboard.insert_text(words)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def focused(self) -> str:
        """The id of what has the focus, or of the nearest thing around it that has one."""
        return str(
            self.page.evaluate("(document.activeElement.closest('[id]') || document.body).id")
        )


def sign_in(page: Page, site: str, person: Person) -> Desk:
    client = Client()
    client.force_login(person)
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": site}])
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return Desk(page, site)


@pytest.fixture
def engineer(site) -> Person:
    return make_engineer(is_lead=True)


def test_the_first_of_the_queue_is_opened_and_answered_in_six_keys(page, site, engineer):
    incident = reported(owner=engineer)
    desk = sign_in(page, site, engineer)
    desk.open(QUEUE)

    desk.press("j", "o")
    page.wait_for_url(re.compile(incident.number))
    desk.press("r")
    expect(page.locator("textarea:focus")).to_be_visible()
    desk.type("Please restart IMAP.")
    desk.press("Control+Enter")

    expect(page.get_by_text("Your answer is on its way").first).to_be_visible()
    assert desk.keys <= 6
    assert incident.messages.filter(kind="answer").count() == 1


def test_priority_is_changed_where_it_stands_and_what_was_typed_stays(page, site, engineer):
    incident = reported(owner=engineer, priority=3)
    desk = sign_in(page, site, engineer)
    desk.open(page_of(incident))
    answer = page.locator("#answer textarea[name=body]")
    answer.fill("Half an answer")
    page.keyboard.press("Escape")
    answer.blur()

    desk.press("p")
    expect(page.locator("#prop-priority select:focus")).to_be_visible()
    page.locator("#prop-priority select[name=priority]").select_option("1")
    page.locator("#prop-priority [name=reason]").fill("All mail stands still")
    desk.press("Enter")

    expect(page.locator("#prop-priority > summary")).to_be_focused()
    expect(page.locator("#prop-priority > summary")).to_contain_text("Critical")
    assert answer.input_value() == "Half an answer"
    assert Incident.objects.get().priority == 1


def test_priority_from_the_palette_asks_only_for_the_reason(page, site, engineer):
    incident = reported(owner=engineer, priority=3)
    desk = sign_in(page, site, engineer)
    desk.open(page_of(incident))

    desk.press("Control+k")
    desk.type("critical")
    expect(page.locator(".palette li[aria-selected=true]")).to_contain_text("Critical")
    desk.press("Enter")
    expect(page.locator("#prop-priority [name=reason]")).to_be_focused()
    desk.type("All mail stands still")
    desk.press("Enter")

    expect(page.locator("#prop-priority > summary")).to_be_focused()
    assert desk.keys == 3
    assert Incident.objects.get().priority == 1


def test_it_is_taken_by_one_key(page, site, engineer):
    incident = reported()
    desk = sign_in(page, site, engineer)
    desk.open(page_of(incident))

    desk.press("i")

    expect(page.get_by_text(f"{incident.number} is yours.").first).to_be_visible()
    assert desk.keys == 1
    assert Incident.objects.get().owner == engineer


def test_it_is_escalated_from_the_keyboard(page, site, engineer):
    incident = reported(owner=engineer)
    desk = sign_in(page, site, engineer)
    desk.open(page_of(incident))

    desk.press("h")
    expect(page.locator("#escalate textarea").first).to_be_focused()
    for words in ("It needs the debugger.", "A restart.", "Sign in 200 times.", "10.5 on Debian"):
        desk.type(words)
        desk.press("Tab")
    desk.press("Tab", "Enter")

    expect(page.get_by_text("Escalated to TS2").first).to_be_visible()
    assert desk.keys <= 8
    assert Incident.objects.get().tier == 2


def test_escape_closes_what_stands_open_and_gives_the_focus_back(page, site, engineer):
    incident = reported(owner=engineer)
    desk = sign_in(page, site, engineer)
    desk.open(page_of(incident))

    desk.press("h")
    expect(page.locator("#escalate textarea").first).to_be_focused()
    desk.press("Escape")
    expect(page.locator("#escalate")).to_have_count(0)
    expect(page.locator("[data-offer=escalate]").first).to_be_focused()
    desk.press(".")
    expect(page.locator("#incident-more[open]")).to_be_visible()
    desk.press("Escape")
    expect(page.locator("#incident-more > summary")).to_be_focused()


def test_a_refused_form_stays_with_what_was_typed(page, site, engineer):
    incident = reported(owner=engineer)
    desk = sign_in(page, site, engineer)
    desk.open(page_of(incident))
    desk.press("p")
    expect(page.locator("#prop-priority select:focus")).to_be_visible()
    page.locator("#prop-priority [name=reason]").fill("Nobody said whom it hits")
    page.locator("#prop-priority select[name=priority]").select_option("")
    desk.press("Enter")

    expect(page.locator("#prop-priority .form-errors")).to_be_visible()
    assert page.locator("#prop-priority [name=reason]").input_value() == "Nobody said whom it hits"


def test_keys_are_shown_and_do_nothing_while_one_types_or_a_dialog_is_open(page, site, engineer):
    incident = reported(owner=engineer)
    desk = sign_in(page, site, engineer)
    desk.open(page_of(incident))

    desk.press("?")
    expect(page.locator(".keys-dialog")).to_be_visible()
    check_accessible(page)
    desk.press("p")
    expect(page.locator("#prop-priority[open]")).to_have_count(0)
    desk.press("Escape", "r")
    page.keyboard.type("p?g.")
    assert page.locator("#answer textarea[name=body]").input_value() == "p?g."
    expect(page.locator(".keys-dialog")).to_have_count(0)


def test_single_keys_can_be_switched_off_and_the_palette_stays(page, site, engineer):
    incident = reported(owner=engineer)
    desk = sign_in(page, site, engineer)
    desk.open(reverse("accounts:profile"))
    page.get_by_label("Single letters").uncheck()
    page.get_by_role("button", name="Save").click()
    desk.open(page_of(incident))

    desk.press("p", "?", "h")

    expect(page.locator("#prop-priority[open]")).to_have_count(0)
    expect(page.locator("dialog")).to_have_count(0)
    desk.press("Control+k")
    expect(page.locator(".palette")).to_be_visible()
    expect(page.locator(".palette li").first).to_be_visible()
    check_accessible(page)


def test_next_and_previous_walk_the_list_and_back_is_at_the_row(page, site, engineer):
    first, second = (reported(owner=engineer, priority=one) for one in (1, 2))
    desk = sign_in(page, site, engineer)
    desk.open(f"{QUEUE}?view=mine")

    desk.press("j", "o")
    page.wait_for_url(re.compile(first.number))
    expect(page.get_by_text("1 of 2")).to_be_visible()
    desk.press("j")
    page.wait_for_url(re.compile(second.number))
    desk.press("k")
    page.wait_for_url(re.compile(first.number))
    desk.press("]")
    page.wait_for_url(re.compile(second.number))
    desk.press("u")

    page.wait_for_url(re.compile("view=mine"))
    expect(page.locator(f"#r{second.pk} a")).to_be_focused()
    page.go_back()
    page.wait_for_url(re.compile(second.number))
    assert desk.keys == 6


def test_g_and_a_letter_go_to_a_page(page, site, engineer):
    desk = sign_in(page, site, engineer)
    desk.open(page_of(reported(owner=engineer)))

    desk.press("g", "q")

    page.wait_for_url(f"{site}{QUEUE}")


@pytest.fixture
def odd(engineer) -> Incident:
    """Everything that is longer, or runs the other way, than a page expects."""
    incident: Incident = reported(owner=engineer, subject=f"{ARABIC} {LONG_WORD}"[:200])
    Person.objects.filter(pk=incident.reporter_id).update(name=NAME[:200])
    incident.organisation.name = NAME
    incident.organisation.save()
    make_message(incident, body=f"{ARABIC}\n\nplain 😀 {LONG_WORD}")
    make_message(incident, body="2026-11-23 03:10:00 mx1 " + "IMAP: session closed " * 30)
    make_message(incident, kind="note", author=engineer, body=LONG_WORD)
    make_handover(incident, tried=LONG_WORD, reason=ARABIC)
    return incident


def overlong(page: Page) -> list[str]:
    """What reaches beyond the window, besides what scrolls by itself."""
    found = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(one => {"
        "  const box = one.getBoundingClientRect();"
        "  return box.width && box.right > innerWidth + 1 && one.checkVisibility()"
        "    && !one.closest('pre, nav, .tabs, thead')"
        "    && getComputedStyle(one).position !== 'fixed';"
        "}).map(one => one.outerHTML.slice(0, 120))"
    )
    return list(found)


@pytest.mark.parametrize("size", (WIDE, PHONE), ids=("wide", "phone"))
def test_long_and_odd_fits_the_list_the_page_and_the_portal(page, site, engineer, odd, size):
    desk = sign_in(page, site, engineer)
    page.set_viewport_size(size)
    for path in (QUEUE, page_of(odd)):
        desk.open(path)
        check_fits(page)
        assert overlong(page) == []
    page.locator(".handover summary").first.click()
    page.locator("#incident-more > summary").click()
    expect(page.locator("#incident-more a").first).to_be_in_viewport(ratio=1)
    check_fits(page)
    page.keyboard.press("Escape")
    check_accessible(page)
    client = Client()
    client.force_login(odd.reporter)
    page.context.clear_cookies()
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
    for path in (reverse("tickets:list"), reverse("tickets:detail", args=[odd.number])):
        desk.open(path)
        assert overlong(page) == []
        check_fits(page)


def test_newest_message_and_composer_are_in_view_at_once(page, site, engineer):
    incident = reported(owner=engineer)
    for number in range(30):
        make_message(incident, body=f"Message {number}. " + "word " * 60)
    desk = sign_in(page, site, engineer)

    desk.open(page_of(incident))

    expect(page.get_by_text("Message 29.")).to_be_in_viewport()
    expect(page.locator("#answer textarea[name=body]")).to_be_in_viewport(ratio=1)
    expect(page.locator("#prop-defect")).to_be_in_viewport()


def test_each_tab_of_the_incident_is_accessible_opened_from_the_page_or_by_itself(
    page, site, engineer
):
    incident = reported(owner=engineer)
    desk = sign_in(page, site, engineer)
    desk.open(page_of(incident))
    tabs = page.locator("#incident-tabs a")
    addresses = [str(one.get_attribute("href")) for one in tabs.all()]

    for at in (*range(len(addresses)), 0):
        tabs.nth(at).click()
        expect(tabs.nth(at)).to_have_attribute("aria-current", "page")
        check_accessible(page)
    for address in addresses:
        desk.open(address)
        check_accessible(page)


def test_what_is_similar_is_looked_at_and_linked_and_it_is_solved_with_its_cause(
    page, site, engineer
):
    """The whole way of a known fault: seen, named, explained, solved; counted key by key."""
    cause = make_cause("product-defect")
    defect = make_defect(title="Webmail shows an empty inbox after a failover")
    incident = reported(owner=engineer, subject="Empty inbox in webmail since the failover")
    with transaction.atomic():
        indexed()
    desk = sign_in(page, site, engineer)
    desk.open(page_of(incident))

    desk.press("l")
    expect(page.locator(".similar button[data-key='1']")).to_be_visible()
    check_accessible(page)
    desk.press("1")
    expect(page.get_by_text(f"It comes from {defect.number}").first).to_be_visible()
    assert desk.keys == 2
    assert Incident.objects.get().defect == defect

    page.wait_for_load_state()
    _solve(desk)

    expect(page.get_by_text("Your answer is on its way").first).to_be_visible()
    solved = Incident.objects.get()
    assert (solved.state, solved.solutions.get().cause) == ("solved", cause)
    assert desk.keys <= 12


def _solve(desk: Desk) -> None:
    """Answer with what solves it: the defect that is named suggests the cause."""
    page = desk.page
    desk.press("r")
    expect(page.locator("textarea:focus")).to_be_visible()
    desk.type("Please restart the webmail service, then every inbox is back.")
    then = page.locator("#answer select[name=then]")
    expect(page.locator("#answer [name=solution]")).to_be_hidden()
    while not then.evaluate("one => one === document.activeElement"):
        desk.press("Tab")
    desk.press("End")
    expect(page.locator("#answer [name=solution]")).to_be_visible()
    check_fits(page)
    desk.press("Tab")
    desk.type("The webmail service was restarted.")
    desk.press("Control+Enter")


def test_a_developer_is_asked_aside_in_four_keys(page, site, engineer):
    """X4: `b`, a letter of the name, Tab, the words, Ctrl Enter; the composer keeps its text."""
    make_engineer(role=Role.TS3, name="Zora Three")
    incident = reported(owner=engineer)
    desk = sign_in(page, site, engineer)
    desk.open(page_of(incident))
    page.locator("#id_answer_body").fill("We look into it")

    desk.press("Escape")
    page.locator("#incident-scroll").focus()
    desk.keys = 0
    desk.press("b")
    expect(page.locator("#id_aside_to")).to_be_focused()
    desk.press("z", "Tab")
    desk.type("Is it the index?")
    expect(page.locator("#id_aside_body")).to_have_value("Is it the index?")
    desk.press("Control+Enter")

    said = page.locator(".aside-one")
    expect(said).to_contain_text("Is it the index?")
    expect(said.locator("textarea")).to_be_focused()
    expect(page.locator("#incident-tabs [data-tab=aside] .count")).to_have_text("1")
    expect(page.locator("#id_answer_body")).to_have_value("We look into it")
    assert desk.keys == 4
    check_accessible(page)


def test_all_who_have_a_known_defect_are_answered_in_seven_keys(page, site, engineer):
    """From any page: to the list, the defect, the drafted answer, what would come of it, done."""
    defect = make_defect(workaround="Set the idle timeout to 15 minutes.")
    for _ in range(3):
        reported(owner=engineer, defect=defect)
    desk = sign_in(page, site, engineer)
    desk.open(QUEUE)

    desk.press("g", "d")
    page.wait_for_url("**/defects/")
    page.wait_for_load_state()
    desk.press("j")
    expect(page.locator("tbody tr a").first).to_be_focused()
    desk.press("o")
    expect(page.get_by_role("link", name="Answer all 3")).to_be_visible()
    page.wait_for_load_state()
    desk.press("r")
    expect(page.locator("#id_bulk_body")).to_be_focused()
    expect(page.locator("#id_bulk_body")).to_have_value(re.compile("Until it is fixed"))
    check_accessible(page)
    desk.press("Control+Enter")
    expect(page.get_by_text("3 would be answered")).to_be_visible()
    expect(page.locator(".bulk-preview")).to_contain_text("idle timeout")
    expect(page.get_by_text("3 mails to customers")).to_be_visible()
    assert Message.objects.filter(kind="answer").count() == 0
    expect(page.get_by_role("button", name="Do it to 3")).to_be_focused()
    desk.press("Enter")

    page.wait_for_url(f"**/defects/{defect.number}/")  # none was refused
    assert desk.keys == 7
    assert Message.objects.filter(kind="answer").count() == 3
    assert Incident.objects.filter(due_at=None).count() == 3
