from functools import partial

import pytest

from notices.models import Notice
from rota import tasks
from rota.actions.gaps import notify_gaps
from rota.models import Shift, ToldGap
from rota.reads.cover import Gap, gaps
from tests.at_once import at_once
from tests.factories import (
    NINE,
    days,
    hours,
    make_absence,
    make_engineer,
    make_manager,
    make_pattern,
    make_shift,
)

pytestmark = pytest.mark.django_db

DAY, YEAR = hours(24), days(365)


def covered(person=None, start=NINE - YEAR, end=NINE + YEAR):
    pattern = make_pattern(person=person or make_engineer())
    make_shift(person=pattern.person, starts_at=start, ends_at=end)
    return pattern.person


def test_a_desk_without_a_rota_has_no_gaps():
    make_engineer()

    assert gaps(NINE) == []


def test_what_is_covered_round_the_clock_has_no_gaps():
    covered()

    assert gaps(NINE) == []


def test_an_absence_opens_a_gap_and_a_colleague_closes_it():
    ana = covered()
    absence = make_absence(person=ana, starts_at=NINE + DAY, ends_at=NINE + 3 * DAY)
    assert gaps(NINE) == [Gap(absence.starts_at, absence.ends_at)]

    make_shift(starts_at=NINE + DAY, ends_at=NINE + 2 * DAY)

    assert gaps(NINE) == [Gap(NINE + 2 * DAY, absence.ends_at)]


def test_only_what_begins_within_14_days_is_shown():
    ana = covered()
    make_absence(person=ana, starts_at=NINE + 14 * DAY, ends_at=NINE + 15 * DAY)

    assert gaps(NINE) == []
    assert len(gaps(NINE + hours(1))) == 1


def test_engineers_above_ts1_and_of_partners_fill_no_gap():
    make_pattern()
    make_shift(person=make_engineer(role="ts2"), starts_at=NINE - YEAR, ends_at=NINE + YEAR)

    assert gaps(NINE) == [Gap(None, None)]


def test_each_gap_is_told_once_and_again_when_it_changed():
    make_manager()
    ana = covered()
    absence = make_absence(person=ana, starts_at=NINE + DAY, ends_at=NINE + 3 * DAY)

    told = [notify_gaps(at=NINE), notify_gaps(at=NINE + hours(1)), notify_gaps(at=NINE + 2 * DAY)]
    absence.ends_at += hours(1)
    absence.save()
    told.append(notify_gaps(at=NINE + 2 * DAY))

    assert told == [1, 0, 0, 1]
    assert Notice.objects.filter(template="rota_gaps").count() == 2


def test_a_gap_that_opens_again_is_told_again():
    make_manager()
    ana = covered()
    make_absence(person=ana, starts_at=NINE + DAY, ends_at=NINE + 2 * DAY)
    notify_gaps(at=NINE)
    cover = make_shift(starts_at=NINE + DAY, ends_at=NINE + 2 * DAY)
    assert notify_gaps(at=NINE) == 0
    assert not ToldGap.objects.exists()

    cover.delete()

    assert notify_gaps(at=NINE) == 1


def tell_now(number: int, at=NINE) -> int:
    from core import rls  # noqa: PLC0415 -- in a process of its own

    with rls.everything():
        return notify_gaps(at=at)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_once():
    make_manager()
    covered()
    make_absence(person=Shift.objects.get().person, starts_at=NINE + DAY, ends_at=NINE + 2 * DAY)

    told = at_once(partial(tell_now, at=NINE), 4)

    assert sorted(told) == [0, 0, 0, 1]
    assert Notice.objects.count() == 1


def sweep(number: int) -> int:
    return int(tasks.plan_ahead())


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_lay_out_each_shift_once():
    make_pattern()

    done = at_once(sweep, 4)

    assert sum(done) == 1
    assert Shift.objects.count() in (55, 56)
