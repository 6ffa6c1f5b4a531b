"""The composer in a real browser without a mouse: keys are counted, nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from accounts.models import Person
from core import rls
from tests.browser.chromium import check_accessible, check_fits
from tests.factories import (
    NINE,
    PASSWORD,
    hours,
    make_contact,
    make_engineer,
    make_licence,
    make_subscription,
)
from tests.tickets.desk import filed
from tickets.actions.canned import Canned, keep_canned
from tickets.models import Draft, Incident, Message

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOG_WANTED = "Dear {{ reporter.first_name }},\n\nthe log, please."
PASTE = """(field) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array([137, 80, 78, 71])], "image.png", {type: "image/png"}));
  data.items.add(new File([], "empty.log", {type: "text/plain"}));
  field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
}"""


@pytest.fixture
def engineer(site) -> Person:
    return make_engineer(password=PASSWORD)


@pytest.fixture
def mine(engineer) -> list[Incident]:
    """Two incidents on which the engineer owes an answer, the first one sooner."""
    with rls.everything():
        found = [filed(at=NINE), filed(at=NINE + hours(1))]
        for one in found:
            Incident.objects.filter(pk=one.pk).update(owner=engineer)
    return found


class Keys:
    """Presses, and counts what is not text."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)


def sign_in(page: Page, site: str, person: Person, where: str = "") -> None:
    page.goto(f"{site}/accounts/login/?next={where}")
    page.get_by_label("E-mail").or_(page.get_by_label("Email")).first.fill(person.email)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "login" not in url)


def open_incident(page: Page, site: str, person: Person, incident: Incident) -> Keys:
    sign_in(page, site, person, f"/admin/incidents/{incident.number}/")
    expect(page.locator("#composer")).to_be_visible()
    page.locator("#id_answer_body").focus()
    return Keys(page)


def kept(page: Page) -> None:
    expect(page.locator("#answer .draft-state")).to_contain_text("Draft kept")


def test_answer_and_go_to_the_next_takes_one_key(page, site, engineer, mine):
    first, second = mine
    keys = open_incident(page, site, engineer, first)

    keys.type("Please restart **IMAP**.")
    keys.press("Control+Enter")

    page.wait_for_url(re.compile(second.number))
    assert keys.count == 1
    with rls.everything():
        said = Message.objects.filter(incident=first).latest("pk")
        assert "<strong>IMAP</strong>" in said.html
        assert not Draft.objects.exists()


def test_a_reload_keeps_the_draft_and_its_files(page, site, engineer, mine):
    keys = open_incident(page, site, engineer, mine[0])

    keys.type("See the picture.")
    kept(page)
    page.locator("#id_answer_body").evaluate(PASTE)
    expect(page.locator("#answer .draft-files")).to_contain_text("screenshot-")
    expect(page.locator("#answer .draft-files")).to_contain_text("is empty")  # and cost no other
    page.reload()

    expect(page.locator("#id_answer_body")).to_have_value("See the picture.")
    page.locator("#id_answer_body").focus()
    keys.press("Control+Enter")
    page.wait_for_url(re.compile(mine[1].number))
    assert keys.count == 1
    with rls.everything():
        said = Message.objects.filter(incident=mine[0]).latest("pk")
        assert [one.name[:11] for one in said.attachments.all()] == ["screenshot-"]


def test_what_is_sent_while_a_file_is_on_its_way_goes_when_it_has_arrived(
    page, site, engineer, mine
):
    keys = open_incident(page, site, engineer, mine[0])
    on_its_way: list[Route] = []

    def hold(route: Route) -> None:
        if b"\r\nsave\r\n" in (route.request.post_data_buffer or b""):
            route.continue_()
        else:
            on_its_way.append(route)

    page.route("**/draft/**", hold)
    keys.type("See the picture.")
    log = FilePayload(name="mx1.log", mimeType="text/plain", buffer=b"closed\n")
    page.set_input_files("#answer input[type=file]", log)
    page.locator("#id_answer_body").focus()
    expect(page.locator("#answer .draft-files .is-going")).to_be_visible()
    keys.press("Control+Enter")
    expect(page.locator("#answer .draft-state")).to_contain_text("as soon as the file has arrived")
    for one in on_its_way:
        one.continue_()
    page.unroute("**/draft/**")

    page.wait_for_url(re.compile(mine[1].number))
    with rls.everything():
        said = Message.objects.filter(incident=mine[0]).latest("pk")
        assert [one.name for one in said.attachments.all()] == ["mx1.log"]


