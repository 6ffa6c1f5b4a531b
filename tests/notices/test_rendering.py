from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from notices.sending.rendering import mail_of, render
from tests.factories import NINE, make_contact, make_notice, make_organisation

URL = "http://desk.example/incidents/AX-2026-000042/"
INCIDENT = {"number": "AX-2026-000042", "subject": "IMAP stops", "url": URL}
DUE = {"due_at": "2026-03-02T15:00:00+00:00"}
SAID = {"author": "Ana Pop", "body": "Please restart IMAP.\n\nThen try again."}
ENDS = {
    "licence": "AXIGEN Mail Server (AXI-1)",
    "organisation": "Northwind",
    "day": "Monday 2 March 2026",
    "url": URL,
}

# What each notice is notified with. The name of a template that is missing here fails a test.
CALL = {"number": "+40 722 123 456", "topic": "IMAP stops", "url": URL}
CALLER = CALL | DUE | {"contact": "Nora Winters", "organisation": "Northwind"}
RENEWAL = {
    "number": "AR-1",
    "what": "Premium, 1 January 2027 to 31 December 2027",
    "licence": "AXI-1",
    "price": "350.00 EUR",
}
ORDER = {"number": "AO-1", "what": "5 Gold incidents", "licence": "AXI-1", "price": "750.00 EUR"}
SWAP = {
    "asked_by": "Ana Pop",
    "asked_of": "Bo",
    "starts_at": "2026-03-02T15:00:00+00:00",
    "ends_at": "2026-03-02T23:00:00+00:00",
    "return_starts_at": "2026-03-03T15:00:00+00:00",
    "return_ends_at": "2026-03-03T23:00:00+00:00",
    "url": URL,
}
NEWS = {
    "subject": "Release 10.6.2",
    "body": "The new release is there.",
    "newsletter": "Releases",
    "url": "http://desk.example/newsletter/releases/1/",
    "leave_url": "http://desk.example/newsletter/leave/key/",
}
ENGAGEMENT = {
    "number": "ENG-2026-000012",
    "subject": "Move to the new platform",
    "url": "http://desk.example/engagements/ENG-2026-000012/",
}
OURS = ENGAGEMENT | {"organisation": "Northwind"}
ASKED = DUE | {"kind": "GoLive project"}
SPAN = {"starts_at": "2026-03-02T15:00:00+00:00", "ends_at": "2026-03-03T15:00:00+00:00"}
PAPER = ENGAGEMENT | {"document": "Pilot project report", "version": 2}
TRAINING = {
    "course": "Messaging administrator",
    "starts_at": "2026-03-02T08:00:00+00:00",
    "url": URL,
}
MEETING = TRAINING | {"place": "Bucharest", "link": "https://meet.example/ax"}
BETA = {"beta": "AXIGEN 10.7 beta", "url": "http://desk.example/beta/axigen-10-7/"}
FIX = INCIDENT | {
    "defects": "AX-10412",
    "product": "AXIGEN",
    "version": "10.6.2",
    "release_url": "http://desk.example/downloads/7/",
}
POSTED = {"subject": "Where are the logs?", "url": "http://desk.example/forum/posts/7/"}
FORUM = POSTED | {
    "body": "In `/var/log`.",
    "author": "Ana",
    "readers": "customers of every organisation, and our team",
    "named": "Bo",
}
CONTEXTS: dict[str, dict[str, Any]] = {
    "forum_asked": FORUM | {"board": "Running it"},
    "forum_answered": FORUM,
    "forum_accepted": POSTED | {"body": "In `/var/log`."},
    "forum_shown": POSTED,
    "forum_refused": POSTED | {"body": "Ask Ana.", "reason": "It names a customer."},
    "forum_not_taken": {"subject": "Re: Logs", "reason": "The topic is locked."},
    "engagement_requested": ENGAGEMENT | ASKED,
    "engagement_asked": OURS | ASKED | {"contact": "Ana Pop", "summary": "Two new sites."},
    "engagement_taken_up": ENGAGEMENT
    | {"owner": "Bo", "owner_mail": "bo@desk.example", "starts": "2026-03-02", "golive": ""},
    "engagement_ended": OURS | {"state": "completed", "reason": "All is delivered."},
    "engagement_answer_promised": ENGAGEMENT | DUE | {"reason": "The developer is ill."},
    "engagement_warning": OURS | DUE | {"what": "Phase “Pilot”", "percent": 75},
    "engagement_late": OURS | DUE | {"what": "Phase “Pilot”"},
    "engagement_said": ENGAGEMENT | SAID,
    "engagement_written": OURS | SAID,
    "engagement_document": PAPER | {"note": "Hosts added", "asks": "accept it", "who": "Ana Pop"},
    "engagement_verdict": PAPER
    | {"organisation": "Northwind"}
    | {"verdict": "sent back", "signed_name": "Ana Pop", "remarks": "Name the hosts."},
    "engagement_visit_proposed": ENGAGEMENT | SPAN | {"who": "Bo, Mia"},
    "engagement_visit_agreed": OURS | SPAN,
    "engagement_visit_cancelled": ENGAGEMENT
    | {"starts_at": "2026-03-02T15:00:00+00:00", "reason": "Bo is ill."},
    "engagement_shipped": ENGAGEMENT | {"item": "Shared drafts", "release": "11.0"},
    "engagement_golive_moved": ENGAGEMENT | {"day": "8 June 2026", "reason": "Hosts are late."},
    "engagement_yours": OURS,
    "engagement_vote": ENGAGEMENT | {"role": "Head of IT", "meets": "8 June, 10:00", "round": 1},
    "engagement_decided": OURS
    | {"decision": "No-go", "reason": "The backup is old.", "is_open": True},
    "engagement_cut_over": OURS | {"what": "was turned back", "note": "Logins failed."},
    "training_seat": MEETING | {"why": "A seat became free."},
    "training_waits": TRAINING,
    "training_reminder": MEETING,
    "training_moved": MEETING,
    "training_cancelled": TRAINING | {"reason": "The trainer is ill."},
    "training_certificate": {"course": "Operation", "number": "TC-1"}
    | {"url": URL, "verify_url": "http://desk.example/training/verify/TC-1/"},
    "training_revoked": {"course": "Operation", "number": "TC-1", "reason": "Wrong person."},
    "newsletter_issue": NEWS,
    "security_advisory": NEWS
    | {"severity": "High", "affected": "10.6.1", "fixed_in": "10.6.2", "reason": "You run 10.6.1."},
    "newsletter_confirm": {
        "newsletters": "Releases",
        "accept_url": "http://desk.example/newsletter/confirm/key/",
        "days": 7,
    },
    "incident_filed": INCIDENT | DUE | {"level": "Premium", "promise": "Premium, 6 hours."},
    "incident_not_covered": INCIDENT | {"reasons": ["Basic ended."], "remedies": ["Renew it."]},
    "incident_goodwill": INCIDENT | DUE | {"level": "Premium"},
    "incident_declined": INCIDENT | SAID | {"remedies": ["Renew it."]},
    "incident_covered": INCIDENT | DUE | {"level": "Premium", "hours": 6},
    "incident_due_earlier": INCIDENT | DUE,
    "incident_upgraded": INCIDENT | DUE | {"level": "Premium"},
    "incident_corrected": INCIDENT | DUE | {"level": "Premium"},
    "incident_answered": INCIDENT | SAID,
    "incident_solved": INCIDENT | SAID | {"rating_url": "http://desk.example/rate/1/"},
    "incident_assigned": INCIDENT | DUE | {"why": "You are on duty."},
    "incident_passed_on": INCIDENT | {"to": "Ana Pop", "reason": "Not taken."},
    "incident_unassigned": INCIDENT | DUE | {"reasons": ["Ana is not on duty."]},
    "incident_lies": INCIDENT | DUE | {"owner": "Ana Pop"},
    "incident_customer_wrote": INCIDENT | SAID,
    "incident_worker": INCIDENT | {"worker": "Tess Two", "tier": "TS2", "owner": "Ana Pop"},
    "incident_split": INCIDENT | DUE | {"source": "AX-2025-000122"},
    "incident_merged": INCIDENT | {"source": "AX-2025-000122", "by": "Ana Pop"},
    "incident_merge_undone": INCIDENT | {"source": "AX-2025-000122", "by": "Ana Pop"},
    "incident_mentioned": INCIDENT | SAID,
    "incident_aside": INCIDENT | SAID,
    "incident_followed": INCIDENT | SAID | {"what": "answered the customer"},
    "answer_bounced": INCIDENT | DUE | {"addresses": "ana@northwind.example"},
    "address_bounces": {
        "address": "ana@northwind.example",
        "who": "Ana Pop",
        "why": "its mailbox does not exist",
        "url": "http://desk.example/people/",
    },
    "incident_escalated": INCIDENT | {"tier": "TS2", "reason": "A crash.", "by": "Ana Pop"},
    "incident_given_back": INCIDENT | {"tier": "TS1", "result": "A patch.", "by": "Ana Pop"},
    "response_target_warning": INCIDENT | DUE | {"percent": 75},
    "response_target_call": INCIDENT | {"level": "Premium"},
    "response_target_breached": INCIDENT | DUE | {"level": "Premium"},
    "call_back_confirmed": CALL | {"minutes": 15, "owed_at": "2026-03-02T15:00:00+00:00"},
    "call_back_asked": CALLER | {"incident": "AX-2026-000042"},
    "call_back_late": CALLER,
    "call_back_not_reached": CALL | {"attempts": 3},
    "beta_build": BETA
    | {"version": "10.7.0-beta.2", "summary": "Faster.", "said": "“Wrong hour”"}
    | {"incidents": "AX-2026-000042 (IMAP stops)"},
    "beta_build_withdrawn": BETA | {"version": "10.7.0-beta.2", "reason": "It loses mail."},
    "beta_answered": BETA | {"subject": "Wrong hour", "defect": "AX-10412", "answer": "Thanks."},
    "beta_terms": BETA | {"version": 2},
    "beta_ended": BETA | {"how_on": "Install 10.7.0."},
    "fix_released": FIX
    | {"others": "AX-2026-000040", "licences": "Licence AXI-1 gets it.", "edition": "Business"},
    "fix_withdrawn": FIX | {"reason": "It loses mail."},
    "defect_fixed": INCIDENT | {"defect": "AX-10412 IMAP stops", "build": "10.6.2"},
    "defect_reopened": INCIDENT | {"defect": "AX-10412", "build": "10.6.2", "reason": "A crash."},
    "internal_target_warning": INCIDENT | DUE | {"tier": "TS2"},
    "internal_target_breached": INCIDENT | DUE | {"tier": "TS2"},
    "audit_differs": {
        "day": "2026-03-02",
        "differences": 2,
        "incidents": ["AX-2026-000001"],
        "more": 1,
        "url": URL,
    },
    "rota_gaps": {"gaps": ["Tue 3 March 22:00 to Wed 4 March 06:00"], "more": 1, "url": URL},
    "rota_handed_over": {
        "starts_at": "2026-03-02T15:00:00+00:00",
        "ends_at": "2026-03-02T23:00:00+00:00",
        "former": "Ana Pop",
        "to": "Bo",
        "by": "Maria",
        "url": URL,
    },
    "escalation_asked": INCIDENT | {"by": "Ana Pop", "reason": "All mail stands still."},
    "escalation_accepted": INCIDENT,
    "escalation_declined": INCIDENT | {"reason": "A patch comes tonight."},
    "rota_swap_asked": SWAP | {"words": "My daughter's first day at school."},
    "rota_swap_agreed": SWAP,
    "rota_swap_declined": SWAP,
    "mailbox_silent": {"mailbox": "a@b/INBOX", "since_at": "2026-03-02T15:00:00+00:00", "url": URL},
    "mail_unfetched": {"mailbox": "a@b/INBOX", "uid": 7, "error": "NO"},
    "mail_too_large": {"subject": "Logs", "size": 80, "limit": 60, "new_incident_url": URL},
    "mail_waits": {},
    "answer_not_sent": {"reporter": "Nora Winters", "reason": "AX-2026-001518 is closed."},
    "mail_not_taken": {"subject": "Hi", "reason": "Not signed."},
    "mail_held": {"sender": "a@b.example", "subject": "Hi", "reason": "Unknown.", "url": URL},
    "order_placed": ORDER | {"organisation": "Northwind", "person": "Ana Pop", "reference": "PO 7"},
    "renewal_drafted": RENEWAL | {"organisation": "Northwind", "url": URL},
    "renewal_sent": RENEWAL
    | {"note": "A pleasure to go on.", "until": "31 January 2027", "url": URL},
    "renewal_answered": RENEWAL
    | {"organisation": "Northwind", "person": "Ana Pop", "answer": "declined", "reason": "No."}
    | {"url": URL},
    "order_confirmed": ORDER | {"url": URL},
    "order_paid": ORDER | {"url": URL},
    "order_cancelled": ORDER | {"organisation": "Northwind", "reason": "Too many.", "url": URL},
    "gold_low": {"left": 2, "licence": "AXI-1", "organisation": "Northwind", "order_url": URL},
    "invitation": {
        "invited_by": "Ana Pop",
        "organisation": "Northwind",
        "expires_at": "2026-03-16T09:00:00+00:00",
        "accept_url": "http://desk.example/invitations/abc/",
    },
    "report_issued": {"number": "SR-1", "month": "February 2026", "url": URL},
    "report_revised": {
        "number": "SR-1-R1",
        "revises": "SR-1",
        "reason": "An answer came back",
        "month": "February 2026",
        "url": URL,
    },
    "licence_registered": {
        "organisation": "Northwind",
        "licence": "AXIGEN Mail Server Business edition (AXI-1)",
        "person": "Ana Pop",
        "stands": "It waits for confirmation.",
        "todo": "Please set the price.",
        "url": URL,
    },
    "licence_confirmed": {"licence": "AXI-1", "support": "It has support.", "url": URL},
    "licence_declined": {"licence": "AXIGEN (AXI-1)", "reason": "No such invoice.", "url": URL},
    "licence_transferred_away": {"licence": "AXIGEN Mail Server (AXI-1)", "url": URL},
    "licence_transferred_here": {"licence": "AXIGEN Mail Server (AXI-1)", "url": URL},
    "subscription_ends": ENDS | {"level": "Premium", "gold": "The 3 Gold incidents that are left."},
    "subscription_ended": ENDS | {"level": "Premium", "gold": "The 3 Gold incidents come back."},
    "basic_ends": ENDS,
    "ledger_differs": {"packs": ["pack 7 of Northwind: balance 3, ledger 4"]},
    "account_made": {"url": "http://desk.example/accounts/password/reset/"},
    "account_step": {
        "organisation": "Northwind",
        "step": "Send the offer",
        "note": "They want a second site.",
        "url": URL,
    },
    "scheduled_picture": {
        "picture": "In and out",
        "days": "2 March 2026 to 8 March 2026",
        "narrowed": "customer Northwind",
        "owner": "Tom Anders",
        "url": URL,
        "pdf_url": URL,
    },
    "scheduled_report": {
        "organisation": "Northwind",
        "month": "February 2026",
        "number": "SR-2026-02-0001",
        "owner": "Tom Anders",
        "url": URL,
    },
    "schedule_waits": {"organisation": "Northwind", "month": "February 2026", "url": URL},
    "schedule_changed": {
        "what": "Ana gets “In and out” no more",
        "why": "Their account is closed.",
        "url": URL,
    },
    "mail_test": {
        "asked_at": "2026-03-02T09:00:00+00:00",
        "support_address": "support@axigen.example",
        "url": URL,
    },
    "tam_left": {"organisation": "Northwind", "who": "Tom Anders", "url": URL},
    "address_change": {
        "new_address": "ana@new.example",
        "expires_at": "2026-03-03T09:00:00+00:00",
        "confirm_url": "http://desk.example/profile/address/abc/",
    },
    "account_changed": {
        "what": "Your password was changed",
        "done_at": "2026-03-02T09:00:00+00:00",
        "from_address": "203.0.113.9",
        "url": "http://desk.example/profile/",
    },
    "account_mail": {"subject": "Reset", "body": "Follow the link."},
    "digest": {
        "count": 2,
        "entries": [{"lines": ["[AX-1] Solved", "[AX-1] Rated"], "url": URL}],
        "url": "http://desk.example/profile/told/",
    },
    "wording_test": {"test_subject": "[AX-1] Solved", "test_text": "Hello"},
}


