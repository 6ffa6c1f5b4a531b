"""Incidents that their engineer does not take: passed on, once, and never back."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from core import rls
from core.errors import NotAllowed
from entitlements.enums import Level
from notices.models import Notice
from tests.at_once import at_once
from tests.factories import (
    NINE,
    hours,
    make_engineer,
    make_manager,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_profile,
    make_service,
)
from tests.tickets.desk import covered, filed, journal, told
from tests.tickets.staff_pages import page_of, with_tabs
from tickets.actions.conversation import note
from tickets.actions.dispatch.dispatching import dispatch, pass_on, redispatch
from tickets.actions.dispatch.engineers import set_profile
from tickets.actions.dispatch.ownership import accept
from tickets.enums import State
from tickets.errors import NotDispatched
from tickets.models import Dispatch, EngineerProfile, Incident
from tickets.rules.dispatch.choosing import Reason

pytestmark = pytest.mark.django_db

LATE = NINE + hours(3)  # half of Premium's six


def last_of(incident: Incident) -> Dispatch:
    return incident.dispatches.latest("at", "pk")


def owner_of(incident: Incident):
    incident.refresh_from_db()
    return incident.owner


def test_each_decision_is_kept_with_everybody_considered():
    away = make_engineer(name="Anna", is_on_duty=False)
    bert = make_engineer(name="Bert")
    elsewhere = make_engineer(make_organisation(), name="Cora")

    kept = last_of(filed())

    found = {one["person"]: one["reason"] for one in kept.considered}
    assert found == {
        bert.pk: Reason.CHOSEN,
        away.pk: Reason.OFF_DUTY,
        elsewhere.pk: Reason.ELSEWHERE,
    }
    assert (kept.to, kept.take_by) == (bert, LATE)


def test_what_lies_for_half_of_its_time_goes_to_another_and_both_are_told_once():
    first, second = make_engineer(), make_engineer()
    incident = filed()
    assert incident.owner == first

    passed = [pass_on(last_of(incident).pk, at=LATE) for _ in range(2)]

    assert passed == [True, False]
    assert owner_of(incident) == second
    assert told(incident, "incident_passed_on") == {first.email}
    assert told(incident, "incident_assigned") == {first.email, second.email}


def test_a_minute_before_nothing_is_passed_on():
    make_engineer(), make_engineer()
    incident = filed()

    assert not pass_on(last_of(incident).pk, at=LATE - hours(0.01))


@pytest.mark.parametrize("how", ("accepts", "notes"))
def test_what_its_engineer_took_stays(how):
    first, _ = make_engineer(), make_engineer()
    incident = filed()
    if how == "accepts":
        accept(incident, by=first, at=NINE + hours(1))
    else:
        note(incident, author=first, body="I look at it.", at=NINE + hours(1))

    assert not pass_on(last_of(incident).pk, at=LATE)
    assert owner_of(incident) == first


def test_after_three_engineers_the_leads_are_asked():
    lead = make_engineer(is_lead=True, is_on_duty=False, email="lead@desk.example")
    engineers = [make_engineer() for _ in range(4)]
    incident = filed()

    for number in range(4):
        Dispatch.objects.filter(pk=last_of(incident).pk).update(take_by=LATE + hours(number))
        pass_on(last_of(incident).pk, at=LATE + hours(number))

    assert owner_of(incident) == engineers[2]
    assert told(incident, "incident_lies") == {lead.email}


def test_it_never_goes_back_and_without_another_the_leads_are_asked():
    lead = make_engineer(is_lead=True, is_on_duty=False, email="lead@desk.example")
    only = make_engineer()
    incident = filed()

    assert not pass_on(last_of(incident).pk, at=LATE)

    assert owner_of(incident) == only
    assert told(incident, "incident_lies") == {lead.email}


def test_the_leads_are_told_once_that_nobody_can_take_it():
    make_engineer(is_lead=True, is_on_duty=False, email="lead@desk.example", name="Lea")
    incident = filed()
    dispatch(incident, at=NINE + hours(1))

    notice = Notice.objects.get(template="incident_unassigned")
    assert notice.context["reasons"] == ["Lea is not on duty."]


def test_redispatch_leaves_what_is_finished_or_has_nobody_else():
    only = make_engineer()
    incident = filed()
    assert redispatch(incident, at=LATE, reason="It is late.") is None

    make_engineer()
    Incident.objects.filter(pk=incident.pk).update(state=State.CLOSED, closed_at=LATE)
    assert redispatch(incident, at=LATE, reason="It is late.") is None
    assert owner_of(incident) == only


def test_level_2_services_and_languages_of_the_profile_count():
    plain = make_engineer()
    expert = make_profile(is_level_2=True).person
    other = make_profile(services=[make_service("installation")], languages=["el"]).person

    gold = filed(covered(gold=1), use_gold=True)
    assert (gold.decision.level.level, gold.owner) == (Level.GOLD, expert)
    assert filed().owner == plain  # others know the service, or have less to do
    greek = {one["person"]: one["reason"] for one in last_of(filed()).considered}
    assert greek[other.pk] == Reason.SKILL


def test_who_has_room_is_the_profiles_to_say():
    full = make_profile(capacity=1).person
    first, second = filed(), filed()

    assert (first.owner, second.owner) == (full, None)


def test_only_managers_keep_profiles_and_only_of_those_who_are_dispatched():
    engineer, tester = make_engineer(), make_engineer(role=Role.TS2)
    said: dict[str, Any] = {
        "capacity": 9,
        "is_level_2": True,
        "services": (),
        "languages": ["ro", "ro"],
    }

    set_profile(engineer, **said, by=make_manager(), at=NINE)

    assert EngineerProfile.objects.get().languages == ["ro"]
    with pytest.raises(NotAllowed):
        set_profile(engineer, **said, by=engineer, at=NINE)
    with pytest.raises(NotDispatched, match="above TS1"):
        set_profile(tester, **said, by=make_manager(), at=NINE)


def test_the_manager_keeps_them_in_the_admin(client: Client):
    engineer = make_engineer()
    service = make_service("troubleshooting")
    client.force_login(make_manager())
    asked = {
        "person": engineer.pk,
        "capacity": 12,
        "is_level_2": "on",
        "services": [service.pk],
        "languages": ["ro"],
    }

    client.post(reverse("admin:tickets_engineerprofile_add"), asked)

    kept = EngineerProfile.objects.get(person=engineer)
    assert (kept.capacity, kept.is_level_2, list(kept.services.all())) == (12, True, [service])
    changed = reverse("admin:tickets_engineerprofile_change", args=[kept.pk])
    client.post(changed, asked | {"capacity": 3})
    kept.refresh_from_db()
    assert (kept.capacity, kept.languages) == (3, ["ro"])


def test_the_page_says_why_me_and_a_partner_sees_no_colleagues_of_the_vendor(client: Client):
    partner = make_partner()
    local = make_partner_engineer(partner, name="Aino")
    make_engineer()
    incident = filed(covered(Level.FIRST, organisation=make_organisation(partner=partner)))

    client.force_login(local)
    shown = with_tabs(client, incident)
    assert "Why me?" in shown
    assert "Aino: on duty, serves the customer, and had 0 of 25" in shown
    assert "Why not another" not in shown
    client.force_login(make_manager())
    assert "would do, with 0 of 25; another came first" in with_tabs(client, incident)


def test_the_engineer_says_that_they_are_on_it(client: Client):
    engineer = make_engineer()
    incident = filed()
    client.force_login(engineer)
    shown = client.get(page_of(incident)).text
    assert "I am on it" in shown

    url = reverse("admin:incident_action", args=[incident.number, "accept"])
    client.post(url, {"key": "one"})

    incident.refresh_from_db()
    assert incident.state == State.OPEN
    assert "incident.accepted" in journal(incident)
    with pytest.raises(NotAllowed):
        accept(incident, by=make_engineer(), at=NINE)


@pytest.mark.django_db(transaction=True)
def test_six_sweeps_at_once_pass_it_on_once():
    with rls.everything():
        for _ in range(3):
            make_engineer()
        incident = filed()
        pk = last_of(incident).pk

    passed = at_once(partial(sweep, pk), 6)

    assert sorted(passed) == [False] * 5 + [True]
    with rls.everything():
        assert incident.dispatches.count() == 2


def sweep(pk: int, _: int) -> bool:
    with rls.everything():
        return pass_on(pk, at=LATE)
