"""The main job end to end: the whole desk, started by its own command, driven in a browser.

Nothing here is a stand-in: PostgreSQL, Valkey, gunicorn, the Celery worker and beat run as
`make up` runs them, with a small demo, on a data folder that is thrown away afterwards.
"""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk, file_incident, sign_in, wait

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

LOG = "2026-11-23 03:10:00 mx1 IMAP: session 42 closed, idle limit reached\n"


def mails_to(desk: Desk, address: str) -> list[str]:
    """What the worker sent to the address; without an SMTP server mails are files."""
    folder = desk.data / "mail"
    texts = [path.read_text(errors="replace") for path in folder.glob("*")]
    return [text for text in texts if f"To: {address}" in text or f"<{address}>" in text]


def test_contact_sees_support_files_an_incident_with_a_log_and_finds_it(page, desk, tmp_path):
    log = tmp_path / "mx1.log"
    log.write_text(LOG)
    sign_in(page, desk, "contact@northwind.example")
    expect(page.get_by_text("An answer within 6 hours, round the clock")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Until \d+ \w+ \d{4}")).first).to_be_visible()

    page.goto(f"{desk.url}/incidents/new/")
    page.fill("[name=subject]", "Licence shows too few users")
    page.fill("[name=body]", "The licence page shows 20 users fewer than we bought.")
    page.select_option("[name=service]", "configuration")
    page.set_input_files("[name=files]", str(log))
    page.get_by_role("button", name="File the incident").click()

    expect(
        page.get_by_text(re.compile(r"A human answers by \w+, \d+ \w+, \d\d:\d\d"))
    ).to_be_visible()
    expect(page.get_by_text("Premium, 6 hours, round the clock")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download mx1.log").click()
    assert Path(download.value.path()).read_text() == LOG
    page.goto(f"{desk.url}/incidents/")
    expect(page.get_by_role("link", name=re.compile("Licence shows too few users"))).to_be_visible()


def test_engineer_finds_it_in_the_queue_answers_and_the_contact_is_told(page, desk):
    sign_in(page, desk, "contact@northwind.example")
    number = file_incident(page, desk, "Licence refused after renewal")

    sign_in(page, desk, "ts1@axsupport.example")
    expect(page).to_have_url(f"{desk.url}/admin/queue/")
    moments = page.locator("time[data-due]").evaluate_all(
        "found => found.map(one => Date.parse(one.dateTime))"
    )
    assert moments == sorted(moments)
    page.get_by_role("link", name=re.compile("Licence refused after renewal")).click()
    expect(page.get_by_text("The licence page shows 20 users fewer").first).to_be_visible()
    expect(page.get_by_text(re.compile("Premium")).first).to_be_visible()
    page.locator("#answer [name=body]").fill("Please press Refresh on the licence page.")
    page.get_by_role("button", name="Send, stay").click()

    expect(page.get_by_text("Please press Refresh on the licence page.").first).to_be_visible()
    expect(page.get_by_text("No answer is owed now.")).to_be_visible()
    sign_in(page, desk, "contact@northwind.example")
    page.goto(f"{desk.url}/incidents/{number}/")
    expect(page.get_by_text("Please press Refresh on the licence page.")).to_be_visible()
    expect(page.get_by_text("Answered in time").first).to_be_visible()
    wait(lambda: any(number in mail for mail in mails_to(desk, "contact@northwind.example")))


def test_escalation_goes_up_with_a_handover_and_comes_back_with_a_result(page, desk):
    sign_in(page, desk, "contact@northwind.example")
    number = file_incident(page, desk, "Index breaks every night")
    sign_in(page, desk, "ts1@axsupport.example")
    incident = f"{desk.url}/admin/incidents/{number}/"

    page.goto(incident)
    hand_over(page, "Beyond our notes")
    expect(page.get_by_text("Escalated to TS2").first).to_be_visible()
    sign_in(page, desk, "ts2@axsupport.example")
    page.goto(incident)
    page.locator(".handover summary").last.click()
    expect(page.locator(".handover").last.get_by_text("Rebuilt the index")).to_be_visible()
    hand_over(page, "Needs a patch")
    expect(page.get_by_text("Escalated to TS3").first).to_be_visible()
    sign_in(page, desk, "ts3@axsupport.example")
    page.goto(incident)
    page.locator("#incident-more > summary").click()
    page.locator("[data-offer=give-back]").click()
    page.locator("#give-back [name=result]").fill("Fixed in build 10.6.1-h2.")
    page.locator("#give-back button[type=submit]").click()

    expect(page.get_by_text("Given back to TS2").first).to_be_visible()


def hand_over(page: Page, reason: str) -> None:
    page.locator("[data-offer=escalate]").first.click()
    facts = {
        "reason": reason,
        "tried": "Rebuilt the index",
        "reproduction": "Index the attached file",
        "environment": "10.6.0 on Debian 12",
    }
    for name, text in facts.items():
        page.locator(f"#escalate [name={name}]").fill(text)
    for collected in page.locator("#escalate [type=checkbox]").all():
        collected.check()
    page.locator("#escalate button[type=submit]").click()


def test_worker_marks_a_breach_and_each_is_told_once(page, desk):
    sign_in(page, desk, "contact@northwind.example")
    number = file_incident(page, desk, "Nobody answers this one")

    let_its_moment_pass(desk, number)

    wait(lambda: breach_noted(desk, number), seconds=60)
    people = ("manager@axsupport.example", "tam@axsupport.example", "ts1@axsupport.example")
    for person in people:
        wait(partial(told_once, desk, person, number), seconds=30)
    page.goto(f"{desk.url}/incidents/{number}/")
    expect(page.get_by_text("Our answer is late.")).to_be_visible()


def let_its_moment_pass(desk: Desk, number: str) -> None:
    """The one thing that no customer can do: make six hours pass in three seconds."""
    desk.manage(
        "shell",
        "--no-imports",
        "-c",
        "from core import rls\n"
        "from datetime import timedelta\n"
        "from django.utils import timezone\n"
        "from tickets.models import ResponseTarget\n"
        "with rls.everything():\n"
        "    one = ResponseTarget.objects.filter(incident__number=" + repr(number) + ")\n"
        "    past = timezone.now() - timedelta(hours=7)\n"
        "    due = timezone.now() + timedelta(seconds=3)\n"
        "    one.update(opened_at=past, due_at=due)\n",
    )


def breach_noted(desk: Desk, number: str) -> bool:
    printed = desk.manage(
        "shell",
        "--no-imports",
        "-c",
        "from core import rls\n"
        "from tickets.models import ResponseTarget\n"
        "with rls.everything():\n"
        "    one = ResponseTarget.objects.get(incident__number=" + repr(number) + ")\n"
        "print(one.breach_noted_at is not None)\n",
    )
    return "True" in printed


def told_once(desk: Desk, address: str, number: str) -> bool:
    return breach_mails(desk, address, number) == 1


def breach_mails(desk: Desk, address: str, number: str) -> int:
    subject = re.compile(r"^Subject:.*(breach|late|passed|missed|overdue)", re.M | re.I)
    return sum(number in mail and bool(subject.search(mail)) for mail in mails_to(desk, address))


def test_real_mails_become_incidents_answers_or_wait_for_a_human(desk):
    known = (
        b"From: Nora Winters <contact@northwind.example>\r\nTo: support@axigen.example\r\n"
        b"Subject: Queue grows\r\nMessage-ID: <q1@northwind.example>\r\n\r\nSince an hour.\r\n"
    )

    first = json.loads(desk.manage("receive_mail", stdin=known))
    again = json.loads(desk.manage("receive_mail", stdin=known))
    reply = json.loads(
        desk.manage(
            "receive_mail",
            stdin=known.replace(b"Queue grows", f"Re: [{first['incident']}] x".encode()).replace(
                b"<q1@", b"<q2@"
            ),
        )
    )
    stranger = json.loads(
        desk.manage("receive_mail", stdin=known.replace(b"contact@northwind", b"who@nowhere"))
    )

    assert (first["outcome"], first["level"]) == ("incident", "premium")
    assert first["due_at"] is not None
    assert (again["outcome"], again["incident"]) == ("duplicate", first["incident"])
    assert (reply["outcome"], reply["incident"]) == ("message", first["incident"])
    assert (stranger["outcome"], stranger["incident"]) == ("held", None)


def test_account_manager_issues_last_months_report_and_the_customer_finds_it(page, desk):
    sign_in(page, desk, "tam@axsupport.example")
    page.goto(f"{desk.url}/admin/reports/?state=draft")
    page.get_by_role("link", name="Northwind Traders").first.click()
    page.fill("[name=considerations]", "Two breaches in the night of the 4th.")
    page.get_by_role("button", name="Keep the words").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Issue the report").click()
    confirm = page.locator("dialog[open] button.btn-primary, dialog[open] [data-accept]")
    if confirm.count():
        confirm.first.click()
    expect(page.get_by_text("Nothing of it changes any more")).to_be_visible()
    with page.expect_download() as issued:
        page.get_by_role("link", name="Download the PDF").click()

    sign_in(page, desk, "contact@northwind.example")
    page.goto(f"{desk.url}/reports/")
    page.locator("tbody a").first.click()
    expect(page.get_by_text("Two breaches in the night of the 4th.")).to_be_visible()
    with page.expect_download() as found:
        page.get_by_role("link", name="Download the PDF").click()

    pdf = Path(found.value.path()).read_bytes()
    assert pdf.startswith(b"%PDF")
    assert pdf == Path(issued.value.path()).read_bytes()
