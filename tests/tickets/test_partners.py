"""Local partners: whom they serve, what they see, what comes to them."""

import pytest
from django.urls import reverse

from core.errors import NotAllowed
from entitlements.enums import Level, Supplier
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_level,
    make_manager,
    make_organisation,
    make_partner,
    make_partner_engineer,
)
from tests.tickets.desk import HANDOVER, covered, filed
from tests.tickets.staff_pages import action_of, form, page_of
from tickets import policies, tasks
from tickets.actions.conversation import answer
from tickets.actions.dispatch.ownership import assign, take
from tickets.actions.goodwill import accept
from tickets.actions.ladder.escalation import escalate, give_back
from tickets.enums import Tier
from tickets.errors import WrongOwner
from tickets.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner():
    return make_partner(name="Lapland IT", language="fi")


@pytest.fixture
def theirs(partner):
    """A licence with FIRsT, of an organisation that the partner serves."""
    return covered(Level.FIRST, organisation=make_organisation(partner=partner))


def in_finnish(licence):
    return make_contact(licence.organisation, language="fi")


def test_partner_people_see_the_incidents_of_their_own_organisations_and_no_others(partner, theirs):
    ours = filed(theirs)
    filed(covered(organisation=make_organisation(partner=make_partner())))
    filed()

    seen = Incident.objects.visible_to(make_partner_engineer(partner))

    assert list(seen) == [ours]


def test_the_vendor_sees_them_all(theirs):
    filed(theirs)
    filed()

    assert Incident.objects.visible_to(make_engineer()).count() == 2
    assert Incident.objects.visible_to(make_manager()).count() == 2


def test_an_organisation_that_leaves_its_partner_is_seen_by_it_no_longer(partner, theirs):
    filed(theirs)
    theirs.organisation.partner = None
    theirs.organisation.save()

    assert not Incident.objects.visible_to(make_partner_engineer(partner)).exists()


def test_a_partner_answers_at_ts1(partner, theirs):
    engineer = make_partner_engineer(partner)
    incident = filed(theirs)

    message = answer(incident, author=engineer, body="Restart it.", at=NINE + hours(1))

    incident.refresh_from_db()
    assert (message.author, incident.targets.get().met_by) == (engineer, engineer)


def test_what_was_escalated_they_see_and_only_the_owner_goes_on_talking(partner, theirs):
    owner, colleague = make_partner_engineer(partner), make_partner_engineer(partner)
    incident = filed(theirs)
    Incident.objects.filter(pk=incident.pk).update(owner=owner)
    escalate(incident, by=owner, at=NINE + hours(1), **HANDOVER)
    incident.refresh_from_db()

    assert incident in Incident.objects.visible_to(colleague)
    assert (policies.may_answer(owner, incident), policies.may_answer(colleague, incident)) == (
        True,
        False,
    )
    with pytest.raises(NotAllowed):
        answer(incident, author=colleague, body="Hello", at=NINE + hours(2))
    with pytest.raises(NotAllowed):
        take(incident, by=colleague, at=NINE + hours(2))
    assert answer(incident, author=owner, body="We look into it.", at=NINE + hours(2))


def test_a_partner_moves_nothing_above_ts1_and_has_it_again_when_it_comes_back(partner, theirs):
    owner = make_partner_engineer(partner)
    incident = filed(theirs)
    Incident.objects.filter(pk=incident.pk).update(owner=owner)
    escalate(incident, by=owner, at=NINE + hours(1), **HANDOVER)
    incident.refresh_from_db()

    with pytest.raises(NotAllowed):
        escalate(incident, by=owner, at=NINE + hours(2), **HANDOVER)
    with pytest.raises(NotAllowed):
        give_back(incident, by=owner, at=NINE + hours(2), result="Done.")

    tester = make_engineer(role="ts2")
    give_back(incident, by=tester, at=NINE + hours(3), result="A setting.", to_tier=Tier.TS1)
    incident.refresh_from_db()
    assert policies.may_answer(make_partner_engineer(partner), incident)