def test_every_template_has_its_context_here():
    shipped = (settings.BASE_DIR / "templates/notices").glob("*.txt")

    assert {one.stem for one in shipped if not one.stem.startswith("_")} == set(CONTEXTS)


@pytest.mark.parametrize("template", tuple(CONTEXTS))
def test_each_notice_says_all_that_it_was_told(template):
    words = render(template, CONTEXTS[template], name="Ioana", timezone="Europe/Bucharest")

    said = words.subject + words.text
    for key, value in CONTEXTS[template].items():
        wanted = value if isinstance(value, list) else [str(value)]
        if key == "entries":
            wanted = [line for entry in value for line in entry["lines"]]
        if isinstance(value, bool):
            continue  # which sentence is said, and no word of it
        if key.endswith("_at"):
            wanted = ["(Europe/Bucharest)"]
        if key in ("due_at", "level") and template == "incident_filed":
            continue  # the promise says it
        if key == "is_open" and template == "engagement_decided":
            wanted = ["The date of the cut-over is open."]
        assert [one for one in wanted if one not in said] == []
    assert "{" not in said
    assert words.html.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("template", tuple(CONTEXTS))
def test_each_notice_can_do_without_optional_facts(template):
    words = render(template, {})

    assert words.subject
    assert "None" not in words.text
    assert "\n\n\n" not in words.text


