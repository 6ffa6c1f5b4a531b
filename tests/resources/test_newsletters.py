"""Newsletters: who gets an issue, each once, whatever happens meanwhile; leaving with one click."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from core.errors import NotAllowed
from core.models import JournalEntry
from notices.bounces.marking import mark_bounced
from notices.models import Notice
from notices.sending.delivery import send_one
from resources.actions.newsletters import sending, subscribing, writing
from resources.errors import (
    IssueIncomplete,
    IssueOnItsWay,
    IssueTooLong,
    LevelsMissing,
    LinkOver,
    NobodyToSendTo,
    RangeUnusable,
    SendInThePast,
    SeverityMissing,
    VersionsMissing,
)
from resources.models import Newsletter, NewsletterChoice, NewsletterIssue, OutsideReader
from resources.reads.newsletters.figures import figures_of, reason_in
from resources.reads.newsletters.tokens import confirm_url, leave_url
from resources.tasks import send_newsletters
from tests import factories as make

pytestmark = pytest.mark.django_db
AT = make.NINE
LATER = AT + timedelta(days=2)


@pytest.fixture
def manager():
    return make.make_manager()


@pytest.fixture
def tips():
    return Newsletter.objects.get(slug="tips")


@pytest.fixture
def advisories():
    return Newsletter.objects.get(slug="advisories")


def supported(level="premium", **fields):
    """A person whose organisation has a level whose e-mail support has the newsletter with it."""
    organisation = make.make_organisation()
    make.make_level(level)
    make.make_subscription(make.make_licence(organisation, **fields), level=level)
    return make.make_contact(organisation)


def unsupported():
    organisation = make.make_organisation()
    make.make_licence(organisation, registered_on=AT.date() - timedelta(days=2000))
    return make.make_contact(organisation)


def draft(newsletter, **fields):
    return writing.IssueDraft(newsletter, **{"subject": "Tip", "body": "Do *this*."} | fields)


def sent_to(issue):
    """All steps of the sweep; the addresses in the outbox."""
    for _ in range(50):
        if not sending.work_off(issue.pk, at=LATER):
            break
    return sorted(one.recipient for one in Notice.objects.filter(key=issue.key))


def scheduled(newsletter, manager, **fields):
    issue = writing.save_issue(draft(newsletter, **fields), by=manager, at=AT)
    return sending.schedule(issue, by=manager, at=AT)


def test_it_comes_with_support_and_whoever_chose_otherwise_counts(manager, tips):
    reader, left, lapsed, chose = supported(), supported(), unsupported(), unsupported()
    make.make_person(organisation=reader.organisation, role="contact", is_active=False)
    make.make_news_choice(person=left, newsletter=tips)
    make.make_news_choice(person=chose, newsletter=tips, wants=True)
    stranger = make.make_outside_reader(newsletter=tips)
    make.make_outside_reader(newsletter=tips, confirmed_at=None)
    make.make_outside_reader(newsletter=tips, left_at=AT)
    make.make_outside_reader(newsletter=tips, address=reader.email.upper())  # has an account

    found = sent_to(scheduled(tips, manager))

    assert found == sorted([reader.email, chose.email, stranger.address])
    assert lapsed.email not in found


def test_levels_and_customers_alone_narrow_it(manager, tips):
    premium, basic = supported(), supported(level="first")
    make.make_outside_reader(newsletter=tips)

    assert sent_to(scheduled(tips, manager, audience="levels", levels=["premium"])) == [
        premium.email
    ]
    registered = scheduled(tips, manager, audience="registered")
    assert sent_to(registered) == sorted([premium.email, basic.email])


def test_each_gets_one_also_when_it_is_gathered_twice_or_in_small_batches(
    manager, tips, monkeypatch
):
    people = [supported() for _ in range(5)]
    issue = scheduled(tips, manager)
    monkeypatch.setattr(sending, "organisations_behind", _one_at_a_time)
    sending.work_off(issue.pk, at=LATER)  # begins
    sending.work_off(issue.pk, at=LATER)  # a batch of one: here a worker is killed
    assert Notice.objects.filter(key=issue.key).count() == 1

    # As if the cursor had been lost, too: the outbox itself refuses a second one.
    NewsletterIssue.objects.update(gathered_to=0)
    assert sent_to(issue) == sorted(one.email for one in people)
    assert sending.work_off(issue.pk, at=LATER) == 0


def _one_at_a_time(pk):
    from accounts.models import Organisation  # noqa: PLC0415 -- for the one test

    return list(Organisation.objects.filter(pk__gt=pk).order_by("pk")[:1])


def test_it_is_sent_only_when_all_of_it_was_handed_over(manager, tips):
    supported(), supported()
    issue = scheduled(tips, manager)
    sent_to(issue)
    issue.refresh_from_db()
    assert (issue.state, issue.number) == ("sending", 1)

    for one in Notice.objects.filter(key=issue.key):
        assert send_one(one.pk, at=LATER)
    sending.work_off(issue.pk, at=LATER)
    issue.refresh_from_db()
    assert (issue.state, issue.sent_at) == ("sent", LATER)
    assert JournalEntry.objects.get(kind="newsletter.sent").facts == {"handed_over": 2}


def test_what_came_back_is_counted_by_its_reason_and_stops_the_address(manager, tips):
    reader, _other = supported(), supported()
    issue = scheduled(tips, manager)
    sent_to(issue)
    for one in Notice.objects.filter(key=issue.key):
        send_one(one.pk, at=LATER)
    theirs = Notice.objects.filter(key=issue.key, to=reader)
    mark_bounced(theirs, {reader.email: "5.1.1"}, at=LATER)

    figures = figures_of(issue)
    assert (figures.readers, figures.handed_over, figures.came_back) == (2, 2, 1)
    assert figures.reasons == [("its mailbox does not exist.", 1)]

    second = scheduled(tips, manager)
    sent_to(second)
    for one in Notice.objects.filter(key=second.key):
        send_one(one.pk, at=LATER + timedelta(minutes=1))
    figures = figures_of(second)
    assert (figures.handed_over, figures.refused, figures.waiting) == (1, 1, 0)
    assert figures.reasons[0][0].startswith("Not tried, since the address takes no mail")


@pytest.mark.parametrize(
    ("error", "reason"),
    (
        ("Refused: its mailbox does not exist. The server said: 550 5.1.1 x", "its mailbox does"),
        ("SMTPServerDisconnected: Connection unexpectedly closed", "SMTPServerDisconnected"),
        ("", "No reason was given"),
    ),
)
def test_a_reason_is_what_many_share(error, reason):
    assert reason_in(error).startswith(reason)


def test_the_mail_is_the_readers_own_and_the_archive_is_everybodys(manager, tips, client):
    reader = supported()
    issue = scheduled(tips, manager, body="**Bold** {{ name }} <script>x</script>")
    sent_to(issue)
    send_one(Notice.objects.get(key=issue.key).pk, at=LATER)

    letter = mail.outbox[-1]
    link = leave_url("p", reader.pk, tips.pk)
    assert letter.to == [reader.email]
    assert letter.extra_headers["List-Unsubscribe"] == f"<{link}>"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.extra_headers["List-Id"].startswith("tips <tips.news.")
    assert link in letter.body
    assert "{{ name }}" in letter.body  # what is written is no template
    html = letter.message().as_string().partition("text/html")[2]
    assert "<strong>Bold</strong>" in html
    assert "<script" not in html
    stored = Notice.objects.get(key=issue.key)
    assert "leave" not in str(stored.context)
    assert "Bold" not in str(stored.context)

    issue.refresh_from_db()
    for url in (issue.get_absolute_url(), "/newsletter/", "/newsletter/tips/", "/newsletter/feed/"):
        page = client.get(url).content.decode()
        assert "Tip" in page
        assert "/newsletter/leave/" not in page


def test_a_post_to_the_link_leaves_and_nothing_else_does(tips):
    reader = supported()
    outside = make.make_outside_reader(newsletter=tips, address=reader.email)
    url = leave_url("p", reader.pk, tips.pk)
    url = url[url.index("/newsletter/") :]
    bad = f"{url[:-4]}abc/"
    client = Client(enforce_csrf_checks=True)

    answers = {}
    for method in ("get", "head", "post"):
        for link in (bad, url):
            if (method, link) == ("post", url):
                assert not NewsletterChoice.objects.exists()
            answer = getattr(client, method)(link, {"List-Unsubscribe": "One-Click"})
            answers[method, link] = (answer.status_code, answer.content, _headers(answer))
            assert answer.cookies.output() == ""
    for method in ("get", "head", "post"):
        assert answers[method, url] == answers[method, bad]
        assert answers[method, url][0] == 200
    choice = NewsletterChoice.objects.get()
    assert (choice.person, choice.wants, choice.how) == (reader, False, "one_click")
    outside.refresh_from_db()
    assert outside.left_at is not None
    entry = JournalEntry.objects.get(kind="newsletter.left")
    assert entry.organisation_id == reader.organisation_id


def _headers(answer):
    """Without the name that each request gets."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}


