from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Person
from rota.actions.absences import report_absence, withdraw_absence
from rota.actions.patterns import plan_ahead, remove_pattern, set_pattern
from rota.errors import (
    AbsenceBackwards,
    AbsenceOver,
    AbsencesOverlap,
    BadPattern,
    NoDuty,
    NotAllowed,
    PatternsOverlap,
)
from rota.models import Absence, Pattern, Shift
from rota.reads.duty import on_duty
from tests.factories import (
    NINE,
    TODAY,
    days,
    hours,
    make_absence,
    make_contact,
    make_engineer,
    make_manager,
    make_pattern,
    make_shift,
)

pytestmark = pytest.mark.django_db

TOMORROW = NINE + days(1)
WEEK = {"mon": [("08:00", "17:00")], "wed": [("22:00", "06:00")]}


def is_on_duty(person, at=NINE):
    return on_duty(Person.objects.filter(pk=person.pk), at=at).exists()


def set_week(person=None, **fields):
    asked: dict[str, Any] = {
        "timezone": "Europe/Berlin",
        "weekly": WEEK,
        "starts_on": TODAY,
        "at": NINE,
    }
    by = fields.pop("by", None) or make_manager()
    return set_pattern(person or make_engineer(), **{"at": NINE} | asked | fields, by=by)


def test_without_a_pattern_the_switch_alone_decides():
    assert is_on_duty(make_engineer())
    assert not is_on_duty(make_engineer(is_on_duty=False))


def test_with_a_pattern_one_is_on_duty_in_its_shifts():
    ana = set_week().person

    assert is_on_duty(ana, datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert not is_on_duty(ana, datetime(2026, 3, 2, 16, tzinfo=UTC))  # 17:00 in Berlin
    assert is_on_duty(ana, datetime(2026, 3, 5, 4, 59, tzinfo=UTC))
    assert not is_on_duty(ana, datetime(2026, 3, 5, 5, tzinfo=UTC))


def test_before_the_first_pattern_the_switch_decides():
    ana = set_week(starts_on=date(2026, 3, 9)).person

    assert is_on_duty(ana, datetime(2026, 3, 7, 3, tzinfo=UTC))
    assert not is_on_duty(ana, datetime(2026, 3, 10, 3, tzinfo=UTC))


def test_the_switch_and_an_absence_take_off_duty():
    off, away = make_engineer(is_on_duty=False), make_engineer()
    make_shift(person=off)
    make_shift(person=away)
    make_absence(person=away)

    assert not is_on_duty(off)
    assert not is_on_duty(away)
    assert is_on_duty(away, NINE + days(1))


def test_who_is_on_duty_costs_one_query(django_assert_num_queries):
    for _ in range(3):
        make_pattern(person=make_shift().person)

    with django_assert_num_queries(1):
        assert len(on_duty(Person.objects.all(), at=NINE)) == 3


def test_shifts_are_laid_out_eight_weeks_ahead_and_on_from_there():
    pattern = set_week()
    assert pattern.shifts.count() == 16

    done = [plan_ahead(pattern.pk, at=NINE + days(7)) for _ in range(2)]

    assert done == [True, False]
    assert pattern.shifts.count() == 18


def test_removing_a_pattern_keeps_what_has_begun_and_what_was_handed_over():
    pattern = set_week()
    ana, bob = pattern.person, make_engineer()
    given = pattern.shifts.order_by("starts_at")[1]
    Shift.objects.filter(pk=given.pk).update(person=bob, is_by_hand=True)

    remove_pattern(pattern, by=make_manager(), at=NINE)

    assert Shift.objects.filter(person=ana).count() == 1
    assert Shift.objects.filter(person=bob).count() == 1
    assert not Pattern.objects.exists()


def test_a_new_pattern_never_lays_out_what_was_handed_over():
    pattern = set_week()
    ana, bob = pattern.person, make_engineer()
    given = pattern.shifts.order_by("starts_at")[1]
    Shift.objects.filter(pk=given.pk).update(person=bob, is_by_hand=True)
    remove_pattern(pattern, by=make_manager(), at=NINE)

    set_week(ana)

    assert Shift.objects.filter(person=ana).count() == 15
    assert not Shift.objects.filter(person=ana, starts_at=given.starts_at).exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    (
        ({"timezone": "Mars/Olympus"}, "no IANA time zone"),
        ({"weekly": {"mon": [("08:00", "08:00")]}}, "has no length"),
        ({"weekly": {}}, "no shift at all"),
        ({"starts_on": date(2026, 3, 1)}, "today or later"),
        ({"ends_on": date(2026, 3, 1)}, "ends after it begins"),
    ),
)
def test_a_pattern_that_can_not_be_is_refused(fields, words):
    with pytest.raises(BadPattern, match=words):
        set_week(**fields)
    assert not Pattern.objects.exists()


def test_patterns_of_one_person_do_not_overlap():
    ana = set_week(ends_on=date(2026, 3, 8)).person

    with pytest.raises(PatternsOverlap):
        set_week(ana, starts_on=date(2026, 3, 8))
    assert set_week(ana, starts_on=date(2026, 3, 9)).pk


def test_managers_alone_plan_and_engineers_alone_are_planned():
    with pytest.raises(NotAllowed):
        set_week(by=make_engineer())
    with pytest.raises(NoDuty):
        set_week(make_contact())


def test_the_database_refuses_two_shifts_of_one_person_at_once():
    shift = make_shift()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_shift(person=shift.person, starts_at=NINE + hours(7), ends_at=NINE + hours(9))


def report(person, by=None, starts_at=NINE, ends_at=TOMORROW):
    return report_absence(person, starts_at=starts_at, ends_at=ends_at, by=by or person, at=NINE)


def test_an_engineer_reports_their_own_absence_and_a_manager_anybodys():
    ana, bob = make_engineer(), make_engineer()

    report(ana)
    report(bob, by=make_manager())

    assert Absence.objects.count() == 2
    with pytest.raises(NotAllowed):
        report(make_engineer(), by=ana)


def test_an_absence_that_can_not_be_is_refused():
    ana = make_engineer()

    with pytest.raises(AbsenceBackwards):
        report(ana, ends_at=NINE)
    with pytest.raises(AbsenceOver):
        report(ana, starts_at=NINE - days(3), ends_at=NINE - days(2))
    report(ana)
    with pytest.raises(AbsencesOverlap):
        report(ana)


def test_an_absence_withdrawn_ends_now_or_never_was():
    ana = make_engineer()
    running, coming = report(ana), report(ana, starts_at=NINE + days(5), ends_at=NINE + days(6))

    withdraw_absence(coming, by=ana, at=NINE + hours(1))
    withdraw_absence(running, by=ana, at=NINE + hours(1))

    assert Absence.objects.get().ends_at == NINE + hours(1)
    with pytest.raises(AbsenceOver):
        withdraw_absence(running, by=ana, at=NINE + hours(2))
