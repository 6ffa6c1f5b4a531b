"""Admin contacts and the TAM are notified when 2 and no Gold incidents are left, by spending."""

from datetime import date

import pytest

from entitlements.actions import packs
from notices.models import Notice
from notices.sending.rendering import mail_of
from tests.entitlements.gold import a_pack, premium_licence, spend_on
from tests.factories import NINE, days, make_admin_contact, make_contact, make_tam

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, int]]:
    owed = Notice.objects.filter(template="gold_low").order_by("pk")
    return [(one.to.email, one.context["left"]) for one in owed]


def test_each_crossing_is_told_once_to_those_who_can_order_and_to_the_tam():
    pack = a_pack(4)
    admin, tam = make_admin_contact(pack.organisation), make_tam(pack.organisation)
    make_contact(pack.organisation)
    make_admin_contact(pack.organisation, is_active=False)
    make_admin_contact()
    pack.refresh_from_db()

    spend_on(pack)
    first = told()
    spend_on(pack)
    second = told()
    spend_on(pack)
    third = told()
    spend_on(pack)

    assert first == []
    assert second == third == [(admin.email, 2), (tam.email, 2)]
    assert told() == [*third, (admin.email, 0), (tam.email, 0)]


def test_the_mail_says_what_is_left_what_it_means_and_how_to_order():
    pack = a_pack(3)
    make_admin_contact(pack.organisation)
    make_tam(pack.organisation)
    pack.refresh_from_db()
    for _ in range(3):
        spend_on(pack)

    two, two_tam, none, _ = (mail_of(one) for one in Notice.objects.order_by("pk"))

    assert two.subject == f"2 Gold incidents are left: licence {pack.licence.key}"
    assert f"/orders/new/?licence={pack.licence_id}" in two.body
    assert f"/coverage/packs/{pack.pk}/" in two_tam.body
    assert none.subject == f"No Gold incidents are left: licence {pack.licence.key}"
    assert "call-back hotline is off" in none.body


def test_what_another_pack_of_the_licence_holds_counts_too():
    licence = premium_licence()
    pack = a_pack(2, licence)
    a_pack(2, licence)
    make_admin_contact(licence.organisation)

    spend_on(pack)
    before = told()
    spend_on(pack)

    assert before == []
    assert [left for _, left in told()] == [2]


def test_a_refund_and_another_spending_is_another_crossing():
    pack = a_pack(1)
    make_admin_contact(pack.organisation)
    incident = spend_on(pack)
    packs.refund(incident, kind="defect", reason="A defect", by=None, at=NINE)

    spend_on(pack)

    assert [left for _, left in told()] == [0, 0]


def test_expiry_is_not_told_here():
    licence = premium_licence(ends_on=date(2026, 3, 10))
    a_pack(2, licence)
    make_admin_contact(licence.organisation)

    packs.expire_packs(NINE + days(20))

    assert told() == []
