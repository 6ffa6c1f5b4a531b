"""A registration is a claim: made, checked, confirmed, declined (K1)."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.enums import Role
from accounts.models import Person
from core import rls
from core.journal import entries_of
from entitlements.actions.claims import MOST_WAITING, confirm, decline
from entitlements.actions.coverage import decide
from entitlements.actions.licences import register_licence
from entitlements.actions.orders import place_order
from entitlements.actions.subscriptions import subscribe
from entitlements.actions.transfers import transfer
from entitlements.errors import (
    ClaimSettled,
    ClaimToConfirm,
    EmptyKey,
    KeyCountsElsewhere,
    KeyMalformed,
    KeyOfOtherEdition,
    LicenceNotConfirmed,
    LicenceRegistered,
    TooManyClaims,
    WhyDeclinedMissing,
)
from entitlements.models import Licence
from entitlements.reads.coverage_summary import summary_of
from notices.models import Notice
from tests.at_once import at_once
from tests.entitlements.claims import KEY, NOT_PROVEN, PROVEN, claimed, with_check_digits
from tests.factories import (
    NINE,
    TODAY,
    days,
    hours,
    make_admin_contact,
    make_claim,
    make_contact,
    make_engineer,
    make_licence,
    make_manager,
    make_organisation,
    make_tam,
)

pytestmark = pytest.mark.django_db


def decided(licence: Licence, at):
    licence.refresh_from_db()
    return decide(
        organisation=licence.organisation,
        licence=licence,
        project=None,
        service="troubleshooting",
        channel="email",
        use_gold=False,
        at=at,
        save=False,
    )


def level_at(licence: Licence, at) -> str | None:
    level = decided(licence, at).level
    return level.level if level else None


def test_nothing_is_promised_on_a_claim_and_the_reason_says_so():
    claim = claimed()

    decision = decided(claim, NINE + hours(1))

    assert (claim.state, decision.level) == ("waiting", None)
    assert [one["code"] for one in decision.considered] == ["licence_not_confirmed"]
    assert "waits until the registered licence is confirmed" in decision.considered[0]["sentence"]
    assert "the report is taken up then" in decision.remedies[0]


def test_what_is_confirmed_counts_from_the_registrations_day_and_not_before_the_confirmation():
    claim = claimed(invoiced_on=TODAY - days(100))

    confirm(claim, at=NINE + hours(2), by=make_manager())

    assert level_at(claim, NINE + hours(1)) is None  # nobody had promised anything then
    assert level_at(claim, NINE + hours(2)) == "basic"
    assert level_at(claim, NINE + days(264)) == "basic"
    assert level_at(claim, NINE + days(267)) is None  # the year began on the invoice's day
    assert entries_of(claim).last().kind == "licence.confirmed"


def test_what_a_desk_has_already_and_what_staff_register_counts_as_confirmed():
    registered = register_licence(
        make_organisation(), key="OLD-1", edition="office", registered_on=TODAY, at=NINE, by=None
    )

    assert (registered.state, registered.confirmed_at) == ("confirmed", None)
    assert level_at(registered, NINE) == "basic"
    assert level_at(make_licence(registered_on=TODAY), NINE) == "basic"


@pytest.mark.parametrize("key", ("FREE-1", "FOO", "<b>x</b>", "AXG-B-1", "AXG-B-7714-2201; DROP"))
def test_what_can_be_no_key_is_refused_with_what_keys_look_like(key):
    with pytest.raises(KeyMalformed, match="AXG-B-7777-7777"):
        claimed(key=key)

    assert not Licence.objects.exists()


def test_a_key_of_another_edition_and_an_empty_one_are_told():
    with pytest.raises(KeyOfOtherEdition, match="Office edition"):
        claimed(key="AXG-O-7714-2201")
    with pytest.raises(EmptyKey):
        claimed(key=" \x00 ")


def test_a_key_that_is_somebody_elses_is_answered_as_one_that_does_not_exist():
    make_licence(key="AXG-B-1111-1111", registered_on=TODAY)
    organisation = make_organisation()
    contact = make_contact(organisation)

    with rls.only([organisation.pk]):  # as the contact's own request works
        theirs = claimed(contact, key="AXG-B-1111-1111")
        nobodys = claimed(contact, key="AXG-B-2222-2222")

    shown = list(Licence.objects.filter(pk__in=[theirs.pk, nobodys.pk]).values())
    for one in shown:
        del one["id"], one["key"]
    assert shown[0] == shown[1]
    assert shown[0]["confirmed_at"] is None


def test_with_a_check_digit_too_somebody_elses_key_waits_and_nobody_is_told_why():
    with_check_digits()
    organisation = make_organisation()
    theirs = make_contact(organisation)

    first = claimed(key=PROVEN)
    with rls.only([organisation.pk]):
        second = claimed(theirs, key=PROVEN)
        third = claimed(theirs, key=NOT_PROVEN)

    assert [one.state for one in (first, second, third)] == ["confirmed", "waiting", "waiting"]
    assert first.confirmed_by is None
    assert level_at(first, NINE) == "basic"
    assert "counts for another registration" in second.check_said  # staff read it
    assert "check digit is wrong" in third.check_said


def test_the_same_claim_by_the_same_organisation_is_one():
    contact = make_contact()
    claimed(contact, key="axg-b-7714-2201 ")

    with pytest.raises(LicenceRegistered, match="it waits for confirmation"):
        claimed(contact)
    confirm(Licence.objects.get(), at=NINE, by=make_manager())
    with pytest.raises(LicenceRegistered, match="coverage page"):
        claimed(contact)

    assert Licence.objects.count() == 1


def test_of_two_claims_of_one_key_one_is_confirmed_and_staff_read_why_not_the_other():
    first, second = claimed(), claimed()
    manager = make_manager()

    confirm(first, at=NINE, by=manager)
    with pytest.raises(KeyCountsElsewhere, match="transfers"):
        confirm(second, at=NINE, by=manager)
    with pytest.raises(ClaimSettled, match="confirmed"):
        confirm(first, at=NINE, by=manager)

    second.refresh_from_db()
    assert second.state == "waiting"
    assert not entries_of(second).filter(kind="licence.confirmed").exists()


def test_what_is_declined_is_theirs_no_more_they_are_told_why_and_may_claim_it_again():
    claim, manager = claimed(), make_manager()

    with pytest.raises(WhyDeclinedMissing):
        decline(claim, at=NINE, by=manager, reason=" ")
    decline(claim, at=NINE, by=manager, reason="No such invoice.")
    with pytest.raises(ClaimSettled, match="declined"):
        confirm(claim, at=NINE, by=manager)

    told = Notice.objects.get(template="licence_declined")
    assert (told.to, told.context["reason"]) == (claim.claimed_by, "No such invoice.")
    assert not Licence.objects.held().filter(organisation=claim.organisation).exists()
    assert level_at(claim, NINE) is None
    assert claimed(claim.claimed_by).state == "waiting"


def test_the_team_is_told_what_waits_and_the_customer_what_came_of_it():
    organisation, manager = make_organisation(), make_manager()
    make_engineer()
    tam, contact = make_tam(organisation), make_contact(organisation)

    with rls.only([organisation.pk]):
        claim = claimed(contact)
    confirm(claim, at=NINE + hours(1), by=tam)

    told = Notice.objects.filter(template="licence_registered")
    assert {one.to for one in told} == {manager, tam}
    assert {one.context["url"].partition("/admin/")[2] for one in told} == {
        f"licences/{claim.pk}/claim/"
    }
    assert told[0].context["todo"].startswith("Please confirm or decline it. Please set the price")
    answer = Notice.objects.get(template="licence_confirmed")
    assert answer.to == contact
    assert "It has support until Tuesday 2 March 2027" in answer.context["support"]


def test_nothing_is_sold_ordered_or_moved_for_a_claim():
    organisation = make_organisation()
    claim, manager = claimed(make_contact(organisation)), make_manager()
    admin = make_admin_contact(organisation)

    with pytest.raises(LicenceNotConfirmed, match=KEY):
        subscribe(claim, level="first", starts_on=TODAY, at=NINE, by=manager)
    with pytest.raises(LicenceNotConfirmed):
        place_order(claim, kind="subscription", level="first", by=admin, at=NINE)
    with pytest.raises(LicenceNotConfirmed):
        transfer(claim, to=make_organisation(), at=NINE, by=manager, reason="Sold")
    with pytest.raises(ClaimToConfirm, match=KEY):
        register_licence(
            organisation, key=KEY, edition="business", registered_on=TODAY, at=NINE, by=manager
        )


def test_a_licence_that_is_transferred_to_who_claimed_it_confirms_the_claim():
    old, there = make_licence(key=KEY, registered_on=TODAY), make_organisation()
    claim = claimed(make_contact(there))

    new = transfer(old, to=there, at=NINE, by=make_manager(), reason="Sold")

    assert new == claim
    assert (new.state, new.predecessor, new.price) == ("confirmed", old, old.price)
    assert list(Licence.objects.to_take_up()) == [new]
    assert level_at(new, NINE) == "basic"


def test_an_organisation_has_so_many_claims_waiting_and_no_more():
    contact = make_contact()
    for number in range(MOST_WAITING):
        make_claim(contact.organisation, key=f"AXG-B-0000-{number:04d}", claimed_by=contact)

    with pytest.raises(TooManyClaims):
        claimed(contact)


def test_the_coverage_of_a_claim_says_that_it_waits():
    claim = claimed()

    (support,) = summary_of(claim.organisation, at=NINE)

    assert (support.status, support.level, support.levels) == ("waiting", "", [])
    assert support.promise == "Nothing is promised yet"


@pytest.mark.parametrize(
    "broken",
    (
        {"claimed_at": None, "confirmed_at": NINE},
        {"claimed_at": NINE, "confirmed_at": NINE, "declined_at": NINE},
        {"claimed_at": None, "check_at": NINE},
    ),
)
def test_the_database_refuses_what_can_not_be(broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_licence(**broken)


def test_the_list_of_what_waits_is_read_over_its_own_index():
    make_claim()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + str(Licence.objects.for_claims().query))
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "licence_waiting" in plan


def _register(number: int) -> str:
    with rls.everything():
        contact = list(Person.objects.filter(role=Role.CONTACT).order_by("pk"))[number]
    assert contact.organisation_id is not None
    with rls.only([contact.organisation_id]):
        return str(claimed(contact, key=PROVEN).state)


@pytest.mark.django_db(transaction=True)
def test_the_same_claim_from_six_organisations_at_once_counts_once():
    with rls.everything():
        with_check_digits()
        for _ in range(6):
            make_contact(make_organisation())

    states = at_once(_register, 6)

    assert sorted(states) == ["confirmed"] + ["waiting"] * 5
    with rls.everything():
        assert Licence.objects.counting().count() == 1
        assert Licence.objects.waiting().count() == 5


def _confirm(number: int) -> str:
    with rls.everything():
        claims = list(Licence.objects.order_by("pk"))
        try:
            confirm(claims[number % 2], at=NINE, by=Person.objects.get(role=Role.MANAGER))
        except (KeyCountsElsewhere, ClaimSettled) as refusal:
            return refusal.code
    return "confirmed"


@pytest.mark.django_db(transaction=True)
def test_two_claims_confirmed_by_six_people_at_once_count_once():
    with rls.everything():
        make_manager()
        claimed()
        claimed()

    answers = at_once(_confirm, 6)

    assert answers.count("confirmed") == 1
    with rls.everything():
        assert Licence.objects.counting().count() == 1