def test_a_partner_of_others_owns_and_does_nothing_here(theirs):
    stranger, incident = make_partner_engineer(), filed(theirs)

    with pytest.raises(NotAllowed):
        answer(incident, author=stranger, body="Hello", at=NINE)
    with pytest.raises(NotAllowed):
        take(incident, by=stranger, at=NINE)
    with pytest.raises(WrongOwner):
        assign(incident, to=stranger, by=make_manager(), at=NINE)


def test_the_page_offers_a_partner_no_answer_once_it_is_escalated(client, partner):
    organisation = make_organisation(partner=partner)
    incident = make_incident(organisation=organisation, tier=Tier.TS2, owner=make_engineer())
    client.force_login(make_partner_engineer(partner))

    page = client.get(page_of(incident))
    sent = client.post(action_of(incident, "answer"), form(body="Hello", then="open"))

    assert (page.status_code, sent.status_code) == (200, 403)
    assert 'id="answer"' not in page.content.decode()


def test_a_report_in_its_language_comes_to_the_partner_first(partner, theirs):
    make_engineer(language="fi")
    local = make_partner_engineer(partner, language="fi")

    assert filed(theirs, reporter=in_finnish(theirs)).owner == local


def test_the_partners_own_language_counts_for_all_its_people(partner, theirs):
    local = make_partner_engineer(partner, language="sv")
    make_engineer()

    assert filed(theirs, reporter=in_finnish(theirs)).owner == local


def test_everybody_at_the_partner_speaks_english(partner, theirs):
    local = make_partner_engineer(partner, language="fi")
    make_engineer(language="en")

    assert filed(theirs).owner == local


def test_a_language_that_the_partner_does_not_speak_goes_to_the_vendor(partner, theirs):
    make_partner_engineer(partner, language="fi")
    make_engineer()
    romanian = make_engineer(language="ro")
    reporter = make_contact(theirs.organisation, language="ro")

    assert filed(theirs, reporter=reporter).owner == romanian


@pytest.mark.parametrize("fields", ({"is_on_duty": False}, {"is_active": False}))
def test_when_the_partners_people_are_away_the_vendor_helps(partner, theirs, fields):
    make_partner_engineer(partner, language="fi", **fields)
    vendors = make_engineer()

    assert filed(theirs, reporter=in_finnish(theirs)).owner == vendors


def test_what_partners_do_not_supply_goes_to_the_vendor(partner):
    licence = covered(Level.PREMIUM, organisation=make_organisation(partner=partner))
    make_partner_engineer(partner, language="fi")
    vendors = make_engineer()

    assert filed(licence, reporter=in_finnish(licence)).owner == vendors


def test_who_supplies_a_level_is_the_catalogues_to_say(partner, theirs):
    premium = make_level(Level.PREMIUM)
    everywhere = make_level(
        Level.PREMIUM,
        calendar=premium.calendar,
        supplied_by=[*premium.supplied_by, Supplier.PARTNER],
    )
    licence = covered(organisation=make_organisation(partner=partner))
    local = make_partner_engineer(partner)
    make_engineer()

    incident = filed(licence)

    assert (incident.decision.level, incident.owner) == (everywhere, local)


def test_what_is_accepted_out_of_goodwill_is_dispatched_by_the_level_it_gets(partner):
    licence = covered(organisation=make_organisation(partner=partner))
    licence.subscriptions.all().delete()
    local, vendors = make_partner_engineer(partner), make_engineer()

    by_first = accept(
        filed(licence), level=make_level(Level.FIRST), by=make_manager(), at=NINE, reason="Once"
    )
    by_premium = accept(
        filed(licence), level=make_level(Level.PREMIUM), by=make_manager(), at=NINE, reason="Once"
    )

    assert tasks.dispatch_waiting() == 2
    by_first.refresh_from_db()
    by_premium.refresh_from_db()
    assert (by_first.owner, by_premium.owner) == (local, vendors)


def test_the_queue_of_a_partner_has_its_organisations_alone(client, partner, theirs):
    filed(theirs, subject="Ours")
    filed(subject="Of somebody else")
    client.force_login(make_partner_engineer(partner))

    body = client.get(reverse("admin:queue")).content.decode()

    assert ("Ours" in body, "Of somebody else" in body) == (True, False)
