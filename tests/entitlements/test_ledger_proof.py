"""The nightly proof that each pack holds what its ledger says (L3)."""

import pytest

from core.models import JournalEntry
from entitlements.actions import packs
from entitlements.actions.ledger import Difference
from entitlements.models import IncidentPack
from notices.models import Notice
from tests.entitlements.gold import a_pack, left_in, spend_on
from tests.factories import NINE, hours, make_manager

pytestmark = pytest.mark.django_db


def test_the_proof_finds_a_balance_that_the_ledger_does_not_prove_and_tells_the_leads_once():
    lead = make_manager(is_lead=True)
    spend_on(a_pack())
    wrong = a_pack()
    IncidentPack.objects.filter(pk=wrong.pk).update(available=7)

    found = packs.prove_ledger(at=NINE)
    packs.prove_ledger(at=NINE + hours(1))

    assert found == [Difference(wrong.pk, available=7, proven=5)]
    assert left_in(wrong) == 7
    notice = Notice.objects.get(template="ledger_differs")
    assert (notice.to, len(notice.context["packs"])) == (lead, 1)
    assert JournalEntry.objects.filter(kind="ledger.differs").count() == 2


def test_the_proof_of_a_true_ledger_is_one_query(django_assert_num_queries):
    for _ in range(3):
        spend_on(a_pack())

    with django_assert_num_queries(3):  # with the savepoint around it
        assert packs.prove_ledger(at=NINE) == []
