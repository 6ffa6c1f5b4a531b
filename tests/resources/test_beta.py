"""Beta programmes: joined by name, builds for members alone, feedback decided, members told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import NotAllowed
from core.models import JournalEntry
from notices.models import Notice
from resources.actions.beta import feedback, members, programmes
from resources.actions.releases import keeping
from resources.errors import (
    BetaHasNoTerms,
    BetaIncomplete,
    BetaNamed,
    BetaNotForYou,
    BetaNotRunning,
    BetaTermsChanged,
    BetaUnsigned,
    BuildWithoutBeta,
    FeedbackDecided,
    NotAMember,
    NotInYourLicence,
)
from resources.models import BetaFeedback, BetaMember, BetaTerms, FixNews, Release, ReleaseFile
from resources.reads.beta.joining import seats_of
from resources.rules.beta import Holds, IsFor, WhyNot, why_not
from resources.tasks import end_betas
from tests import factories as make
from tickets.actions.beta_feedback import make_incident
from tickets.actions.fix_news import tell_of_fix
from tickets.models import Incident

pytestmark = pytest.mark.django_db
AT = make.NINE


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def manager():
    return make.make_manager()


@pytest.fixture
def tester():
    return make.make_engineer(role="ts2")


@pytest.fixture
def beta():
    return make.make_beta(name="AXIGEN 10.7 beta", slug="axigen-10-7-beta")


@pytest.fixture
def licence():
    """Of Premium, to which the catalogue gives the programme."""
    make.make_level("premium", resources=["beta"])
    one = make.make_licence(registered_on=date(2026, 1, 1))
    make.make_subscription(one)
    return one


@pytest.fixture
def contact(licence):
    return make.make_contact(licence.organisation, name="Ana Pop")


@pytest.fixture
def member(beta, licence, contact):
    return members.join(beta, licence, terms=1, signed_name="Ana Pop", by=contact, at=AT)


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def build(beta, version, *defects, **fields):
    one = make.make_build(beta, version, published_at=None, **fields)
    make.make_release_file(one, content=b"program")
    for defect in defects:
        make.make_fix(one, defect=defect)
    return one


def file_of(release):
    return ReleaseFile.objects.get(release=release)


def told(kind):
    return [one.to for one in Notice.objects.filter(template=kind).order_by("pk")]


def tell_all():
    for one in FixNews.objects.filter(told_at=None):
        while tell_of_fix(one.pk, at=AT):
            pass


@pytest.mark.parametrize(
    ("fields", "expected"),
    (
        ({}, WhyNot.NOTHING),
        ({"product": "Other"}, WhyNot.PRODUCT),
        ({"edition": "office"}, WhyNot.EDITION),
        ({"counts": False}, WhyNot.WAITS),
        ({"levels": frozenset({"basic"})}, WhyNot.LEVEL),
    ),
)
def test_the_first_thing_that_is_missing_is_said(fields, expected):
    holds = {"product": "axigen", "edition": "business", "counts": True}
    holds |= {"levels": frozenset({"premium"})}
    is_for = IsFor("AXIGEN", ["business"], frozenset({"premium", "golive"}))
    assert why_not(Holds(**holds | fields), is_for) is expected


def test_a_programme_from_plan_to_end(manager, tester):
    planned = programmes.Planned(
        name="AXIGEN 11 beta",
        product="AXIGEN Mail Server",
        editions=["business"],
        about="**New**",
        ends_on=date(2026, 5, 1),
    )
    one = programmes.save_programme(planned, by=tester, at=AT)
    with pytest.raises(BetaNamed):
        programmes.save_programme(planned, by=tester, at=AT)
    with pytest.raises(BetaHasNoTerms):
        programmes.open_programme(one, by=manager, at=AT)
    programmes.write_terms(one, "Be kind.", by=tester, at=AT)
    programmes.write_terms(one, "Be kind.", by=tester, at=AT)
    assert one.terms.count() == 1
    with pytest.raises(NotAllowed):
        programmes.open_programme(one, by=tester, at=AT)
    with pytest.raises(BetaNotRunning):
        programmes.end_programme(one, how_on="Install 11.0.", by=manager, at=AT)
    programmes.open_programme(one, by=manager, at=AT)
    programmes.open_programme(one, by=manager, at=AT)
    with pytest.raises(BetaIncomplete):
        programmes.end_programme(one, how_on=" ", by=manager, at=AT)
    programmes.end_programme(one, how_on="Install 11.0.", by=manager, at=AT)
    with pytest.raises(BetaNotRunning):
        programmes.save_programme(planned, by=tester, at=AT, programme=one)
    kinds = JournalEntry.objects.filter(kind__startswith="beta.").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == [
        "beta.planned",
        "beta.terms",
        "beta.opened",
        "beta.ended",
    ]


def test_terms_are_accepted_by_name_and_again_when_they_change(beta, licence, contact, tester):
    def join(terms, name="Ana Pop"):
        return members.join(beta, licence, terms=terms, signed_name=name, by=contact, at=AT)

    with pytest.raises(BetaUnsigned):
        join(1, " ")
    member = join(1)
    assert (member.signed_name, member.accepted_at, member.terms.number) == ("Ana Pop", AT, 1)
    programmes.write_terms(beta, "Other words.", by=tester, at=AT)
    assert told("beta_terms") == [contact]
    one = build(beta, "10.7.0-beta.1")
    keeping.publish_release(one, by=make.make_manager(), at=AT)
    with pytest.raises(NotInYourLicence, match="accept version 2"):
        members.fetch_build(file_of(one), by=contact, at=AT)
    with pytest.raises(BetaTermsChanged):
        join(1)
    join(2)
    assert members.fetch_build(file_of(one), by=contact, at=AT)
    assert BetaMember.objects.count() == 1
    assert JournalEntry.objects.filter(kind="beta.joined").count() == 2
    assert BetaTerms.objects.filter(programme=beta).count() == 2


def test_who_may_not_join_reads_what_it_takes(beta, licence, contact):
    basic = make.make_licence(contact.organisation, registered_on=date(2020, 1, 1))
    office = make.make_licence(contact.organisation, edition="office")
    claim = make.make_claim(contact.organisation)
    said = {one.licence: one.said for one in seats_of([licence, basic, office, claim], beta, AT)}
    assert said[licence] == ""
    assert said[basic] == "It takes Premium, Gold or GoLive."
    assert "Business edition" in said[office]
    assert "confirmed" in said[claim]
    with pytest.raises(BetaNotForYou, match="It takes Premium"):
        members.join(beta, basic, terms=1, signed_name="Ana", by=contact, at=AT)
    stranger = make.make_contact()
    with pytest.raises(NotAllowed):
        members.join(beta, licence, terms=1, signed_name="Ana", by=stranger, at=AT)
    page = signed_in(make.make_contact(basic.organisation)).get(beta.get_absolute_url())
    assert "Take part" in page.content.decode()


def test_builds_are_for_members_alone(beta, licence, contact, member, manager):
    one = build(beta, "10.7.0-beta.1")
    keeping.publish_release(one, by=manager, at=AT)
    file = file_of(one)
    colleague = make.make_contact(contact.organisation)

    assert "10.7.0-beta.1" in signed_in(contact).get(beta.get_absolute_url()).content.decode()
    for person in (colleague, make.make_contact()):
        client = signed_in(person)
        assert "10.7.0-beta.1" not in client.get(beta.get_absolute_url()).content.decode()
        assert client.post(reverse("resources:beta_file", args=[file.pk])).status_code == 404
        with pytest.raises(NotAMember):
            members.fetch_build(file, by=person, at=AT)
    for person in (colleague, contact):
        client = signed_in(person)
        assert client.get(one.get_absolute_url()).status_code == 404
        assert "10.7.0-beta.1" not in client.get("/downloads/").content.decode()
        asked = {"licence": licence.pk}
        address = reverse("resources:download", args=[file.pk])
        assert client.post(address, asked).status_code == 404
        listed = client.get("/api/v1/releases/").content.decode()
        assert "10.7.0-beta.1" not in listed
        found = client.get("/api/v1/search/?q=10.7.0-beta.1").content.decode()
        assert str(one) not in found
    answer = signed_in(contact).post(reverse("resources:beta_file", args=[file.pk]))
    assert answer.status_code == 303
    assert JournalEntry.objects.filter(kind="release.downloaded", rule="BT3").count() == 1


def test_a_build_that_one_may_not_have_says_why(beta, contact, member, manager):
    one = build(beta, "10.7.0-beta.1")
    keeping.publish_release(one, by=manager, at=AT)
    file = file_of(one)
    office = build(beta, "10.7.0-beta.2", edition="office")
    keeping.publish_release(office, by=manager, at=AT)
    with pytest.raises(NotInYourLicence, match="Office"):
        members.fetch_build(file_of(office), by=contact, at=AT)
    with pytest.raises(NotInYourLicence, match="It takes Premium"):
        members.fetch_build(file, by=contact, at=AT + timedelta(days=400))
    keeping.withdraw_release(one, reason="It loses mail.", by=manager, at=AT)
    with pytest.raises(NotInYourLicence, match="It loses mail"):
        members.fetch_build(file_of(one), by=contact, at=AT)
    members.leave(beta, by=contact, at=AT)
    members.leave(beta, by=contact, at=AT)
    with pytest.raises(NotAMember):
        members.fetch_build(file, by=contact, at=AT)


def test_members_are_told_of_each_build_and_which_of_their_own_reports_it_fixes(
    beta, licence, contact, member, manager
):
    defect = make.make_defect(number="AX-10412")
    fields = {"organisation": licence.organisation, "licence": licence, "defect": defect}
    own = make.make_incident(reporter=contact, **fields)
    colleague = make.make_contact(licence.organisation)
    make.make_incident(reporter=colleague, **fields)
    stranger = make.make_incident(defect=defect)
    other = make.make_beta_member(programme=beta)
    said = make.make_beta_feedback(
        member=member,
        subject="Wrong hour",
        fate="defect",
        defect=defect,
        decided_by=manager,
        decided_at=AT,
    )
    make.make_beta_member(programme=beta, left_at=AT)

    keeping.publish_release(build(beta, "10.7.0-beta.1", defect), by=manager, at=AT)
    tell_all()
    tell_all()

    notices = {one.to: one for one in Notice.objects.filter(template="beta_build")}
    assert set(notices) == {contact, other.person}
    assert notices[contact].context["incidents"] == f"{own.number} ({own.subject})"
    assert notices[contact].context["said"] == f"“{said.subject}”"
    assert notices[contact].organisation_id == licence.organisation_id
    assert notices[other.person].context["incidents"] == ""
    assert stranger.reporter not in notices
    assert not Notice.objects.filter(template="fix_released").exists()
    defect.refresh_from_db()
    assert defect.fixed_at is None  # a build is to be tried: a release fixes it
    marked = JournalEntry.objects.filter(kind="incident.fix_in_beta")
    assert [one.subject for one in marked] == [f"tickets.incident:{own.pk}"]
    page = signed_in(contact).get(reverse("tickets:detail", args=[own.number])).content.decode()
    assert "In beta build 10.7.0-beta.1" in page
    assert "Told of the build" in page
    assert "The beta build 10.7.0-beta.1 has a fix" in page


def test_who_moved_to_another_customer_joins_anew_there(beta, licence, contact, member):
    now = make.make_licence(edition=licence.edition)
    make.make_subscription(now)
    contact.organisation = now.organisation
    contact.save()

    joined = members.join(beta, now, terms=1, signed_name="Ana Pop", by=contact, at=AT)

    assert (joined.pk != member.pk, joined.licence) == (True, now)
    member.refresh_from_db()
    assert member.licence == licence
    members.leave(beta, by=contact, at=AT)
    assert members.member_of(beta, contact) is None


def test_who_moved_to_another_customer_hears_nothing_of_the_former_ones(
    beta, licence, contact, member, manager
):
    defect = make.make_defect(number="AX-10412")
    fields = {"organisation": licence.organisation, "licence": licence, "defect": defect}
    make.make_incident(reporter=contact, **fields)
    shared = make.make_incident(reporter=make.make_contact(licence.organisation), **fields)
    make.make_participant(shared, person=contact)
    decided = {"fate": "defect", "decided_by": manager, "decided_at": AT}
    make.make_beta_feedback(member=member, subject="Wrong hour", defect=defect, **decided)
    now = make.make_licence()
    contact.organisation = now.organisation
    contact.save()
    programmes.write_terms(beta, "Other terms", by=manager, at=AT)
    assert not Notice.objects.filter(template="beta_terms").exists()
    BetaMember.objects.filter(pk=member.pk).update(licence=now, organisation=now.organisation)

    keeping.publish_release(build(beta, "10.7.0-beta.1", defect), by=manager, at=AT)
    tell_all()

    told = Notice.objects.get(template="beta_build", to=contact)
    assert (told.context["incidents"], told.context["said"]) == ("", "")


def test_no_line_tells_of_a_build_to_who_does_not_take_part(
    beta, licence, contact, member, manager
):
    """BT3, BT5: neither a colleague of a member, nor customers, nor whoever reads an article."""
    defect = make.make_defect(number="AX-10412")
    own = make.make_incident(organisation=licence.organisation, reporter=contact, defect=defect)
    article = make.make_article(audience="everybody")
    article.defects.add(defect)
    keeping.publish_release(build(beta, "10.7.0-beta.1", defect), by=manager, at=AT)
    tell_all()
    incident = reverse("tickets:detail", args=[own.number])

    def read(client, address):
        return client.get(address).content.decode()

    colleague = make.make_contact(licence.organisation)
    for client in (signed_in(colleague), signed_in(make.make_contact()), Client()):
        page = read(client, article.get_absolute_url())
        assert "Not fixed yet" in page
        assert "beta.1" not in page
    page = read(signed_in(colleague), incident)
    assert own.subject in page
    assert "10.7.0" not in page
    assert "Told of the build" not in page
    assert "In beta build 10.7.0-beta.1" in read(signed_in(contact), article.get_absolute_url())
    members.leave(beta, by=contact, at=AT)
    assert "beta.1" not in read(signed_in(contact), incident)


def test_an_ended_beta_offers_no_builds_and_tells_its_members_once(
    beta, contact, member, manager, monkeypatch
):
    one = build(beta, "10.7.0-beta.1")
    keeping.publish_release(one, by=manager, at=AT)
    monkeypatch.setattr("resources.tasks.database_now", lambda: AT + timedelta(days=365))
    assert end_betas() == 1
    assert end_betas() == 0
    assert told("beta_ended") == [contact]
    with pytest.raises(NotInYourLicence, match="has ended"):
        members.fetch_build(file_of(one), by=contact, at=AT)
    next_one = build(beta, "10.7.0-beta.2")
    with pytest.raises(BetaNotRunning):
        keeping.publish_release(next_one, by=manager, at=AT)
    page = signed_in(contact).get(beta.get_absolute_url()).content.decode()
    assert "This beta has ended" in page
    assert "10.7.0-beta.1" not in page
    assert signed_in(make.make_contact()).get(beta.get_absolute_url()).status_code == 404


def test_a_build_names_its_programme_and_nothing_else_does(beta, manager):
    def draft(kind, programme):
        return keeping.ReleaseDraft(
            product="AXIGEN",
            edition="business",
            version="10.7.0-beta.1",
            kind=kind,
            programme=programme,
        )

    for kind, programme in (("beta", None), ("patch", beta)):
        with pytest.raises(BuildWithoutBeta):
            keeping.save_release(draft(kind, programme), by=manager, at=AT)
    assert not Release.objects.exists()


def test_feedback_becomes_a_known_defect_once(beta, contact, member, tester):
    words = feedback.Said(kind="problem", subject="Wrong hour", body="An hour late.")
    given = feedback.give_feedback(beta, words, by=contact, at=AT)
    with pytest.raises(NotAMember):
        feedback.give_feedback(beta, words, by=make.make_contact(), at=AT)
    with pytest.raises(NotAllowed):
        feedback.answer_feedback(given, answer="Thanks", by=make.make_engineer(), at=AT)
    facts = {"number": "ax-10500", "title": "Invitations take the server's zone"}
    defect = feedback.make_defect(given, **facts, answer="We mend it.", by=tester, at=AT)
    with pytest.raises(FeedbackDecided):
        feedback.answer_feedback(given, answer="Thanks", by=tester, at=AT)
    given.refresh_from_db()
    assert (given.fate, given.defect) == ("defect", defect)
    notice = Notice.objects.get(template="beta_answered")
    assert (notice.to, notice.context["defect"]) == (contact, "AX-10500")


def test_feedback_becomes_an_incident_that_ts2_works_on_decided_like_any_report(
    beta, licence, contact, member, tester
):
    make.make_service("troubleshooting")
    given = make.make_beta_feedback(member=member, environment="Firefox 140")
    client = signed_in(tester)
    address = reverse("admin:beta_said", args=[given.pk])
    assert client.post(address, {"do": "answer"}).status_code == 400
    client.post(address, {"do": "incident"})

    incident = Incident.objects.get()
    assert (incident.reporter, incident.licence, incident.tier) == (contact, licence, 2)
    assert incident.decision.level.level == "premium"
    assert "Firefox 140" in incident.messages.get().body
    given.refresh_from_db()
    assert (given.fate, given.incident) == ("incident", incident.number)
    with pytest.raises(FeedbackDecided):
        make_incident(given, by=tester, at=AT)
    page = signed_in(contact).get(beta.get_absolute_url()).content.decode()
    assert incident.number in page
    assert told("incident_filed") == [contact]


def test_what_nothing_covers_any_more_becomes_an_incident_without_a_clock(beta, tester):
    make.make_service("troubleshooting")
    make.make_tier_target()
    given = make.make_beta_feedback(member=make.make_beta_member(programme=beta))
    incident = make_incident(given, by=tester, at=AT)
    assert incident.decision.level is None
    assert incident.tier == 1


def test_colleagues_and_strangers_read_nothing_that_a_member_said(member, manager):
    given = make.make_beta_feedback(member=member)
    colleague = make.make_contact(member.organisation)
    for person in (colleague, make.make_contact(), make.make_admin_contact(member.organisation)):
        assert not BetaFeedback.objects.visible_to(person).exists()
        assert not BetaMember.objects.visible_to(person).exists()
    assert BetaFeedback.objects.visible_to(member.person).get() == given
    assert BetaFeedback.objects.visible_to(manager).get() == given
    assert BetaFeedback.objects.visible_to(make.make_engineer(role="ts2")).get() == given


def test_the_portal_from_joining_to_leaving(beta, licence, contact, manager):
    client, address = signed_in(contact), beta.get_absolute_url()
    assert beta.name in client.get("/beta/").content.decode()
    join = f"{address}join/"
    said = {"licence": licence.pk, "terms": 1, "signed_name": "Ana Pop"}
    client.post(join, said)
    assert not BetaMember.objects.exists()  # the box was not ticked
    client.post(join, said | {"accepts": "on"})
    one = build(beta, "10.7.0-beta.1")
    keeping.publish_release(one, by=manager, at=AT)
    assert client.post(f"{address}feedback/", {"kind": "problem"}).status_code == 400
    words = {"kind": "idea", "subject": "Darker", "body": "Please.", "build": one.pk}
    client.post(f"{address}feedback/", words)
    given = BetaFeedback.objects.get()
    assert (given.build, given.person) == (one, contact)
    client.post(f"{address}leave/")
    assert not BetaMember.objects.present().exists()
    assert "Download " not in client.get(address).content.decode()


def test_the_team_plans_and_keeps_one_on_its_pages(manager):
    client = signed_in(manager)
    said = {"name": "AXIGEN 12 beta", "product": "AXIGEN", "editions": ["business"]}
    said |= {"about": "New", "ends_on": "2027-01-31"}
    made = client.post(reverse("admin:beta_new"), said)
    address = made.headers["Location"]
    for name, facts in (("terms", {"text": "Be kind."}), ("open", {}), ("end", {"how_on": "12.0"})):
        client.post(f"{address}{name}/", facts)
    page = client.get(address).content.decode()
    assert "Ended" in page
    assert "AXIGEN 12 beta" in client.get(reverse("admin:betas")).content.decode()


def test_what_waits_stands_first_and_a_build_is_begun_from_the_beta_s_page(member, manager):
    for subject, decided in (("Old", 1), ("Waits", None), ("Late", 2)):
        given = make.make_beta_feedback(member=member, subject=subject)
        if decided:
            at = AT + timedelta(days=decided)
            feedback.answer_feedback(given, answer="Thank you.", by=manager, at=at)
    client = Client()
    client.force_login(manager)
    page = client.get(reverse("admin:beta", args=[member.programme.pk]))
    assert [one.subject for one in page.context["said"]] == ["Waits", "Late", "Old"]
    prepare = f"{reverse('admin:release_new')}?beta={member.programme.pk}"
    assert prepare in page.content.decode()
    form = client.get(prepare).context["form"]
    assert (form["kind"].value(), form["programme"].value()) == ("beta", member.programme.pk)
    assert (
        client.get(f"{reverse('admin:release_new')}?beta=x").context["form"]["kind"].value()
        != "beta"
    )


def test_pages_ask_as_much_for_three_as_for_one(beta, contact, member, manager):
    def statements(count):
        for _ in range(count):
            one = make.make_build(beta)
            make.make_fix(one)
            make.make_release_file(one)
            make.make_beta_feedback(member=make.make_beta_member(programme=beta))
            make.make_beta_feedback(member=member)
        asked = []
        for person, address in (
            (contact, beta.get_absolute_url()),
            (manager, reverse("admin:beta", args=[beta.pk])),
            (manager, reverse("admin:betas")),
        ):
            client = signed_in(person)
            client.get(address)
            with CaptureQueriesContext(connection) as found:
                client.get(address)
            asked.append(len(found))
        return asked

    one = statements(1)
    assert statements(2) == one
    assert one[0] <= 27, one
