"""Addresses that take no mail: marked, held back from, told of, and cleared."""

from functools import partial

import pytest

from core import rls
from core.journal import entries_of
from notices.bounces.addresses import clear
from notices.bounces.codes import code_in, is_of_the_address, why_of
from notices.bounces.marking import mark_bounced
from notices.enums import Cleared
from notices.models import BouncingAddress, Notice
from notices.sending.delivery import send_one
from tests.at_once import at_once
from tests.factories import (
    NINE,
    days,
    hours,
    make_admin_contact,
    make_bouncing,
    make_contact,
    make_manager,
    make_notice,
    make_organisation,
    make_tam,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return make_contact(email="Ana@northwind.example", name="Ana")


def came_back(person, code="5.1.1", *, at=NINE):
    notice = make_notice(to=person, sent_at=NINE)
    return mark_bounced([notice], {person.email.upper(): code}, at=at)


def told_of_it():
    return {one.to.email for one in Notice.objects.filter(template="address_bounces")}


def test_an_address_that_comes_back_for_good_is_marked_and_its_admin_contact_told_once(ana):
    admin = make_admin_contact(ana.organisation)
    make_admin_contact()  # of somebody else

    came_back(ana)
    came_back(ana, at=NINE + hours(1))

    period = BouncingAddress.objects.get()
    assert (period.address, period.person) == ("ana@northwind.example", ana)
    assert (period.since_at, period.why) == (NINE, "its mailbox does not exist")
    assert [one.to for one in Notice.objects.filter(template="address_bounces")] == [admin]


def test_an_only_admin_contact_can_not_be_told_by_mail_so_the_account_manager_is():
    organisation = make_organisation()
    admin, tam = make_admin_contact(organisation), make_tam(organisation)

    came_back(admin)

    assert told_of_it() == {tam.email}


def test_without_an_account_manager_the_managers_are_told(ana):
    manager = make_manager()

    came_back(ana)

    assert told_of_it() == {manager.email}


@pytest.mark.parametrize("code", ("5.7.1", "5.3.4", "5.6.0"))
def test_what_was_wrong_with_one_mail_marks_no_address(ana, code):
    assert came_back(ana, code)

    assert not BouncingAddress.objects.exists()


def test_an_address_that_nothing_of_ours_went_to_is_not_marked(ana):
    notice = make_notice(to=ana, sent_at=NINE)

    assert not mark_bounced([notice], {"other@northwind.example": "5.1.1"}, at=NINE)
    assert not BouncingAddress.objects.exists()


def test_nothing_is_sent_to_it_and_the_reason_stands_on_the_notice(ana, mail_server):
    make_bouncing(ana)
    notice = make_notice(to=ana)

    assert not send_one(notice.pk, at=NINE + hours(1))

    notice.refresh_from_db()
    assert not mail_server.mails
    assert notice.given_up_at == NINE + hours(1)
    assert notice.last_error == (
        "Not sent: this address takes no mail since 2 March 2026, its mailbox does not exist."
    )


def test_a_mailbox_that_the_server_does_not_know_is_not_asked_ten_times(ana, mail_server):
    mail_server.refuse_with = "550 5.1.1 <ana@northwind.example>: user unknown"
    admin = make_admin_contact(ana.organisation)
    notice = make_notice(to=ana)

    assert not send_one(notice.pk, at=NINE)

    notice.refresh_from_db()
    assert (notice.given_up_at, notice.attempts) == (NINE, 1)
    assert BouncingAddress.objects.get().address == "ana@northwind.example"
    assert told_of_it() == {admin.email}


def test_a_server_that_refuses_us_for_another_reason_is_asked_again(ana, mail_server):
    mail_server.refuse_with = "554 5.7.1 Your address is on a list"
    notice = make_notice(to=ana)

    send_one(notice.pk, at=NINE)

    notice.refresh_from_db()
    assert (notice.given_up_at, notice.attempts) == (None, 1)
    assert not BouncingAddress.objects.exists()


def test_once_it_is_cleared_what_was_held_in_the_last_week_goes_out(ana, mail_server):
    period = make_bouncing(ana)
    old, fresh = make_notice(to=ana), make_notice(to=ana, made_at=NINE + days(8))
    for notice in (old, fresh):
        send_one(notice.pk, at=NINE + days(8))

    assert clear(ana.email, how=Cleared.SAID, at=NINE + days(9))
    for notice in (old, fresh):
        send_one(notice.pk, at=NINE + days(9))

    period.refresh_from_db()
    old.refresh_from_db()
    assert (period.cleared_at, period.cleared_how) == (NINE + days(9), Cleared.SAID)
    assert len(mail_server.mails) == 1
    assert old.sent_at is None
    assert entries_of(period).get(kind="address.cleared").facts["again"] == 1


def test_clearing_twice_or_by_something_older_does_nothing(ana):
    make_bouncing(ana)

    assert not clear(ana.email, how=Cleared.WROTE, at=NINE - hours(1))
    assert clear(ana.email, how=Cleared.WROTE, at=NINE + hours(1))
    assert not clear(ana.email, how=Cleared.WROTE, at=NINE + hours(2))


def test_it_may_come_back_again_and_begins_another_spell(ana):
    came_back(ana)
    clear(ana.email, how=Cleared.SAID, at=NINE + hours(1))

    came_back(ana, at=NINE + hours(2))

    assert BouncingAddress.objects.running().get().since_at == NINE + hours(2)
    assert BouncingAddress.objects.count() == 2


def _mark(notices: list[int], number: int) -> int:
    with rls.everything():
        notice = Notice.objects.select_for_update(of=("self",)).get(pk=notices[number])
        return len(mark_bounced([notice], {notice.recipient: ""}, at=NINE))


@pytest.mark.django_db(transaction=True)
def test_two_bounces_at_the_same_moment_make_one_spell():
    person = make_contact(make_organisation())
    make_admin_contact(person.organisation)
    notices = [make_notice(to=person, sent_at=NINE) for _ in range(2)]

    at_once(partial(_mark, [one.pk for one in notices]), 2)

    assert BouncingAddress.objects.count() == 1
    assert Notice.objects.filter(template="address_bounces").count() == 1


@pytest.mark.parametrize(
    ("said", "code", "why"),
    (
        ("550 5.1.1 user unknown", "5.1.1", "its mailbox does not exist"),
        ("550-5.1.10 RESOLVER", "5.1.10", "its domain takes no mail"),
        ("552 5.2.2 over quota", "5.2.2", "its mailbox is full"),
        ("554 5.7.26 unauthenticated", "5.7.26", "its server refuses mail of ours"),
        ("550 from 10.5.1.1 no", "", "its server gives no reason"),
        ("550 5.4.6 loop", "5.4.6", "its server gives the code 5.4.6"),
    ),
)
def test_what_a_server_said_is_put_into_words(said, code, why):
    assert (code_in(said), why_of(code_in(said))) == (code, why)


def test_a_failure_without_a_code_is_the_address_s():
    assert is_of_the_address("")
    assert not is_of_the_address("4.2.2")
