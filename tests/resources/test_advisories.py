"""Security advisories go to who runs what they name, and stay in view until one has read (NL5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from core.models import JournalEntry
from notices.models import Notice
from notices.sending.delivery import send_one
from resources.actions.newsletters import sending
from resources.actions.newsletters.advisories import mark_read
from resources.actions.releases.downloading import tell_version
from resources.errors import NobodyToSendTo, NothingToRead
from resources.models import AdvisoryReach, NewsletterIssue
from resources.reads.newsletters.reach import versions_of
from tests import factories as make

pytestmark = pytest.mark.django_db
AT = make.NINE
LATER = AT + timedelta(hours=1)


def runs(version, **fields):
    """A contact of an organisation whose one licence runs this; "" for nobody knows."""
    contact = make.make_contact()
    licence = make.make_licence(contact.organisation, **fields)
    if version:
        make.make_running(licence=licence, version=version, told_by=contact)
    return contact


def sign_in(person):
    client = Client()
    client.force_login(person)
    return client


def sent(**fields):
    issue = make.make_advisory(state="draft", **fields)
    sending.schedule(issue, by=make.make_manager(), at=AT)
    while sending.work_off(issue.pk, at=LATER):
        pass
    issue.refresh_from_db()
    return issue


def test_it_goes_to_who_runs_it_and_to_who_may(settings):
    affected, safe, unknown = runs("10.6.0"), runs("10.6.2"), runs("")
    other = runs("", product="AXIGEN Connector")
    lapsed = runs("10.5.2", registered_on=AT.date() - timedelta(days=3000))
    without = make.make_contact()  # holds no licence
    left = make.make_contact(affected.organisation)
    make.make_news_choice(person=left, newsletter=make.make_advisory(state="draft").newsletter)

    issue = sent(products=["axigen mail server"])

    people = {one.to for one in Notice.objects.filter(key=issue.key)}
    assert people == {affected, unknown, lapsed}
    assert {safe, other, without, left}.isdisjoint(people)
    reaches = {one.organisation: one for one in AdvisoryReach.objects.all()}
    assert set(reaches) == {one.organisation for one in people}
    assert reaches[affected.organisation].versions == ["10.6.0"]
    assert not reaches[unknown.organisation].is_certain

    for one in Notice.objects.filter(key=issue.key):
        send_one(one.pk, at=LATER)
    said = {letter.to[0]: letter for letter in mail.outbox}
    assert "You run 10.6.0, which this is about." in said[affected.email].body
    assert "We do not know which version you run" in said[unknown.email].body
    assert said[affected.email].subject.startswith("[High] ")
    assert "10.6.0" not in said[unknown.email].body.split("Affected:")[0]


def test_the_version_of_the_last_report_counts_until_another_is_said():
    contact = runs("")
    licence = contact.organisation.licences.get()
    make.make_incident(licence=licence, reporter=contact, version="AXIGEN 10.5.1")
    assert versions_of([licence.pk]) == {licence.pk: "AXIGEN 10.5.1"}
    tell_version(licence, "10.6.2", by=contact, at=AT + timedelta(days=900))
    assert versions_of([licence.pk]) == {licence.pk: "10.6.2"}


def test_to_nobody_is_refused():
    runs("10.6.2")
    issue = make.make_advisory(state="draft")
    with pytest.raises(NobodyToSendTo):
        sending.schedule(issue, by=make.make_manager(), at=AT)


def test_the_portal_says_so_until_somebody_there_has_read_it():
    contact, other = runs("10.6.0"), runs("10.6.0")
    colleague = make.make_contact(contact.organisation)
    issue = sent()
    reach = AdvisoryReach.objects.get(organisation=contact.organisation)
    banner = "Mails of a certain form stop IMAP"

    for person in (contact, colleague):
        assert banner in sign_in(person).get("/").content.decode()
    foreign = AdvisoryReach.objects.get(organisation=other.organisation)
    with pytest.raises(NothingToRead):
        mark_read(foreign.pk, by=contact, at=LATER)
    assert sign_in(contact).post(f"/newsletter/read/{foreign.pk}/").status_code == 404

    answer = sign_in(contact).post(f"/newsletter/read/{reach.pk}/")
    assert answer["Location"] == issue.get_absolute_url()
    sign_in(colleague).post(f"/newsletter/read/{reach.pk}/")  # the first one counts
    reach.refresh_from_db()
    assert reach.read_by == contact
    entry = JournalEntry.objects.get(kind="advisory.read")
    assert (entry.by, entry.organisation) == (contact, contact.organisation)
    assert banner not in sign_in(colleague).get("/").content.decode()
    assert str(contact) in sign_in(colleague).get(issue.get_absolute_url()).content.decode()
    assert str(contact) not in sign_in(other).get(issue.get_absolute_url()).content.decode()
    assert banner in sign_in(other).get("/").content.decode()


def test_who_says_what_they_run_is_reminded_or_spared():
    contact = runs("")
    licence = contact.organisation.licences.get()
    issue = sent()
    old = sent(affected=["before 9.0"])
    assert AdvisoryReach.objects.filter(spared_at=None).count() == 2

    tell_version(licence, "10.6.1", by=contact, at=LATER)
    assert {one.issue: one.is_certain for one in AdvisoryReach.objects.unread()} == {issue: True}
    tell_version(licence, "8.1", by=contact, at=LATER)
    assert [one.issue for one in AdvisoryReach.objects.unread()] == [old]


def test_what_only_some_read_is_in_no_feed_and_no_archive(client):
    make.make_advisory(subject="Public fault")
    secret = make.make_advisory(subject="Quiet fault", audience="registered", summary="Hush")
    make.make_advisory(subject="Being written", state="draft")
    for url in ("/newsletter/", "/newsletter/advisories/", "/newsletter/feed/"):
        page = client.get(url).content.decode()
        assert "Public fault" in page
        assert "Quiet fault" not in page
        assert "Being written" not in page
    feed = sign_in(make.make_manager()).get("/newsletter/advisories/feed/")
    assert feed["Content-Type"] == "application/atom+xml"
    assert b"Quiet" not in feed.content
    assert b"Hush" not in feed.content
    assert client.get(secret.get_absolute_url()).status_code == 404
    assert client.get("/newsletter/advisories/99/").status_code == 404
    assert sign_in(make.make_contact()).get(secret.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("url", ("/newsletter/", "/newsletter/advisories/", "/"))
def test_pages_cost_the_same_with_one_and_three_rows(url, django_assert_max_num_queries):
    contact = runs("10.6.0")
    client = sign_in(contact)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make.make_reach(contact.organisation)
        client.get(url)
        with django_assert_max_num_queries(26) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_desks_pages(django_assert_max_num_queries, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    runs("10.6.0")
    manager = make.make_manager()
    client = sign_in(manager)
    kind = make.make_advisory().newsletter
    form = {"newsletter": kind.pk, "subject": "New", "body": "Text", "audience": "everybody"}
    refused = client.post("/admin/newsletters/new/", form)
    assert refused.status_code == 400
    assert "how bad" in refused.content.decode()
    made = client.post(
        "/admin/newsletters/new/", form | {"severity": "high", "affected": "10.5 to 10.6\n10.4"}
    )
    page = made["Location"]
    assert '<strong class="num">1</strong> reader' in client.get(page).content.decode()
    client.post(f"{page}try/")
    client.post(f"{page}send/")
    mailed = client.get(f"{page}mail/")
    assert mailed["Content-Security-Policy"].startswith("default-src 'none'")
    issue = NewsletterIssue.objects.latest("pk")
    while sending.work_off(issue.pk, at=AT + timedelta(days=4000)):
        pass
    assert "It concerns" in client.get(page).content.decode()
    assert client.post(f"{page}nothing/").status_code == 404
    assert client.post("/admin/newsletters/preview/", {"body": "**x**"}).status_code == 200
    kinds = {"name": "Events", "what": "Where we are", "position": 5}
    assert client.post("/admin/newsletters/kinds/", kinds).status_code == 302
    assert client.post("/admin/newsletters/kinds/", kinds).status_code == 409
    assert client.post(f"/admin/newsletters/kinds/{kind.pk}/", kinds).status_code == 409
    with django_assert_max_num_queries(12):
        client.get("/admin/newsletters/")
    assert sign_in(make.make_contact()).get("/admin/newsletters/").status_code in (302, 404)


def test_the_published_list_leads_to_it():
    client = sign_in(runs(""))
    for level in ("basic", "premium"):
        make.make_level(level)
    assert '<a href="/newsletter/">Newsletter</a>' in client.get("/programme/").content.decode()
