"""How many people are needed when (O5): pure."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from office.rules.staffing import WEEK, Owed, laid_out, needed, tried

ALWAYS = frozenset(range(WEEK))
OFFICE = frozenset(24 * day + hour for day in range(5) for hour in range(8, 17))
OWED = st.builds(
    Owed,
    opens=st.integers(0, WEEK - 1),
    span=st.integers(0, 100),
    number=st.integers(1, 40),
    runs=st.sampled_from([ALWAYS, OFFICE]),
)


@given(st.lists(OWED, max_size=30))
def test_all_of_the_work_is_laid_out_and_office_hours_are_kept(owed):
    load = laid_out(owed)

    assert abs(sum(load) - sum(one.number for one in owed)) < 1e-6
    assert min(load) >= 0
    if all(one.runs == OFFICE for one in owed):
        assert all(load[hour] == 0 for hour in ALWAYS - OFFICE)


def test_work_that_may_wait_is_laid_beside_what_may_not():
    at_once = Owed(opens=10, span=0, number=4, runs=ALWAYS)
    may_wait = Owed(opens=10, span=3, number=6, runs=ALWAYS)

    load = laid_out([may_wait, at_once])

    assert load[10:14] == [4, 2, 2, 2]
    assert needed(load, weeks=1, pace=2)[10:14] == [2, 1, 1, 1]


def test_a_rota_that_suffices_is_late_with_nothing_and_one_that_sleeps_with_all():
    answers = [(n, n + 2) for n in range(20)]

    assert tried(answers, [1] * 40, pace=1.0, first_hour=0).late == 0
    asleep = tried(answers, [0] * 30 + [10] * 10, pace=1.0, first_hour=0)
    assert (asleep.late, asleep.left) == (20, 0)
    assert sum(asleep.late_by_hour) == 20
    assert tried(answers, [0] * 40, pace=1.0, first_hour=0).left == 20


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), max_size=60))
def test_more_people_are_never_late_with_more(pairs):
    answers = [(opens, opens + span) for opens, span in pairs]

    few = tried(answers, [1] * 80, pace=1.0, first_hour=0)
    many = tried(answers, [2] * 80, pace=1.0, first_hour=0)

    assert many.late + many.left <= few.late + few.left