@pytest.mark.parametrize(
    ("timezone", "words"),
    (
        ("Europe/Bucharest", "Monday 2 March 2026, 17:00 (Europe/Bucharest)"),
        ("Asia/Kathmandu", "Monday 2 March 2026, 20:45 (Asia/Kathmandu)"),
        ("America/Los_Angeles", "Monday 2 March 2026, 07:00 (America/Los_Angeles)"),
    ),
)
def test_moments_are_in_the_readers_time_zone(timezone, words):
    assert words in render("response_target_breached", INCIDENT | DUE, timezone=timezone).text


def test_plain_text_is_not_escaped_and_html_is():
    words = render(
        "incident_answered", INCIDENT | {"author": "D'Arc", "body": "<script>1</script>"}
    )

    assert "D'Arc has answered" in words.text
    assert "<script>1</script>" in words.text
    assert "<script>" not in words.html
    assert "&lt;script&gt;" in words.html


def test_template_code_in_a_customers_words_is_only_words():
    context = INCIDENT | {"subject": "{{ vendor.name }}\n{% load x %}", "body": "{% include 'x' %}"}

    words = render("incident_answered", context)

    assert words.subject == "[AX-2026-000042] {{ vendor.name }} {% load x %}"
    assert "{% include 'x' %}" in words.text


