"""Spending a Gold incident is a choice with its consequence in plain words."""

import pytest
from django.utils import timezone

from accounts.enums import GoldDefault
from entitlements.enums import Level
from tests.factories import (
    NINE,
    days,
    make_calendar,
    make_contact,
    make_level,
    make_licence,
    make_organisation,
    make_pack,
    make_project,
    make_subscription,
)
from tests.tickets.desk import covered, level_of
from tests.tickets.staff_pages import asks
from tickets.actions.gold_choice import default_in_words, gold_choice
from tickets.models import Incident

pytestmark = pytest.mark.django_db

NEW, CHOICE = "/incidents/new/", "/incidents/new/gold/"


def choice_of(licence, **asked):
    question = {"project": None, "service": "troubleshooting", "channel": "portal", "at": NINE}
    return gold_choice(licence, **question | asked)


def test_both_consequences_are_said_in_hours_and_in_what_is_left():
    choice = choice_of(covered(gold=3))

    assert choice.possible
    assert choice.yes == (
        "Yes: a human answers within 3 hours instead of 6 hours, round the clock;"
        " 2 Gold incidents are left after this."
    )
    assert choice.no == "No: a human answers within 6 hours, round the clock (Premium)."


@pytest.mark.parametrize(
    ("gold", "words"),
    (
        (2, "1 Gold incident is left after this."),
        (1, "no Gold incidents are left after this. The call-back hotline is off then."),
    ),
)
def test_the_last_ones_are_counted_and_the_hotline_is_named(gold, words):
    assert words in choice_of(covered(gold=gold)).yes


def test_working_hours_are_not_mixed_up_with_those_of_the_clock():
    licence = covered(gold=3)
    make_level(Level.PREMIUM, calendar=make_calendar())

    choice = choice_of(licence)

    assert "within 3 hours, round the clock instead of 6 working hours; 2" in choice.yes


def test_where_nothing_else_covers_it_that_is_said():
    licence = covered(gold=3)
    make_level(Level.PREMIUM, services=[])
    make_level(Level.BASIC, services=[])

    choice = choice_of(licence)

    assert "within 3 hours, round the clock where nothing else is promised; 2" in choice.yes
    assert choice.no == "No: nothing else covers this report."


def test_what_is_left_counts_all_packs_that_can_still_be_used():
    licence = covered(gold=3)
    make_pack(licence, quantity=4)

    assert "6 Gold incidents are left after this" in choice_of(licence).yes


def test_without_a_choice_the_reason_is_the_resolvers():
    empty, lapsed = covered(gold=1), covered(gold=5)
    empty.incident_packs.update(available=0)
    project = make_project(covered_in_project := make_organisation())
    golive = covered(organisation=covered_in_project, gold=2)

    assert choice_of(empty).reason == "No Gold incidents are left in this pack."
    assert choice_of(lapsed, at=NINE + days(400)).reason == "Gold ended on 31 December 2026."
    assert "GoLive comes before it" in choice_of(golive, project=project).reason
    assert choice_of(covered()) is None


def test_looking_spends_nothing_and_costs_the_same_for_any_number_of_packs(
    django_assert_num_queries,
):
    one, three = covered(gold=1), covered(gold=1)
    make_pack(three)
    make_pack(three)

    with django_assert_num_queries(13):
        choice_of(one)
    with django_assert_num_queries(13):
        choice_of(three)

    assert one.incident_packs.get().available == 1


@pytest.mark.parametrize(
    ("default", "priority", "words"),
    (
        (GoldDefault.ALWAYS, 4, "As your organisation decided (always): yes"),
        (GoldDefault.NEVER, 1, "As your organisation decided (never): no"),
        (GoldDefault.HIGHEST, 1, "(only for the highest priority): yes"),
        (GoldDefault.HIGHEST, 2, "(only for the highest priority): no"),
    ),
)
def test_the_organisations_default_says_what_it_comes_to(default, priority, words):
    organisation = make_organisation(gold_default=default)

    assert words in default_in_words(organisation, priority)


def contact_with(client, *, default=GoldDefault.ASK, gold=2):
    """Signed in, with Premium from now."""
    contact = make_contact(make_organisation(gold_default=default))
    licence = make_licence(contact.organisation)
    today = timezone.now().date()
    make_subscription(licence, starts_on=today - days(60), ends_on=today + days(300))
    if gold:
        make_pack(licence, quantity=gold, purchased_at=timezone.now() - days(1))
    client.force_login(contact)
    return contact


def report(contact, **fields):
    licence = contact.organisation.licences.first()
    return {
        "key": "one-key",
        "licence": licence.pk,
        "service": "troubleshooting",
        "priority": 2,
        "subject": "IMAP hangs",
        "body": "Since this morning.",
    } | fields


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_who_is_asked_must_choose_and_keeps_what_was_typed(client):
    contact = contact_with(client)

    silent = client.post(NEW, report(contact, version="10.5-kept"))
    chosen = client.post(NEW, report(contact, use_gold="yes"))

    assert (silent.status_code, chosen.status_code) == (400, 302)
    text = text_of(silent)
    assert "Choose whether a Gold incident is spent on this report." in text
    assert "10.5-kept" in text
    assert level_of(Incident.objects.get()) == Level.GOLD


def test_who_has_a_default_may_leave_it_at_that(client):
    contact = contact_with(client, default=GoldDefault.HIGHEST)

    shown = text_of(client.get(NEW))
    client.post(NEW, report(contact, priority=1, key="k1"))
    client.post(NEW, report(contact, priority=2, key="k2"))
    client.post(NEW, report(contact, priority=1, key="k3", use_gold="no"))

    assert "As your organisation decided (only for the highest priority): no" in shown
    levels = [level_of(one) for one in Incident.objects.order_by("pk")]
    assert levels == [Level.GOLD, Level.PREMIUM, Level.PREMIUM]


def test_where_gold_is_impossible_the_form_says_why_and_asks_nothing(client):
    contact = contact_with(client, gold=1)
    contact.organisation.licences.get().incident_packs.update(available=0)

    shown = text_of(client.get(NEW))
    filed = client.post(NEW, report(contact))

    assert "Gold can not be chosen here. </strong>" in shown.replace(".</strong>", ". </strong>")
    assert "No Gold incidents are left in this pack." in shown
    assert filed.status_code == 302


def test_the_choice_follows_the_licence_and_the_priority(client):
    contact = contact_with(client, default=GoldDefault.HIGHEST)
    other = make_licence(contact.organisation, key="ZZZ")
    named = report(contact)

    urgent = text_of(client.get(CHOICE, named | {"priority": 1}))
    without = text_of(client.get(CHOICE, named | {"licence": other.pk}))
    strange = text_of(client.get(CHOICE, named | {"licence": covered(gold=3).pk}))
    nonsense = client.get(CHOICE, {"licence": "x", "service": "astrology", "priority": "9"})

    assert "(only for the highest priority): yes" in urgent
    assert "instead of 6 hours, round the clock; 1 Gold incident is left" in urgent
    assert without == strange == ""
    assert (nonsense.status_code, text_of(nonsense)) == (200, "")
    assert "is-invalid" not in urgent


@pytest.mark.parametrize("licences", (1, 3))
def test_the_form_costs_the_same_for_any_number_of_licences(client, licences):
    contact = contact_with(client)
    for number in range(licences - 1):
        make_pack(make_licence(contact.organisation, key=f"ZZZ-{number}"))

    with asks(FORM_COST):
        client.get(NEW)


FORM_COST = 28  # one of them the draft that is kept
