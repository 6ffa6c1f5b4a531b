"""Many engineers, sweeps and customers at once: each call is taken, noted and asked for once."""

from collections import Counter
from functools import partial

import pytest

from accounts.models import Person
from core import rls
from notices.models import Notice
from telephone.actions.call_backs import ask
from telephone.actions.calling import claim, note_late
from telephone.errors import AskedAlready, CallBackTaken
from telephone.models import CallBack
from tests.at_once import at_once
from tests.factories import NINE, hours, make_call_back, make_contact, make_engineer
from tests.tickets.desk import covered

pytestmark = pytest.mark.django_db(transaction=True)


def _claim(call_back: int, engineers: list[int], number: int) -> str:

    with rls.everything():
        by = Person.objects.get(pk=engineers[number])
        try:
            claim(CallBack.objects.get(pk=call_back), by=by, at=NINE)
        except CallBackTaken:
            return "taken"
        return "mine"


def _note(call_back: int, number: int) -> int:

    with rls.everything():
        return note_late([call_back], at=NINE + hours(1))


def _ask(contact: int, number: int) -> str:

    with rls.everything():
        person = Person.objects.get(pk=contact)
        try:
            ask(person, number="0722 123 456", by=person, at=NINE)
        except AskedAlready:
            return "asked already"
        return "asked"


def test_of_six_engineers_one_calls():
    call_back = make_call_back()
    engineers = [make_engineer().pk for _ in range(6)]

    claimed = at_once(partial(_claim, call_back.pk, engineers), 6)

    assert Counter(claimed) == {"mine": 1, "taken": 5}
    assert CallBack.objects.get().claimed_by_id == engineers[claimed.index("mine")]


def test_of_four_sweeps_one_tells():
    make_engineer(is_lead=True)
    call_back = make_call_back()

    noted = at_once(partial(_note, call_back.pk), 4)

    assert sorted(noted) == [0, 0, 0, 1]
    assert Notice.objects.filter(template="call_back_late").count() == 1


def test_a_customer_who_asks_four_times_at_once_is_called_once():
    contact = make_contact(covered(gold=2).organisation)

    asked = at_once(partial(_ask, contact.pk), 4)

    assert Counter(asked) == {"asked": 1, "asked already": 3}
    assert CallBack.objects.count() == 1