def test_leaving_is_for_that_newsletter_and_stops_no_other_mail(manager, tips):
    reader = supported()
    token = leave_url("p", reader.pk, tips.pk).rstrip("/").rpartition("/")[2]
    subscribing.leave(token, at=AT)
    subscribing.leave(token, at=AT)  # safe to repeat

    with pytest.raises(NobodyToSendTo):
        scheduled(tips, manager)
    releases = Newsletter.objects.get(slug="releases")
    assert sent_to(scheduled(releases, manager)) == [reader.email]
    account = make.make_notice(to=reader, template="account_changed", context={})
    assert send_one(account.pk, at=LATER)


def test_the_link_of_a_test_leaves_nothing(manager, tips):
    issue = make.make_issue(tips, state="draft")
    sending.send_test(issue, by=manager, at=AT)
    notice = Notice.objects.get(to=manager)
    assert send_one(notice.pk, at=LATER)
    token = mail.outbox[-1].extra_headers["List-Unsubscribe"].strip("<>/").rpartition("/")[2]
    subscribing.leave(token, at=AT)
    assert not NewsletterChoice.objects.exists()
    assert not Notice.objects.filter(key=issue.key).exists()


def test_a_stranger_asks_confirms_and_leaves(client, tips, settings):
    asked = client.post("/newsletter/", {"address": "Eve@Elsewhere.example", "wanted": [tips.pk]})
    assert asked["Location"] == "/newsletter/asked/"
    assert client.get("/newsletter/asked/").status_code == 200
    reader = OutsideReader.objects.get()
    assert (reader.address, reader.confirmed_at) == ("eve@elsewhere.example", None)
    client.post("/newsletter/", {"address": "eve@elsewhere.example", "wanted": [tips.pk]})
    notice = Notice.objects.get(template="newsletter_confirm")  # one mail a day
    link = notice.context["accept_url"].removeprefix(settings.SITE_URL)

    assert client.get(link).status_code == 200  # a program that looks into mails
    reader.refresh_from_db()
    assert reader.confirmed_at is None
    assert "The next issue comes to you" in client.post(link).content.decode()
    reader.refresh_from_db()
    assert reader.confirmed_at is not None

    away = leave_url("o", reader.pk, tips.pk).removeprefix(settings.SITE_URL)
    client.post(away)
    reader.refresh_from_db()
    assert reader.left_at is not None
    assert client.post(link[:-4] + "/").status_code == 410


