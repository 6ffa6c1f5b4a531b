"""What a policy says is done at warnings and breaches: mails, calls, a higher priority."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import entries_of
from entitlements.enums import Level
from notices.enums import Way
from notices.models import Notice
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_manager,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_tam,
    make_target,
    make_warning,
)
from tests.tickets.desk import HANDOVER, covered, filed, moment, target_of, told
from tickets.actions.ladder.escalation import escalate
from tickets.actions.promises.alarm_policies import change_policy, follow_default, in_force
from tickets.actions.promises.alarms import (
    note_breach,
    note_breaches,
    notify_of_warning,
    notify_of_warnings,
)
from tickets.enums import Priority, Tier
from tickets.errors import PolicyUnusable
from tickets.models import AlarmPolicy, Incident
from tickets.reads.timeline import events_of
from tickets.rules.promises.alarm_steps import (
    AS_SHIPPED,
    BREACH,
    GROUPS,
    Step,
    problems,
    raised,
    step_at,
    warn_at,
)

pytestmark = pytest.mark.django_db

NUMBER = "+40215550100"
BREACHED, WARNED = "response_target_breached", "response_target_warning"


def policy(*steps: Step, level: str = "") -> AlarmPolicy:
    with_breach = [*steps] if any(one.percent == BREACH for one in steps) else [*steps, SILENT]
    return change_policy(level, with_breach, by=make_manager(is_on_duty=False), at=NINE)


SILENT = Step(BREACH, ("owner",))


def called() -> list[str]:
    return list(Notice.objects.filter(way=Way.CALL).values_list("to__email", flat=True))


def overdue(**fields) -> Incident:
    """An incident whose answer was due at three."""
    if "owner" not in fields:
        fields["owner"] = make_engineer(email="owner@desk.example")
    incident = make_incident(**fields)
    make_target(incident)
    return incident


def breach(incident: Incident) -> None:
    assert note_breach(target_of(incident).pk, at=NINE + hours(7))
    incident.refresh_from_db()


def test_without_a_policy_the_desk_does_as_it_was_delivered():
    assert in_force()["premium"].steps == AS_SHIPPED
    assert warn_at(AS_SHIPPED) == [75, 90]
    assert {step.notify for step in AS_SHIPPED} == {("owner", "leads", "tam")}
    assert not any(step.call or step.raise_priority for step in AS_SHIPPED)


def test_a_level_follows_the_default_until_it_has_its_own_and_again_when_it_drops_it():
    policy(Step(50, ("owner",)))
    policy(Step(60, ("tam",)), level="gold")
    before = {level: warn_at(one.steps) for level, one in in_force().items()}

    follow_default("gold", by=make_manager(), at=NINE)

    assert before["gold"] == [60]
    assert before["premium"] == before[""] == [50]
    assert warn_at(in_force()["gold"].steps) == [50]


def test_a_change_is_a_new_version_in_the_journal_and_the_same_again_is_none():
    first = policy(Step(50, ("owner",)))
    again = policy(Step(50, ("owner",)))
    second = policy(Step(40, ("owner",)))

    assert (first.pk, first.version, second.version) == (again.pk, 1, 2)
    changes = [entry.facts for entry in entries_of(second)]
    assert changes == [{"before": first.steps, "after": second.steps}]


@pytest.mark.parametrize(
    ("steps", "why"),
    (
        ([Step(75, ("owner",))], "at the breach"),
        ([Step(BREACH)], "at least one group"),
        ([Step(0, ("owner",)), SILENT], "between 1 and 99"),
        ([Step(75), Step(75), SILENT], "same percent"),
        ([Step(75, ("everybody",)), SILENT], "from the lists"),
        ([Step(75, call="police"), SILENT], "from the lists"),
        ([*(Step(n) for n in (1, 2, 3, 4)), SILENT], "At most 3"),
    ),
)
def test_an_unusable_policy_is_refused_with_the_reason(steps, why):
    with pytest.raises(PolicyUnusable, match=why):
        change_policy("", steps, by=make_manager(), at=NINE)

    assert not AlarmPolicy.objects.exists()


@pytest.mark.parametrize("make", (make_engineer, make_tam, make_contact))
def test_only_managers_change_policies(make):
    with pytest.raises(NotAllowed):
        change_policy("", AS_SHIPPED, by=make(), at=NINE)


@pytest.mark.parametrize(
    "fields",
    ({"level": "silver", "steps": [1]}, {"level": ""}, {"follows_default": True, "steps": [1]}),
)
def test_the_database_refuses_a_policy_that_means_nothing(fields):
    with pytest.raises(IntegrityError, match="alarm_policy"), transaction.atomic():
        AlarmPolicy.objects.create(version=1, made_at=NINE, made_by=make_manager(), **fields)


def test_the_policy_of_the_opening_decides_when_and_that_of_the_moment_what():
    owner = make_engineer(email="owner@desk.example")
    manager = make_manager(email="manager@desk.example")
    policy(Step(50, ("owner",)), Step(80, ("owner",)))
    incident = filed(at=NINE)
    Incident.objects.update(owner=owner)

    policy(Step(75, ("managers",)), Step(90, ("leads",)))
    warnings = {one.percent: one for one in target_of(incident).warnings.all()}
    for one in warnings.values():
        notify_of_warning(one.pk, at=one.due_at)

    assert set(warnings) == {50, 80}
    assert warnings[50].due_at == NINE + hours(3)
    notifications = Notice.objects.filter(template=WARNED).values_list(
        "context__percent", "to__email"
    )
    assert (50, manager.email) in notifications  # 50 is before all: the first one's
    assert (80, manager.email) in notifications  # 75 is the last one at or before 80
    assert owner.email not in {address for _, address in notifications}


def test_each_group_is_who_it_says():
    partner = make_partner()
    organisation, other = make_organisation(partner=partner), make_organisation()
    make_tam(organisation, email="tam@desk.example")
    make_engineer(is_lead=True, role="ts2", email="lead@desk.example")
    make_manager(email="manager@desk.example")
    make_engineer(organisation, email="serving@desk.example", is_on_duty=False)
    make_engineer(other, email="elsewhere@desk.example")
    make_partner_engineer(partner, email="partner@desk.example")
    make_partner_engineer(email="stranger@desk.example")
    make_engineer(is_active=False, email="gone@desk.example")
    expected = {
        "owner": {"owner@desk.example"},
        "leads": {"lead@desk.example"},
        "tam": {"tam@desk.example"},
        "managers": {"manager@desk.example"},
        "on_duty": {"owner@desk.example", "partner@desk.example"},
        "team": {"owner@desk.example", "partner@desk.example", "serving@desk.example"},
    }
    assert set(expected) == set(GROUPS)
    incident = overdue(organisation=organisation)
    manager = Person.objects.get(email="manager@desk.example")
    found = {}
    for group in expected:
        with transaction.atomic():
            change_policy("", [Step(BREACH, (group,))], by=manager, at=NINE)
            note_breach(target_of(incident).pk, at=NINE + hours(7))
            found[group] = told(incident, BREACHED)
            transaction.set_rollback(True)

    assert found == expected


def test_the_team_of_an_escalated_incident_is_its_tier():
    make_engineer(role="ts3", email="ts3@desk.example")
    make_engineer(role="ts2")
    policy(Step(BREACH, ("team",)))
    incident = overdue(tier=Tier.TS3)

    breach(incident)

    assert told(incident, BREACHED) == {"ts3@desk.example"}


@pytest.mark.parametrize(
    ("before", "after"),
    ((Priority.LOW, Priority.NORMAL), (Priority.HIGH, Priority.CRITICAL), (1, Priority.CRITICAL)),
)
def test_the_priority_goes_up_by_one_and_never_above_critical(before, after):
    policy(Step(BREACH, ("owner",), raise_priority=True))
    incident = overdue(priority=before)

    breach(incident)

    changes = entries_of(incident).filter(kind="incident.priority")
    assert (incident.priority, incident.tier) == (after, Tier.TS1)
    assert [(one.rule, one.facts["after"]) for one in changes] == [("X3", after)] * (
        before != after
    )


def test_two_warnings_that_an_outage_put_together_raise_once():
    policy(*(Step(n, ("owner",), raise_priority=True) for n in (75, 90)))
    incident = overdue(priority=Priority.LOW)
    warnings = [make_warning(target_of(incident), percent=n).pk for n in (75, 90)]

    assert notify_of_warnings(warnings, at=NINE + hours(5.5)) == 1  # the latest alone (T3)

    incident.refresh_from_db()
    assert incident.priority == Priority.NORMAL


def test_the_owner_is_called_if_on_duty_else_the_first_on_duty_with_a_number():
    policy(Step(BREACH, ("owner",), call="on_duty"))
    make_engineer(phone="0721 123", email="no-prefix@desk.example")
    make_engineer(phone="+40 21 555 0101", email="first@desk.example")
    off = make_engineer(phone=NUMBER, is_on_duty=False, email="off@desk.example")
    on = make_engineer(phone=NUMBER, email="on@desk.example")

    breach(overdue(owner=off))
    breach(overdue(owner=on))

    assert called() == ["first@desk.example", "on@desk.example"]


def test_without_an_engineer_on_duty_a_manager_is_called_and_without_anybody_it_is_written_down():
    policy(Step(BREACH, ("owner",), call="on_duty"))
    nobody, somebody = overdue(), overdue(owner=None)
    breach(nobody)
    manager = make_manager(phone=NUMBER, is_on_duty=False, email="manager@desk.example")
    breach(somebody)

    story = " ".join(event.detail for event in events_of(entries_of(nobody)))
    assert called() == ["manager@desk.example"]
    assert "Nobody on duty has a number that can be called" in story
    assert entries_of(somebody).get(kind="response_target.breached").facts["called"] == manager.pk


def test_s39_the_breach_pages_the_duty_manager_and_moves_neither_tier_nor_owner():
    manager = make_manager(phone=NUMBER, email="duty@desk.example", is_lead=True)
    owner = make_engineer(email="ts1@desk.example")
    ts2, _ = make_engineer(role="ts2"), make_engineer(role="ts3")
    usual = [Step(percent, ("owner", "leads", "tam")) for percent in (75, 90)]
    change_policy(
        Level.PREMIUM,
        [*usual, Step(BREACH, ("owner", "leads", "tam"), call="manager")],
        by=manager,
        at=NINE,
    )
    received = moment("2026-09-08T09:00+02:00")
    incident = filed(covered(), at=received)
    incident.owner = owner
    incident.save()
    escalate(incident, by=owner, at=moment("2026-09-08T10:30+02:00"), **HANDOVER)
    escalate(Incident.objects.get(), by=ts2, at=moment("2026-09-08T13:00+02:00"), **HANDOVER)
    target = target_of(incident)
    due_at = moment("2026-09-08T15:00+02:00")
    assert target.due_at == due_at
    assert dict(target.warnings.values_list("percent", "due_at")) == {
        75: moment("2026-09-08T13:30+02:00"),
        90: moment("2026-09-08T14:24+02:00"),
    }
    for one in target.warnings.all():
        notify_of_warning(one.pk, at=one.due_at)
    assert called() == []

    noted = note_breach(target.pk, at=due_at + hours(0.01))

    incident.refresh_from_db()
    assert (noted, incident.tier, incident.owner) == (True, Tier.TS3, owner)
    assert called() == ["duty@desk.example"]
    assert told(incident, BREACHED) == {"ts1@desk.example", "duty@desk.example"}


def test_no_customer_is_told_of_an_alarm_whatever_the_policy():
    policy(
        Step(75, tuple(GROUPS), call="on_duty", raise_priority=True),
        Step(BREACH, tuple(GROUPS), call="on_duty", raise_priority=True),
    )
    make_manager(phone=NUMBER)
    incident = overdue()
    make_contact(incident.organisation, phone=NUMBER, is_lead=True)
    make_partner_engineer(phone=NUMBER, is_lead=True)  # nor another partner's lead
    notify_of_warning(make_warning(target_of(incident)).pk, at=NINE + hours(5))

    breach(incident)

    roles = set(Notice.objects.values_list("to__role", flat=True))
    assert roles == {"ts1", "manager"}
    assert not incident.messages.exists()


def test_a_policy_with_everything_asks_as_often_for_ten_breaches_as_for_one():
    policy(Step(BREACH, tuple(GROUPS), call="on_duty", raise_priority=True))
    make_manager(phone=NUMBER)
    asked = []
    for many in (1, 10):
        pks = [target_of(overdue(owner=make_engineer())).pk for _ in range(many)]
        with CaptureQueriesContext(connection) as captured:
            assert note_breaches(pks, at=NINE + hours(7)) == many
        asked.append(len(captured))

    assert asked[0] == asked[1]


steps = st.builds(
    Step,
    st.integers(1, 99),
    st.sets(st.sampled_from(sorted(GROUPS)), min_size=1).map(lambda one: tuple(sorted(one))),
    st.sampled_from(["", "on_duty", "manager"]),
    st.booleans(),
)
policies = st.lists(steps, max_size=3, unique_by=lambda one: one.percent).map(
    lambda found: [*found, Step(BREACH, ("leads",), "manager")]
)


@given(policies, st.integers(1, 100))
def test_every_alarm_has_a_step_and_only_a_breach_has_the_breachs(found, percent):
    step = step_at(found, percent)

    assert problems(found) == []
    assert step.notify
    assert (step == found[-1]) == (percent == BREACH)
    warnings = [one.percent for one in found if one.percent < BREACH]
    if percent < BREACH and any(one <= percent for one in warnings):
        assert step.percent == max(one for one in warnings if one <= percent)


@given(policies)
def test_a_policy_is_stored_and_read_as_it_was(found):
    assert [Step.read(one.facts()) for one in found] == found


@given(st.sampled_from(list(Priority)))
def test_raising_ends_at_critical(priority):
    assert raised(priority) in (priority - 1, Priority.CRITICAL)
    assert raised(priority) >= Priority.CRITICAL


@pytest.mark.parametrize(
    ("step", "words"),
    (
        (Step(75), "nothing"),
        (Step(75, ("tam", "owner")), "mail to the owner and the account manager"),
        (Step(75, call="on_duty"), "a call to the engineer on duty"),
        (
            Step(75, ("owner",), "manager", raise_priority=True, redispatch=True),
            "mail to the owner, a call to the manager on duty, priority up by one,"
            " to another engineer",
        ),
    ),
)
def test_a_step_says_in_words_what_it_does(step, words):
    assert step.words() == words


def test_a_step_as_an_early_release_stored_it_does_nothing_more():
    assert Step.read({"percent": 75}) == Step(75)


@pytest.mark.parametrize("one", ({"notify": ("owner", "nobody")}, {"call": "the pope"}))
def test_one_that_is_on_no_list_is_one_too_many(one):
    found = problems([Step(75, **one), Step(BREACH, ("owner",))])

    assert found == ["Choose whom to tell and to call from the lists."]
