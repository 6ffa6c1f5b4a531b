"""The rules of dispatch as the managers set them: versions, what they do, their page."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from core import rls
from core.errors import NotAllowed
from core.journal import entries_of
from tests.at_once import at_once
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_engineer,
    make_manager,
    make_profile,
    make_service,
    make_tam,
)
from tests.tickets.desk import covered, filed, told
from tests.tickets.staff_pages import with_tabs
from tickets.actions.dispatch.dispatch_rules import change_rules, rules_at
from tickets.actions.dispatch.dispatching import dispatch, pass_on
from tickets.errors import PolicyUnusable
from tickets.models import DispatchRulesVersion
from tickets.rules.dispatch.settings import AS_DELIVERED, DispatchRules

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:dispatch_rules")
EARLY = replace(AS_DELIVERED, take_within=25)


def setting(rules=EARLY, *, at=NINE, by=None, reason="To try it.", **fields):
    by = by or make_manager(is_on_duty=False)
    return change_rules(rules, reason=reason, by=by, at=at, **fields)


def posted(rules: DispatchRules, **more: object) -> dict[str, object]:
    """What the form sends for these rules."""
    fields: dict[str, object] = {
        name: rules.facts()[name] for name in ("take_within", "most_tries", "capacity")
    }
    fields |= {f"wishes{n}": wish for n, wish in enumerate(rules.wishes)}
    fields |= {f"order{n}": one for n, one in enumerate(rules.order)}
    return fields | {"reason": "We try it."} | more


def test_without_a_version_the_desk_does_as_it_was_delivered():
    engineer = make_engineer()

    kept = filed().dispatches.get()

    assert rules_at(NINE) == AS_DELIVERED
    assert (kept.to, kept.rules, kept.take_by) == (engineer, None, NINE + hours(3))


def test_a_version_counts_from_its_moment_and_the_decision_names_it():
    make_engineer()
    made = setting(starts_at=NINE + hours(2))

    before, after = filed(at=NINE).dispatches.get(), filed(at=NINE + hours(2)).dispatches.get()

    assert (before.rules, before.take_by) == (None, NINE + hours(3))
    assert (after.rules, after.take_by) == (made, NINE + hours(3.5))


def test_a_later_version_takes_back_one_that_has_not_begun():
    setting(starts_at=NINE + hours(9))

    setting(AS_DELIVERED, at=NINE + hours(1))

    assert rules_at(NINE + hours(10)) == AS_DELIVERED


def test_a_change_is_a_new_version_with_who_when_and_why_and_the_same_again_is_none():
    manager = make_manager()

    first, again = setting(by=manager), setting(by=manager)
    second = setting(AS_DELIVERED, by=manager, reason="Too hasty.")

    assert (again, [first.version, second.version]) == (None, [1, 2])
    assert (second.made_by, second.made_at, second.starts_at) == (manager, NINE, NINE)
    entry = entries_of(second).get()
    assert (entry.kind, entry.by, entry.facts["reason"]) == (
        "dispatch_rules.changed",
        manager,
        "Too hasty.",
    )
    assert entry.facts["before"] == EARLY.facts()
    assert setting(AS_DELIVERED, by=manager) is None


def test_the_tries_are_those_of_the_version_that_gave_it_out():
    lead = make_engineer(is_lead=True, is_on_duty=False, email="lead@desk.example")
    first, _ = make_engineer(), make_engineer()
    setting(replace(AS_DELIVERED, most_tries=1))
    incident = filed()

    passed = pass_on(incident.dispatches.get().pk, at=NINE + hours(3))

    incident.refresh_from_db()
    assert (passed, incident.owner) == (False, first)
    assert told(incident, "incident_lies") == {lead.email}


def test_room_is_the_profiles_to_say_and_else_the_rules():
    make_profile(capacity=None)
    wide = make_profile(capacity=2).person
    setting(replace(AS_DELIVERED, capacity=1))

    owners = [filed(at=NINE + hours(n)).owner for n in range(4)]

    assert owners[1:] == [wide, wide, None]


def test_the_order_of_the_wishes_decides():
    expert = make_profile(is_level_2=True, services=[make_service("installation")]).person
    knows = make_engineer()
    swapped = replace(AS_DELIVERED, wishes=("let_lie", "skill", "level"))

    first = filed(covered(gold=1), use_gold=True).owner
    setting(swapped, at=NINE + hours(1))
    second = filed(covered(gold=1), use_gold=True, at=NINE + hours(1)).owner

    assert (first, second) == (expert, knows)


def test_reading_the_rules_adds_no_query_to_giving_an_incident_out():
    make_engineer()
    asked = []
    for number in range(2):
        incident = filed(at=NINE + hours(number))
        type(incident).objects.filter(pk=incident.pk).update(owner=None)
        incident.owner = None
        with CaptureQueriesContext(connection) as captured:
            assert dispatch(incident, at=NINE + hours(number))
        asked.append(captured.captured_queries)
        setting()

    assert len(asked[0]) == len(asked[1])
    naming = [one for one in asked[1] if "dispatchrulesversion" in one["sql"]]
    assert len([one for one in naming if one["sql"].startswith("SELECT")]) == 1


@pytest.mark.django_db(transaction=True)
def test_managers_who_save_at_once_make_a_version_each():
    with rls.everything():
        manager = make_manager()

    made = at_once(partial(_room_for, manager.pk), 4)

    assert sorted(made) == [1, 2, 3, 4]


def _room_for(manager: int, number: int) -> int:
    with rls.everything():
        rules = replace(AS_DELIVERED, capacity=number + 1)
        by = Person.objects.get(pk=manager)
        return change_rules(rules, reason="At once.", by=by, at=NINE).version


@pytest.mark.parametrize("make", (make_engineer, make_tam, make_contact))
def test_only_managers_change_them(make):
    with pytest.raises(NotAllowed):
        setting(by=make())


@pytest.mark.parametrize(
    ("fields", "why"),
    (
        ({"rules": replace(AS_DELIVERED, take_within=0)}, "between 1 and 99"),
        ({"reason": "  "}, "in a few words why"),
        ({"reason": "so " * 200}, "at most 300"),
        ({"starts_at": NINE - hours(1)}, "from now on"),
    ),
)
def test_what_can_not_be_used_is_refused_and_nothing_is_kept(fields, why):
    with pytest.raises(PolicyUnusable, match=why):
        setting(**fields)

    assert not DispatchRulesVersion.objects.exists()


@pytest.mark.parametrize(
    "fields",
    ({"take_within": 100}, {"most_tries": 0}, {"capacity": 0}, {"reason": ""}, {"order": []}),
)
def test_the_database_refuses_rules_that_mean_nothing(fields):
    made = {"version": 1, "reason": "Why", "starts_at": NINE, "made_at": NINE}
    usable = AS_DELIVERED.facts() | made | {"made_by": make_manager()}

    with pytest.raises(IntegrityError, match="dispatch_rules"), transaction.atomic():
        DispatchRulesVersion.objects.create(**usable | fields)


@pytest.mark.parametrize("make", (make_engineer, make_tam))
def test_only_managers_have_the_page(client, make):
    client.force_login(make())

    assert client.get(PAGE).status_code == 404


@pytest.fixture
def manager(client):
    manager = make_manager()
    client.force_login(manager)
    return manager


def test_a_manager_saves_a_version_and_sees_it_with_its_reason(client, manager):
    answer = client.post(PAGE, posted(EARLY))

    assert answer.url == PAGE
    assert DispatchRulesVersion.objects.get().rules == EARLY
    page = client.get(PAGE).content.decode()
    assert "Version 1 counts" in page
    assert "We try it." in page
    assert str(manager) in page


def test_the_form_sent_unchanged_keeps_what_counts(client, manager):
    client.post(PAGE, posted(AS_DELIVERED))

    assert not DispatchRulesVersion.objects.exists()
    assert "Nothing was different." in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("more", "helps"),
    (
        ({"take_within": "0"}, "greater than or equal to 1"),
        ({"take_within": "100"}, "less than or equal to 99"),
        ({"capacity": "-3"}, "greater than or equal to 1"),
        ({"wishes1": "skill"}, "A wish is named twice"),
        ({"order0": "load"}, "A criterion among equals is named twice"),
        ({"reason": ""}, "in a few words why"),
        ({"starts_at": "2020-01-01T09:00"}, "from now on"),
    ),
)
def test_bad_values_are_refused_with_what_would_help(client, manager, more, helps):
    answer = client.post(PAGE, posted(EARLY, **more))

    assert answer.status_code == 400
    assert helps in answer.content.decode()
    assert not DispatchRulesVersion.objects.exists()


def test_the_page_asks_as_often_for_three_versions_as_for_one(client, manager):
    asked = []
    for number in (1, 2, 3):
        setting(replace(AS_DELIVERED, capacity=number), by=manager)
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        asked.append(len(captured))

    assert asked[0] == asked[2]


def test_why_me_names_the_version(client, manager):
    make_engineer()
    first = filed()
    setting(at=NINE, by=manager)
    second = filed()

    assert "rules of dispatch as delivered" in with_tabs(client, first)
    assert "version 1 of the rules of dispatch" in with_tabs(client, second)


def tried(**days: str) -> dict[str, object]:
    """What "Try it on these days" sends: other rules, without a reason; the day of NINE."""
    fields = posted(replace(AS_DELIVERED, order=("waited",)), reason="", simulate="1")
    on = f"{NINE:%Y-%m-%d}"
    return fields | {"from_on": on, "to_on": on} | days


def test_trying_rules_shows_who_would_have_got_what_and_writes_nothing(client, manager):
    native, other = make_engineer(name="Ana", language="ro"), make_engineer(name="Bo")
    licence = covered()
    reporter = make_contact(licence.organisation, language="ro")
    incidents = [filed(licence, reporter=reporter, at=NINE + hours(n)) for n in (0, 1)]
    assert {one.owner for one in incidents} == {native}

    answer = client.post(PAGE, tried())

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Go to someone else" in page
    assert "of 2 incidents" in page
    assert incidents[1].number in page
    assert f"{other.name}</strong>" in page
    assert "their replay gives 2 first to who got them in fact" in page
    assert 'value="waited" selected' in page  # the form keeps what was tried
    assert not DispatchRulesVersion.objects.exists()


@pytest.mark.parametrize(
    ("more", "helps"),
    (
        ({"to_on": "2020-01-01"}, "comes before the first"),
        ({"from_on": "2026-01-01", "to_on": "2026-02-01"}, "at most 31 days"),
        ({"from_on": "9999-01-01", "to_on": "9999-01-02"}, "Nothing came in on days to come"),
        ({"from_on": "yesterday"}, "Enter a valid date"),
        ({"order1": "waited"}, "is named twice"),
        ({"capacity": "0"}, "greater than or equal to 1"),
    ),
)
def test_days_and_rules_that_can_not_be_tried_are_refused_with_what_would_help(
    client, manager, more, helps
):
    answer = client.post(PAGE, tried(**more))

    assert answer.status_code == 400
    assert helps in answer.content.decode()
    assert "What these rules would have done" not in answer.content.decode()


def test_days_without_an_incident_say_so(client, manager):
    answer = client.post(PAGE, tried())

    assert answer.status_code == 200
    assert "Nothing was given out" in answer.content.decode()


def test_last_week_is_offered(client, manager):
    today = timezone.now().astimezone(ZoneInfo(manager.timezone)).date()
    monday = today - timedelta(days=today.weekday() + 7)

    assert f'value="{monday}"' in client.get(PAGE).content.decode()