@pytest.mark.parametrize(
    "fields", ({"address": "no address", "wanted": ["1"]}, {"address": "a@b.example"}, {})
)
def test_a_wish_that_says_too_little_is_refused_in_words(client, fields):
    answer = client.post("/newsletter/", fields)
    assert answer.status_code == 400
    assert not OutsideReader.objects.exists()


def test_strangers_ask_so_often_and_are_told_the_same(client, tips, settings):
    settings.NEWSLETTER_ASKED_AN_HOUR = 2
    for number in range(5):
        answer = client.post(
            "/newsletter/",
            {"address": f"n{number}@elsewhere.example", "wanted": [tips.pk]},
            REMOTE_ADDR="203.0.113.77",
        )
        assert answer["Location"] == "/newsletter/asked/"
    assert OutsideReader.objects.count() == 2


def test_a_link_to_confirm_is_for_its_own_purpose_and_ends(tips):
    url = confirm_url("eve@elsewhere.example", [tips])
    token = url.rstrip("/").rpartition("/")[2]
    for wrong in (token[:-2] + "xx", leave_url("o", 1, tips.pk).rstrip("/").rpartition("/")[2], ""):
        with pytest.raises(LinkOver):
            subscribing.confirm(wrong, at=AT)
    assert subscribing.confirm(token, at=AT) == [tips]
    assert subscribing.confirm(token, at=AT) == [tips]