def test_only_our_own_addresses_become_buttons():
    body = "Open the incident: http://evil.example/"

    html = render("incident_answered", INCIDENT | {"body": body}).html

    assert html.count("display: inline-block") == 1
    assert f'<a href="{URL}" style="display: inline-block' in html


@pytest.mark.django_db
def test_mail_goes_in_the_persons_zone_with_the_headers_of_its_thread():
    person = make_contact(timezone="Asia/Kathmandu", name="Ioana Țăran")
    headers = {"Message-ID": "<a@desk.example>", "References": "<b@desk.example>"}
    context = CONTEXTS["incident_answered"]
    notice = make_notice(to=person, template="incident_answered", context=context, headers=headers)

    mail = mail_of(notice)

    assert mail.to == [person.email]
    assert "Hello Ioana Țăran," in mail.body
    assert mail.extra_headers == headers


@pytest.mark.django_db
def test_automatic_mails_say_so_and_answers_of_people_do_not():
    context = INCIDENT | DUE
    automatic = make_notice(template="incident_filed", context=context)
    human = make_notice(template="incident_answered", context=INCIDENT | SAID)

    assert mail_of(automatic).extra_headers["Auto-Submitted"] == "auto-generated"
    assert "Auto-Submitted" not in mail_of(human).extra_headers


@pytest.mark.django_db
def test_a_repeated_mail_keeps_its_message_id():
    notice = make_notice()

    first, second = (mail_of(notice).extra_headers["Message-ID"] for _ in range(2))

    assert first == second
    assert first != mail_of(make_notice()).extra_headers["Message-ID"]


@pytest.mark.django_db
def test_an_address_that_is_no_person_reads_the_organisations_time():
    organisation = make_organisation(timezone="Europe/London")
    context = {"name": "Ian", "expires_at": (NINE + timedelta(days=14)).isoformat()}
    notice = make_notice(
        to=None,
        address="ian@new.example",
        organisation=organisation,
        template="invitation",
        context=context,
    )

    mail = mail_of(notice)

    assert mail.to == ["ian@new.example"]
    assert "Hello Ian," in mail.body
    assert "Monday 16 March 2026, 09:00 (Europe/London)" in mail.body
