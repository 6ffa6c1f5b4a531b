"""Breaches and warnings: noted at their own moment, told once, after an outage too."""

import pytest

from core.journal import entries_of
from notices.models import Notice
from tests.factories import (
    NINE,
    hours,
    make_engineer,
    make_incident,
    make_organisation,
    make_tam,
    make_target,
    make_warning,
)
from tests.tickets.desk import covered, filed, journal, moment, target_of, told
from tickets.actions.conversation import answer
from tickets.actions.lifecycle import close
from tickets.actions.promises.alarms import note_breach, notify_of_warning
from tickets.actions.promises.targets import open_target
from tickets.reads.promise import promise_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def watched():
    """An incident with an owner and a TAM, and a lead; owed an answer by three."""
    organisation = make_organisation()
    make_tam(organisation, email="tam@desk.example")
    make_engineer(is_lead=True, is_on_duty=False, email="lead@desk.example")
    owner = make_engineer(email="owner@desk.example")
    incident = make_incident(organisation=organisation, owner=owner)
    make_target(incident)
    return incident


EVERYBODY = {"owner@desk.example", "lead@desk.example", "tam@desk.example"}


def test_a_breach_is_told_once_to_owner_lead_and_tam(watched):
    target = target_of(watched)

    noted = [note_breach(target.pk, at=NINE + hours(7 + n)) for n in range(3)]

    target.refresh_from_db()
    assert noted == [True, False, False]
    assert target.breach_noted_at == NINE + hours(7)
    assert told(watched, "response_target_breached") == EVERYBODY


def test_a_breach_stands_in_the_journal_at_its_own_moment(watched):
    note_breach(target_of(watched).pk, at=NINE + hours(7))

    entry = entries_of(watched).get(kind="response_target.breached")
    assert entry.at == NINE + hours(6)
    assert moment(entry.facts["noted_at"]) == NINE + hours(7)


WARNED = "response_target.warned"


@pytest.mark.parametrize("at", (NINE, NINE + hours(6)))
def test_nothing_is_breached_before_and_at_the_due_moment(watched, at):
    assert note_breach(target_of(watched).pk, at=at) is False
    assert not Notice.objects.exists()


@pytest.mark.parametrize("end", ("met_at", "abandoned_at"))
def test_what_ended_in_time_is_never_breached(watched, end):
    watched.targets.update(**{end: NINE + hours(6)})

    assert note_breach(target_of(watched).pk, at=NINE + hours(7)) is False


@pytest.mark.parametrize("end", ("met_at", "abandoned_at"))
def test_what_ended_too_late_before_anybody_looked_is_breached_all_the_same(watched, end):
    watched.targets.update(**{end: NINE + hours(6.5)})

    assert note_breach(target_of(watched).pk, at=NINE + hours(7)) is True


def test_a_warning_is_told_once(watched):
    warning = make_warning(target_of(watched))

    notifications = [notify_of_warning(warning.pk, at=NINE + hours(5)) for _ in range(2)]

    warning.refresh_from_db()
    assert notifications == [True, False]
    assert (warning.told_at, warning.skipped_at) == (NINE + hours(5), None)
    assert told(watched, "response_target_warning") == EVERYBODY
    assert entries_of(watched).get(kind="response_target.warned").facts == {"percent": 75}


def test_a_warning_is_not_told_before_its_moment(watched):
    warning = make_warning(target_of(watched))

    assert notify_of_warning(warning.pk, at=NINE + hours(4)) is False
    assert not Notice.objects.exists()


def test_a_warning_that_comes_after_the_breach_is_skipped(watched):
    warning = make_warning(target_of(watched))

    assert notify_of_warning(warning.pk, at=NINE + hours(6.001)) is False

    warning.refresh_from_db()
    assert (warning.told_at, warning.skipped_at) == (None, NINE + hours(6.001))
    assert not Notice.objects.exists()


def test_of_two_warnings_that_an_outage_made_due_at_once_the_latest_is_told(watched):
    first = make_warning(target_of(watched))
    second = make_warning(target_of(watched), percent=90, due_at=NINE + hours(5.4))
    back = NINE + hours(5.5)

    notifications = [notify_of_warning(one.pk, at=back) for one in (first, second)]

    first.refresh_from_db()
    second.refresh_from_db()
    assert notifications == [False, True]
    assert (first.skipped_at, second.told_at) == (back, back)
    assert [one.facts["percent"] for one in entries_of(watched).filter(kind=WARNED)] == [90]


def test_s40_workers_down_over_a_deadline():
    engineer = make_engineer(is_lead=True)
    received = moment("2026-11-02T09:00+01:00")
    licence = covered(gold=2)
    x, y = (filed(licence, at=received, use_gold=True) for _ in range(2))
    first, second = target_of(y).warnings.order_by("percent")
    due_at = moment("2026-11-02T12:00+01:00")
    assert (first.due_at, second.due_at) == (
        moment("2026-11-02T11:15+01:00"),
        moment("2026-11-02T11:42+01:00"),
    )
    notify_of_warning(first.pk, at=moment("2026-11-02T11:15+01:00"))
    answer(x, author=engineer, body="Do this.", at=moment("2026-11-02T11:59:30+01:00"))
    early = note_breach(target_of(y).pk, at=moment("2026-11-02T11:57+01:00"))

    # Back at three: all that is due, in the order in which the sweeps may come.
    back = moment("2026-11-02T15:00+01:00")
    notifications = [notify_of_warning(pk, at=back) for pk in (first.pk, second.pk)]
    noted = [note_breach(target_of(one).pk, at=back) for one in (x, y, y)]

    second.refresh_from_db()
    target = target_of(y)
    assert (early, notifications, noted) == (False, [False, False], [False, True, False])
    assert (second.told_at, second.skipped_at) == (None, back)
    assert (target.due_at, target.breach_noted_at) == (due_at, back)
    assert entries_of(y).get(kind="response_target.breached").at == due_at
    assert promise_of(x, at=back).state == "met"
    assert told(y, "response_target_breached") == {engineer.email}
    assert told(x, "response_target_breached") == set()
    assert journal(y).count("response_target.warned") == 1


def test_a_breached_target_stays_breached_when_the_answer_comes(watched):
    note_breach(target_of(watched).pk, at=NINE + hours(7))

    answer(watched, author=make_engineer(), body="Sorry.", at=NINE + hours(8))

    assert promise_of(watched, at=NINE + hours(9)).state == "late"
    assert target_of(watched).breach_noted_at == NINE + hours(7)


def test_the_answer_owed_runs_on_when_a_colleague_closes_another_incident(watched):
    other = filed(covered(organisation=watched.organisation))

    close(other, by=other.reporter, at=NINE + hours(1))

    assert target_of(watched).abandoned_at is None


def test_only_one_target_is_open_at_a_time(watched):
    assert open_target(watched, at=NINE + hours(1)) is None
    assert watched.targets.count() == 1
