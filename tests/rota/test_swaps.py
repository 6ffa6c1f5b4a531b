from functools import partial

import pytest

from core import rls
from notices.models import Notice
from rota.actions.shifts import hand_over
from rota.actions.swaps import agree_to_swap, ask_swap, decline_swap, withdraw_swap
from rota.enums import SwapState
from rota.errors import (
    ColleagueAbsent,
    ColleagueBusy,
    NotAllowed,
    NotOfTheTeam,
    NotTheirShift,
    NotYourShift,
    ShiftOver,
    SwapAsked,
    SwapSettled,
)
from rota.models import Shift, Swap
from rota.reads.duty import duty_of
from tests.at_once import at_once
from tests.factories import (
    NINE,
    days,
    hours,
    make_absence,
    make_engineer,
    make_manager,
    make_partner_engineer,
    make_shift,
    make_swap,
)

pytestmark = pytest.mark.django_db


def shift_of(person, day=1):
    at = NINE + days(day)
    return make_shift(person=person, starts_at=at, ends_at=at + hours(8))


@pytest.fixture
def ana():
    return make_engineer(name="Ana")


@pytest.fixture
def bob():
    return make_engineer(name="Bob")


def told(template):
    return {one.to for one in Notice.objects.filter(template=template)}


def test_a_colleague_who_agrees_has_the_shift_and_all_are_told(ana, bob):
    shift, manager = shift_of(ana), make_manager()

    swap = ask_swap(shift, of=bob, by=ana, at=NINE)
    assert Shift.objects.get().person == ana
    agree_to_swap(swap, by=bob, at=NINE + hours(1))

    moved = Shift.objects.get()
    assert (moved.person, moved.is_by_hand, moved.planned_for) == (bob, True, ana)
    assert told("rota_swap_asked") == {bob}
    assert told("rota_swap_agreed") == {ana, manager}


def test_two_shifts_change_hands_together(ana, bob):
    hers, his = shift_of(ana), shift_of(bob, day=2)

    swap = ask_swap(hers, of=bob, in_return=his, by=ana, at=NINE)
    agree_to_swap(swap, by=bob, at=NINE)

    assert Shift.objects.get(pk=hers.pk).person == bob
    assert Shift.objects.get(pk=his.pk).person == ana


def test_an_exchange_that_can_only_be_done_by_half_changes_nothing(ana, bob):
    hers, his = shift_of(ana), shift_of(bob, day=2)
    swap = ask_swap(hers, of=bob, in_return=his, by=ana, at=NINE)
    make_absence(person=ana, starts_at=his.starts_at, ends_at=his.ends_at)

    with pytest.raises(ColleagueAbsent):
        agree_to_swap(swap, by=bob, at=NINE)

    assert Shift.objects.get(pk=hers.pk).person == ana
    assert Swap.objects.get().state == SwapState.OPEN


def test_who_declines_leaves_it_as_it_was_and_another_may_be_asked(ana, bob):
    shift = shift_of(ana)
    swap = ask_swap(shift, of=bob, by=ana, at=NINE)

    decline_swap(swap, by=bob, at=NINE)

    assert Shift.objects.get().person == ana
    assert told("rota_swap_declined") == {ana}
    assert ask_swap(shift, of=make_engineer(), by=ana, at=NINE).pk


def test_one_colleague_at_a_time_is_asked_and_the_asker_may_withdraw(ana, bob):
    shift = shift_of(ana)
    swap = ask_swap(shift, of=bob, by=ana, at=NINE)

    with pytest.raises(SwapAsked):
        ask_swap(shift, of=make_engineer(), by=ana, at=NINE)
    withdraw_swap(swap, by=ana, at=NINE)

    with pytest.raises(SwapSettled):
        agree_to_swap(swap, by=bob, at=NINE)


def test_what_can_not_be_asked_is_refused(ana, bob):
    hers, his = shift_of(ana), shift_of(bob, day=2)

    with pytest.raises(NotYourShift):
        ask_swap(his, of=ana, by=ana, at=NINE)
    for other in (ana, make_engineer(role="ts2"), make_partner_engineer()):
        with pytest.raises(NotOfTheTeam):
            ask_swap(hers, of=other, by=ana, at=NINE)
    with pytest.raises(NotTheirShift):
        ask_swap(hers, of=make_engineer(), in_return=his, by=ana, at=NINE)
    with pytest.raises(ColleagueBusy):
        ask_swap(hers, of=bob, in_return=shift_of(bob), by=ana, at=NINE)
    with pytest.raises(ShiftOver):
        ask_swap(hers, of=bob, by=ana, at=hers.starts_at)
    assert not Swap.objects.exists()


def test_each_action_is_of_one_of_the_two(ana, bob):
    swap = make_swap(shift=shift_of(ana), asked_of=bob)

    with pytest.raises(NotAllowed):
        agree_to_swap(swap, by=ana, at=NINE)
    with pytest.raises(NotAllowed):
        decline_swap(swap, by=make_manager(), at=NINE)
    with pytest.raises(NotAllowed):
        withdraw_swap(swap, by=bob, at=NINE)


def test_nobody_agrees_to_what_has_begun_or_is_another_persons_by_now(ana, bob):
    shift = shift_of(ana)
    swap = ask_swap(shift, of=bob, by=ana, at=NINE)

    with pytest.raises(SwapSettled):
        agree_to_swap(swap, by=bob, at=shift.starts_at)
    hand_over(shift, to=make_engineer(), by=make_manager(), at=NINE)
    with pytest.raises(SwapSettled):
        agree_to_swap(swap, by=bob, at=NINE)


def test_who_is_asked_in_vain_until_the_shift_in_return_began_blocks_nobody(ana, bob):
    hers, his = shift_of(ana, day=3), shift_of(bob, day=1)
    ask_swap(hers, of=bob, in_return=his, by=ana, at=NINE)

    assert ask_swap(hers, of=make_engineer(), by=ana, at=his.starts_at).pk


def test_duty_says_until_when_and_when_next(ana, django_assert_num_queries):
    today, tomorrow = shift_of(ana, day=0), shift_of(ana)

    with django_assert_num_queries(1):
        now = duty_of(ana, at=NINE + hours(1))
    later = duty_of(ana, at=today.ends_at)

    assert (now.is_on, now.until_at, now.next_at) == (True, today.ends_at, tomorrow.starts_at)
    assert (later.until_at, later.next_at) == (None, tomorrow.starts_at)


def _agree(pk: int, _number: int) -> str:
    with rls.everything():
        swap = Swap.objects.get(pk=pk)
        try:
            agree_to_swap(swap, by=swap.asked_of, at=NINE)
        except SwapSettled:
            return "refused"
        return "agreed"


@pytest.mark.django_db(transaction=True)
def test_of_many_agreements_at_once_one_counts(ana, bob):
    swap = ask_swap(shift_of(ana), of=bob, by=ana, at=NINE)

    answers = at_once(partial(_agree, swap.pk), workers=4)

    assert sorted(answers) == ["agreed", "refused", "refused", "refused"]
    assert Shift.objects.get().person == bob
