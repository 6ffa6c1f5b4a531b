"""Wrong input at every door of the contracts: one sentence says why, and nothing is written."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions.tokens import make_api_token
from core.models import JournalEntry
from entitlements.actions import packs
from entitlements.actions.catalogue_file import SHIPPED
from entitlements.models import (
    CalendarVersion,
    GoLiveProject,
    IncidentPack,
    LedgerEntry,
    LevelVersion,
    Licence,
    Service,
    Subscription,
)
from tests.factories import (
    NINE,
    days,
    make_contact,
    make_licence,
    make_manager,
    make_organisation,
    make_pack,
    make_subscription,
)
from tests.tickets.desk import covered, filed
from tickets.models import Incident

pytestmark = pytest.mark.django_db

WRITTEN: tuple[type[models.Model], ...] = (
    Licence,
    Subscription,
    GoLiveProject,
    IncidentPack,
    LedgerEntry,
    Service,
    CalendarVersion,
    LevelVersion,
    Incident,
    JournalEntry,
)


def rows() -> dict[str, list[dict[str, Any]]]:
    """All that contracts and promises consist of."""
    return {one._meta.label: list(one._default_manager.values()) for one in WRITTEN}


def refused_by_form(name: str, data: dict[str, Any]) -> str:
    """What the manager reads on the add form of the admin, which wrote nothing."""
    client = Client()
    client.force_login(make_manager())
    before = rows()

    answer = client.post(reverse(f"admin:entitlements_{name}_add"), data)

    assert answer.status_code == 200, "it was taken"
    assert rows() == before
    form = answer.context["adminform"].form
    return " ".join(sentence for found in form.errors.values() for sentence in found)


@pytest.fixture
def licence():
    """With Premium today."""
    today = timezone.now().date()
    licence = make_licence(make_organisation(), key="AXI-NORTH")
    make_subscription(licence, starts_on=today - days(9), ends_on=today + days(300))
    return licence


@pytest.mark.parametrize(
    ("quantity", "price", "said"),
    (
        ("-5", "", "has from 1 to 10,000 incidents; -5 is none"),
        ("0", "", "has from 1 to 10,000 incidents; 0 is none"),
        ("0", "100", "has from 1 to 10,000 incidents; 0 is none"),
        ("10001", "100", "has from 1 to 10,000 incidents; 10,001 is none"),
        ("99999999999999999999", "1", "has from 1 to 10,000 incidents"),
        ("5.5", "", "Enter a whole number."),
        ("five", "", "Enter a whole number."),
        ("5", "750,00", "with a point and without thousands separators, as 1500.00."),
        ("5", "1,500.00", "with a point and without thousands separators, as 1500.00."),
        ("5", "NaN", "with a point and without thousands separators, as 1500.00."),
        ("5", "-1", "Give 0 for something that is free."),
        ("5", "750.001", "no more than 2 decimal places"),
        ("5", "99999999999999", "no more than 12 digits"),
        ("3", "", "Choose 5, 10, 25 incidents, or give a price."),
    ),
)
def test_a_pack_of_a_wrong_size_or_price(licence, quantity, price, said):
    data = {"licence": licence.pk, "quantity": quantity, "price": price}

    assert said in refused_by_form("incidentpack", data)


@pytest.mark.parametrize(
    ("quantity", "reason", "said"),
    (
        ("0", "Why", "adds or takes at least one incident"),
        ("-6", "Why", "has 5 incidents left, so 6 can not be taken"),
        ("99999999999", "Why", "up to 10,000 incidents at once"),
        ("-99999999999", "Why", "up to 10,000 incidents at once"),
        ("1,5", "Why", "Enter a whole number."),
        ("1", "   ", "This field is required."),
    ),
)
def test_an_adjustment_that_moves_nothing_or_too_much(quantity, reason, said):
    pack = make_pack()

    data = {"pack": pack.pk, "quantity": quantity, "reason": reason}

    assert said in refused_by_form("ledgerentry", data)


@pytest.mark.parametrize(
    ("wrong", "said"),
    (
        ({"starts_on": "2030-03-02", "ends_on": "2030-03-01"}, "Give a later end."),
        ({"starts_on": "2030-03-02", "ends_on": "2030-03-02"}, "Give a later end."),
        ({"starts_on": "2030-02-30"}, "Enter a valid date."),
        ({"starts_on": "9999-06-01"}, "from 1990-01-01 to 2199-12-31"),
        ({"starts_on": "0001-01-01"}, "from 1990-01-01 to 2199-12-31"),
        ({"ends_on": "9999-12-31"}, "from 1990-01-01 to 2199-12-31"),
        ({"price": "350,00"}, "with a point and without thousands separators"),
        ({"price": "-350"}, "Give 0 for something that is free."),
        ({"level": "gold"}, "Select a valid choice."),
        ({"level": "basic"}, "Select a valid choice."),
    ),
)
def test_a_subscription_of_a_wrong_term_or_price(licence, wrong, said):
    data = {"licence": licence.pk, "level": "premium", "starts_on": "2030-03-02", "price": ""}

    assert said in refused_by_form("subscription", data | wrong)


@pytest.mark.parametrize(
    ("wrong", "said"),
    (
        ({"price": "1.000,00"}, "with a point and without thousands separators"),
        ({"price": "-1"}, "Give 0 for something that is free."),
        ({"key": "  "}, "This field is required."),
        ({"registered_on": "0001-01-01"}, "from 1990-01-01 to 2199-12-31"),
        ({"registered_on": "02.03.2026"}, "Enter a valid date."),
        ({"edition": "gold"}, "Select a valid choice."),
    ),
)
def test_a_licence_of_a_wrong_price_or_day(wrong, said):
    data = {
        "organisation": make_organisation().pk,
        "key": "AXI-9",
        "product": "AXIGEN Mail Server",
        "edition": "business",
        "registered_on": "2026-03-02",
        "price": "1000.00",
        "currency": "EUR",
    }

    assert said in refused_by_form("licence", data | wrong)


def test_a_project_whose_window_ends_before_it_starts():
    data = {
        "organisation": make_organisation().pk,
        "name": "Move to 10.6",
        "starts_on": "2026-03-02",
        "ends_on": "2026-03-01",
    }

    assert "Give a later end." in refused_by_form("goliveproject", data)


@pytest.mark.parametrize(
    ("hours", "said"),
    (
        ({"mon": [["08:00", "12:30"], ["12:00", "17:00"]]}, "overlap"),
        ({"mon": [["17:00", "08:00"]]}, "ends after it starts"),
        ({"mon": [["08:00", "08:00"]]}, "ends after it starts"),
        ({"mon": []}, "never opens"),
        ({"mon": "08:00-17:00"}, 'write windows as [["08:00", "17:00"]]'),
        ({"monday": [["08:00", "17:00"]]}, "monday"),
    ),
)
def test_a_calendar_of_wrong_windows(hours, said):
    data = {
        "calendar": "office",
        "name": "Office",
        "timezone": "Europe/Berlin",
        "hours": json.dumps(hours),
        "holidays": "[]",
        "overrides": "{}",
    }

    assert said in refused_by_form("calendarversion", data)


def catalogue_with(old: str, new: str) -> str:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    (
        ('"antispam",', '"antispan",', "unknown service 'antispan'. Known: "),
        (
            'mon = [["08:00", "17:00"]]',
            'mon = [["08:00", "12:30"], ["12:00", "17:00"]]',
            "calendar working_hours: .*overlap",
        ),
        ('price_percent = "35"', 'price_percent = "35,5"', "must be a number, as 20.00"),
        ('price_percent = "35"', "price_percent = nan", "must be a number, as 20.00"),
        ('price_percent = "35"', 'price_percent = "-1"', "between 0 and 100"),
        ('5 = "750.00"', '5 = "750,00"', "maps incidents to a price, as 5 = 750"),
        ('5 = "750.00"', '5 = "Infinity"', "maps incidents to a price, as 5 = 750"),
        ('5 = "750.00"', '5 = "-750.00"', "maps incidents to a price, as 5 = 750"),
        ('5 = "750.00"', '0 = "750.00"', "maps incidents to a price, as 5 = 750"),
        ('5 = "750.00"', '-5 = "750.00"', "maps incidents to a price, as 5 = 750"),
        ("response_hours = 6", "response_hours = 6\npack_prices = 5", "must be a table"),
    ),
)
def test_a_wrong_catalogue_file(tmp_path: Path, old, new, said):
    file = tmp_path / "mine.toml"
    file.write_text(catalogue_with(old, new), encoding="utf-8")
    before = rows()

    with pytest.raises(CommandError, match=said):
        call_command("catalogue", "load", str(file))

    assert rows() == before


def test_a_catalogue_file_that_is_no_text(tmp_path: Path):
    file = tmp_path / "mine.toml"
    file.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(CommandError, match="can not be read"):
        call_command("catalogue", "load", str(file))


def test_a_second_consumption_by_one_incident():
    incident = filed(covered(gold=2), use_gold=True)
    pack = incident.decision.pack
    assert pack is not None
    before = rows()

    @transaction.atomic
    def spend_again() -> None:
        assert packs.spend(pack, at=NINE)
        packs.record_consume(pack, incident=incident, at=NINE, by=None)

    with pytest.raises(IntegrityError, match="ledger_one_consume_an_incident"):
        spend_again()

    assert rows() == before  # the unit that was taken for it is back, too


@pytest.mark.parametrize(
    "statement",
    (
        "UPDATE entitlements_ledgerentry SET quantity = 9",
        "UPDATE entitlements_ledgerentry SET reason = 'tidied'",
        "DELETE FROM entitlements_ledgerentry",
    ),
)
def test_a_ledger_row_changed_by_sql(statement):
    make_pack()
    before = rows()

    with (
        pytest.raises(IntegrityError, match="append-only: write a new row that corrects the old"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert rows() == before


@pytest.mark.parametrize("what", ("change", "delete"))
def test_a_ledger_row_changed_in_the_admin(what):
    entry = make_pack().entries.get()
    client = Client()
    client.force_login(make_manager())
    before = rows()

    answer = client.post(
        reverse(f"admin:entitlements_ledgerentry_{what}", args=[entry.pk]), {"quantity": 9}
    )

    assert answer.status_code == 403
    assert rows() == before


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    (
        ({"use_gold": "perhaps"}, 400, "use_gold"),
        ({"priority": -1}, 400, "priority"),
        ({"priority": 0}, 400, "priority"),
        ({"priority": "1,5"}, 400, "priority"),
        ({"service": "antispan"}, 400, "service"),
        ({"licence": "AXI-NOBODY"}, 400, "licence"),
        ({"licence": -1}, 400, "licence"),
        ({"licence": "9" * 40}, 400, "licence"),
    ),
)
def test_a_report_of_wrong_fields_spends_nothing(licence, wrong, code, field):
    make_pack(licence, purchased_at=timezone.now() - days(1))
    api = APIClient()
    token = make_api_token(make_contact(licence.organisation), at=timezone.now())
    api.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    report = {
        "licence": "AXI-NORTH",
        "service": "troubleshooting",
        "priority": 2,
        "subject": "IMAP hangs",
        "body": "Since this morning.",
        "use_gold": True,
    }
    before = rows()

    answer = api.post("/api/v1/incidents/", report | wrong, format="json")

    assert answer.status_code == code, answer.content
    assert field in answer.content.decode()
    assert rows() == before


def test_a_free_pack_is_no_wrong_one(licence):
    assert (
        packs.buy_pack(licence, quantity=3, price=Decimal(0), at=timezone.now(), by=None).available
        == 3
    )
