"""Technical contracts: signed and ended early, by the action and in the admin (rule 10)."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from core.journal import entries_of
from core.models import JournalEntry
from entitlements.actions.technical_contracts import end_early, sign
from entitlements.errors import (
    ContractNotShortened,
    ContractOver,
    ReferenceMissing,
    TermInverted,
    WhyEndedMissing,
)
from entitlements.models import TechnicalContract
from tests.factories import (
    NINE,
    days,
    make_engineer,
    make_manager,
    make_organisation,
    make_technical_contract,
)

pytestmark = pytest.mark.django_db


def facts(**changed):
    return {
        "reference": "TC-2026-7",
        "subject": "Visits to Cluj",
        "starts_on": date(2026, 3, 1),
        "ends_on": date(2027, 3, 1),
    } | changed


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_signed_contract_is_kept_with_its_journal_entry():
    manager, organisation = make_manager(), make_organisation()

    contract = sign(organisation, **facts(), at=NINE, by=manager)

    entry = entries_of(contract).get()
    assert (contract.reference, contract.ends_on) == ("TC-2026-7", date(2027, 3, 1))
    assert (entry.kind, entry.by, entry.rule) == ("technical_contract.signed", manager, "rule 10")


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    (
        ({"reference": "  "}, ReferenceMissing),
        ({"subject": "\x00"}, ReferenceMissing),
        ({"ends_on": date(2026, 3, 1)}, TermInverted),
        ({"ends_on": date(2026, 2, 1)}, TermInverted),
    ),
)
def test_a_contract_that_can_not_be_is_refused_and_nothing_is_written(wrong, refusal):
    organisation = make_organisation()

    with pytest.raises(refusal):
        sign(organisation, **facts(**wrong), at=NINE, by=None)

    assert not TechnicalContract.objects.exists()
    assert not JournalEntry.objects.filter(kind__startswith="technical_contract").exists()


def test_a_contract_ends_early_from_today_on_with_its_reason():
    contract = make_technical_contract()

    end_early(contract, last_on=NINE.date(), reason="The site closes", at=NINE, by=None)

    contract.refresh_from_db()
    assert contract.ends_on == date(2026, 3, 3)
    entry = entries_of(contract).get()
    assert entry.facts == {
        "reason": "The site closes",
        "before": "2027-01-01",
        "ends_on": "2026-03-03",
    }


@pytest.mark.parametrize(
    ("last_on", "reason", "refusal"),
    (
        (date(2026, 3, 1), "Late", ContractNotShortened),
        (date(2026, 12, 31), "No change", ContractNotShortened),
        (date(2027, 5, 1), "Longer", ContractNotShortened),
        (date(2026, 6, 1), " ", WhyEndedMissing),
    ),
)
def test_an_end_that_is_none_is_refused(last_on, reason, refusal):
    contract = make_technical_contract()

    with pytest.raises(refusal):
        end_early(contract, last_on=last_on, reason=reason, at=NINE, by=None)

    contract.refresh_from_db()
    assert contract.ends_on == date(2027, 1, 1)


def test_a_contract_in_its_last_day_has_nothing_to_shorten():
    contract = make_technical_contract(ends_on=date(2026, 3, 3))

    with pytest.raises(ContractOver, match="ends on 2026-03-02"):
        end_early(contract, last_on=date(2026, 3, 2), reason="x", at=NINE, by=None)
    with pytest.raises(ContractOver):
        end_early(contract, last_on=date(2026, 3, 2), reason="x", at=NINE + days(30), by=None)


def test_the_manager_signs_one_in_the_admin_and_a_refusal_is_shown_on_the_form():
    client, organisation = signed_in(make_manager()), make_organisation()
    page = reverse("admin:entitlements_technicalcontract_add")
    given = facts(organisation=organisation.pk)

    refused = client.post(page, given | {"ends_on": "2026-02-01"})
    done = client.post(page, given)

    assert "A term ends after its start" in refused.content.decode()
    assert done.status_code == 302
    assert TechnicalContract.objects.get().organisation == organisation


def test_the_manager_ends_one_in_the_admin_with_a_reason():
    contract = make_technical_contract(starts_on=date(2026, 1, 1), ends_on=date(2100, 1, 1))
    client = signed_in(make_manager())
    page = reverse("admin:entitlements_technicalcontract_change", args=[contract.pk])

    shown = client.get(page)
    refused = client.post(page, {"last_on": "2000-01-01", "reason": "x"})
    done = client.post(page, {"last_on": "2099-06-30", "reason": "They moved"})

    contract.refresh_from_db()
    assert contract.reference in shown.content.decode()
    assert "is ended early on a day from" in refused.content.decode()
    assert (done.status_code, contract.ends_on) == (302, date(2099, 7, 1))
    assert contract.subject == "Visits to the data centre"


def test_an_engineer_has_no_place_there():
    contract = make_technical_contract()
    client = signed_in(make_engineer())

    answers = [
        client.get(reverse("admin:entitlements_technicalcontract_add")),
        client.post(reverse("admin:entitlements_technicalcontract_change", args=[contract.pk])),
    ]

    assert {one.status_code for one in answers} <= {403, 404}