def test_a_session_that_ends_while_typing_costs_nothing(page, site, engineer, mine):
    keys = open_incident(page, site, engineer, mine[0])
    keys.type("Half of it")
    kept(page)

    page.context.clear_cookies()
    keys.type(", and the other half")

    expect(page.locator("#answer .draft-state")).to_contain_text("signed out")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("E-mail").or_(page.get_by_label("Email")).first.fill(engineer.email)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile(mine[0].number))
    expect(page.locator("#id_answer_body")).to_have_value("Half of it, and the other half")
    kept(page)


def test_the_older_of_two_tabs_is_told_and_overwrites_nothing(page, site, engineer, mine):
    keys = open_incident(page, site, engineer, mine[0])
    keys.type("First tab")
    kept(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#id_answer_body").press("Control+End")
    other.keyboard.type(", second tab")
    expect(other.locator("#answer .draft-state")).to_contain_text("Draft kept")
    other.wait_for_timeout(1200)

    page.locator("#id_answer_body").focus()
    keys.type("!")

    state = page.locator("#answer .draft-state")
    expect(state).to_contain_text("in another tab")
    state.get_by_role("button", name="Take that text").click()
    expect(page.locator("#id_answer_body")).to_have_value("First tab, second tab")


def test_a_note_can_not_be_mistaken_and_a_preview_shows_what_is_read(page, site, engineer, mine):
    keys = open_incident(page, site, engineer, mine[0])
    keys.type("- one\n- two")
    page.locator("#answer [data-look]").press("Enter")
    expect(page.locator("#answer .composer-preview li")).to_have_count(2)

    page.locator("#tab-answer").focus()
    keys.press("ArrowRight", "Enter")

    expect(page.get_by_text("Only colleagues read this note.")).to_be_visible()
    expect(page.locator("#answer")).to_be_hidden()
    check_accessible(page)
    check_fits(page)


def test_an_at_names_a_colleague(page, site, engineer, mine):
    colleague = make_engineer(name="Elena Dumitrescu")
    keys = open_incident(page, site, engineer, mine[0])

    keys.type("Ask @")
    expect(page.get_by_role("option", name="Elena Dumitrescu")).to_be_visible()
    keys.type("Ele")
    expect(page.locator(".composer-picker:visible [role=option]")).to_have_count(1)
    keys.press("Enter")

    expect(page.locator("#id_answer_body")).to_have_value(f"Ask @{colleague.name} ")
    assert keys.count == 1


def test_a_customers_report_comes_back_after_a_reload(page, site):
    with rls.everything():
        contact = make_contact(password=PASSWORD)
        make_subscription(make_licence(contact.organisation))
    sign_in(page, site, contact, "/incidents/new/")

    page.get_by_label("In one line").fill("IMAP stops")
    page.locator("#id_body").fill("    indented\nIt began at ten.")
    expect(page.locator(".draft-state")).to_contain_text("Draft kept")
    page.reload()

    expect(page.get_by_label("In one line")).to_have_value("IMAP stops")
    expect(page.locator("#id_body")).to_have_value("    indented\nIt began at ten.")
    check_accessible(page)


def test_a_canned_answer_is_inserted_with_three_keys(page, site, engineer, mine):
    keep_canned(
        Canned("Ask for the log", LOG_WANTED, then="waiting"),
        by=engineer,
        at=NINE,
    )
    keys = open_incident(page, site, engineer, mine[0])

    keys.press("/")
    keys.type("log")
    expect(page.locator(".composer-picker:visible [role=option]")).to_have_count(1)
    keys.press("Enter")

    name = mine[0].reporter.name.split()[0]
    expect(page.locator("#id_answer_body")).to_have_value(f"Dear {name},\n\nthe log, please.")
    expect(page.locator("#id_answer_then")).to_have_value("waiting")
    expect(page.locator(".composer-macro")).to_have_text("Then it waits for the customer.")
    keys.press("Control+Enter")
    page.wait_for_url(re.compile(mine[1].number))
    assert keys.count == 3
    mine[0].refresh_from_db()
    assert mine[0].state == "waiting"


def test_a_placeholder_that_nobody_filled_in_is_not_sent(page, site, engineer, mine):
    keys = open_incident(page, site, engineer, mine[0])

    keys.type("By {{ incident.due }}.")
    keys.press("Control+Enter")

    expect(page.locator("#id_answer_body")).to_be_focused()
    assert mine[0].number in page.url
    with rls.everything():
        assert not Message.objects.filter(incident=mine[0], kind="answer").exists()