def test_addresses_that_never_confirmed_are_forgotten(tips):
    asked = make.make_outside_reader(newsletter=tips, confirmed_at=None)
    reads = make.make_outside_reader(newsletter=tips)
    fresh = make.make_outside_reader(newsletter=tips, confirmed_at=None, asked_at=LATER)
    keys = [asked.pk, reads.pk, fresh.pk]
    assert subscribing.forget_unconfirmed(keys, at=AT + timedelta(days=8)) == 1
    assert set(OutsideReader.objects.all()) == {reads, fresh}


def test_customers_choose_on_the_page(tips):
    reader = supported()
    client = Client()
    client.force_login(reader)
    releases = Newsletter.objects.get(slug="releases")
    client.post("/newsletter/choose/", {"wanted": [releases.pk]})
    assert {one.newsletter.slug: one.wants for one in NewsletterChoice.objects.all()} == {
        "tips": False,
        "releases": True,
        "advisories": False,
    }
    assert Client().post("/newsletter/choose/").status_code == 302
    assert client.post("/newsletter/choose/", {"wanted": ["x", "99999"]}).status_code == 302


@pytest.mark.parametrize(
    ("fields", "refusal"),
    (
        ({"subject": " "}, IssueIncomplete),
        ({"body": "\n"}, IssueIncomplete),
        ({"body": "x" * 100_001}, IssueTooLong),
        ({"audience": "levels"}, LevelsMissing),
    ),
)
def test_half_an_issue_is_refused(manager, tips, fields, refusal):
    with pytest.raises(refusal):
        writing.save_issue(draft(tips, **fields), by=manager, at=AT)
    assert not NewsletterIssue.objects.exists()


@pytest.mark.parametrize(
    ("fields", "refusal"),
    (
        ({"affected": ["all"]}, SeverityMissing),
        ({"severity": "high"}, VersionsMissing),
        ({"severity": "high", "affected": ["newest"]}, RangeUnusable),
    ),
)
def test_an_advisory_says_how_bad_and_which_versions(manager, advisories, fields, refusal):
    with pytest.raises(refusal):
        writing.save_issue(draft(advisories, **fields), by=manager, at=AT)


def test_who_may_write_and_who_may_send(tips):
    engineer, contact = make.make_engineer(), supported()
    issue = writing.save_issue(draft(tips), by=engineer, at=AT)
    for person in (contact, make.make_partner_engineer()):
        with pytest.raises(NotAllowed):
            writing.save_issue(draft(tips), by=person, at=AT)
    with pytest.raises(NotAllowed):
        sending.schedule(issue, by=engineer, at=AT)
    lead = make.make_engineer(is_lead=True)
    assert sending.schedule(issue, by=lead, at=AT).state == "ready"


def test_it_waits_for_its_moment_and_can_be_taken_back(manager, tips):
    supported()
    issue = writing.save_issue(draft(tips), by=manager, at=AT)
    with pytest.raises(SendInThePast):
        sending.schedule(issue, by=manager, at=AT, when=AT)
    sending.schedule(issue, by=manager, at=AT, when=LATER)
    assert sending.work_off(issue.pk, at=AT) == 0
    sending.take_back(issue, by=manager, at=AT)
    assert sending.work_off(issue.pk, at=LATER) == 0

    sending.schedule(issue, by=manager, at=AT, when=LATER)
    assert sending.work_off(issue.pk, at=LATER) == 1
    for step in (
        lambda: sending.take_back(issue, by=manager, at=LATER),
        lambda: sending.schedule(issue, by=manager, at=LATER),
        lambda: writing.save_issue(draft(tips), by=manager, at=LATER, issue=issue),
    ):
        with pytest.raises(IssueOnItsWay):
            step()


def test_the_sweep_works_off_what_is_due_over_its_index(manager, tips):
    supported()
    issue = scheduled(tips, manager)
    assert send_newsletters() == 3  # begun, one batch of customers, no stranger
    assert Notice.objects.filter(key=issue.key).count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql, values = NewsletterIssue.objects.to_work_off(AT).query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", values)
        assert "newsletter_due" in "\n".join(row[0] for row in cursor.fetchall())
