"""The managers' pages: every form goes through its action, and a refusal is shown on the form."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import JournalEntry
from entitlements.enums import EntryKind
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
from entitlements.reads.current import current_calendar, current_level
from tests.factories import (
    make_admin_contact,
    make_decision,
    make_engineer,
    make_ledger_entry,
    make_licence,
    make_manager,
    make_organisation,
    make_pack,
    make_project,
    make_subscription,
    make_tam,
)

pytestmark = pytest.mark.django_db

NAMES = (
    "licence",
    "subscription",
    "incidentpack",
    "ledgerentry",
    "goliveproject",
    "service",
    "calendarversion",
    "levelversion",
    "coveragedecision",
)
ADDABLE = NAMES[:-1]


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(name: str, what: str, *args) -> str:
    return reverse(f"admin:entitlements_{name}_{what}", args=args)


def send(name: str, data: dict[str, Any], manager=None):
    client = signed_in(manager or make_manager())
    return client.post(page(name, "add"), data)


def errors_of(answer) -> str:
    assert answer.status_code == 200
    return str(answer.context["adminform"].form.errors)


def test_a_licence_is_registered_by_the_action():
    organisation, manager = make_organisation(), make_manager()

    answer = send("licence", licence_data(organisation), manager)

    assert answer.status_code == 302
    assert Licence.objects.get().key == "AXI-9"
    assert JournalEntry.objects.get(kind="licence.registered").by == manager


def licence_data(organisation, key="axi-9") -> dict[str, Any]:
    return {
        "organisation": organisation.pk,
        "key": key,
        "product": "AXIGEN Mail Server",
        "edition": "business",
        "registered_on": "2026-03-02",
        "price": "1000",
        "currency": "EUR",
    }


def test_a_refusal_is_an_error_of_the_form_and_nothing_is_written():
    taken = make_licence(key="AXI-9")

    answer = send("licence", licence_data(make_organisation()))

    assert "can not be registered" in errors_of(answer)
    assert Licence.objects.get() == taken


def test_a_subscription_is_sold_at_the_catalogues_price_and_overlaps_are_refused():
    licence = make_licence()
    data = {"licence": licence.pk, "level": "premium", "starts_on": "2026-03-02"}

    sold = send("subscription", data)
    again = send("subscription", data)

    assert sold.status_code == 302
    one = Subscription.objects.get()
    assert (one.ends_on, one.price) == (date(2027, 3, 2), Decimal(350))
    assert "Start the renewal on 2027-03-02" in errors_of(again)


def test_subscriptions_are_renewed_from_the_list_without_a_gap():
    held = make_subscription()
    client = signed_in(make_manager())

    client.post(
        page("subscription", "changelist"),
        {"action": "renew", "_selected_action": [held.pk]},
    )

    renewed = Subscription.objects.exclude(pk=held.pk).get()
    assert (renewed.starts_on, renewed.ends_on) == (date(2027, 1, 1), date(2028, 1, 1))


def test_a_pack_is_sold_only_with_premium():
    licence = make_licence()

    refused = send("incidentpack", {"licence": licence.pk, "quantity": 5})
    make_subscription(licence, starts_on=date(2026, 1, 1), ends_on=date(2099, 1, 1))
    sold = send("incidentpack", {"licence": licence.pk, "quantity": 5})

    assert "Subscribe to Premium first." in errors_of(refused)
    assert sold.status_code == 302
    assert LedgerEntry.objects.get(kind=EntryKind.PURCHASE).quantity == 5


def test_a_pack_is_corrected_by_a_new_entry_with_a_reason():
    pack = make_pack(quantity=5)
    data = {"pack": pack.pk, "quantity": -7, "reason": "Entered twice"}

    too_many = send("ledgerentry", data)
    fits = send("ledgerentry", data | {"quantity": -2})

    assert "so 7 can not be taken" in errors_of(too_many)
    assert fits.status_code == 302
    assert IncidentPack.objects.get().available == 3


def test_a_project_is_opened():
    data = {"organisation": make_organisation().pk, "name": "Go", "starts_on": "2026-03-02"}

    refused = send("goliveproject", data | {"ends_on": "2026-03-01"})
    opened = send("goliveproject", data | {"ends_on": "2026-05-01"})

    assert "A term ends after its start" in errors_of(refused)
    assert opened.status_code == 302
    assert GoLiveProject.objects.get().name == "Go"


def test_a_calendar_is_edited_by_making_its_next_version():
    client, held = signed_in(make_manager()), current_calendar("working_hours")
    shown = client.get(page("calendarversion", "add") + f"?from={held.pk}")
    data = {
        "calendar": "working_hours",
        "name": held.name,
        "timezone": held.timezone,
        "hours": json.dumps(held.hours),
        "holidays": '["2026-12-25"]',
        "overrides": "",
    }

    made = client.post(page("calendarversion", "add"), data)
    same = client.post(page("calendarversion", "add"), data)
    broken = client.post(
        page("calendarversion", "add"), data | {"hours": '{"mon": [["17:00", "08:00"]]}'}
    )
    no_hours = client.post(page("calendarversion", "add"), data | {"hours": "[1]"})

    assert shown.context["adminform"].form.initial["hours"] == held.hours
    assert made.status_code == 302
    assert current_calendar("working_hours").version == 2
    assert current_level("basic").calendar.version == 2
    assert "says this already" in errors_of(same)
    assert "ends after it starts" in errors_of(broken)
    assert "write windows as" in errors_of(no_hours)
    assert CalendarVersion.objects.filter(calendar="working_hours").count() == 2


def test_a_level_is_edited_by_making_its_next_version():
    client, held = signed_in(make_manager()), current_level("premium")
    shown = client.get(page("levelversion", "add") + f"?from={held.pk}")
    initial = shown.context["adminform"].form.initial
    data = {
        "level": "premium",
        "response_hours": initial["response_hours"],
        "counted_on": initial["counted_on"],
        "channels": held.channels,
        "services": held.services,
        "resources": held.resources,
        "supplied_by": held.supplied_by,
        "round_the_clock": "on",
        "maintenance": "on",
        "price_percent": "35",
        "pack_prices": "{}",
        "price_text": held.price_text,
    }

    same = client.post(page("levelversion", "add"), data)
    made = client.post(page("levelversion", "add"), data | {"response_hours": "5.5"})
    odd = client.post(page("levelversion", "add"), data | {"pack_prices": "[5]"})

    assert "Premium says this already" in errors_of(same)
    assert made.status_code == 302
    assert current_level("premium").response_time.total_seconds() == 5.5 * 3600
    assert "Write incidents to price" in errors_of(odd)
    assert LevelVersion.objects.filter(level="premium").count() == 2


def test_a_service_is_added_and_renamed_but_keeps_its_key():
    client = signed_in(make_manager())
    data = {"key": "tuning", "name": "Tuning", "limits": "", "position": "20", "reportable": "on"}

    client.post(page("service", "add"), data)
    made = Service.objects.get(key="tuning")
    client.post(page("service", "change", made.pk), data | {"key": "other", "name": "Fine tuning"})

    made.refresh_from_db()
    assert (made.key, made.name) == ("tuning", "Fine tuning")
    assert (
        JournalEntry.objects.filter(kind="service.saved", subject__endswith=f":{made.pk}").count()
        == 2
    )


def rows() -> dict[str, int]:
    subscription = make_subscription()
    pack = make_pack(subscription.licence)
    return {
        "licence": subscription.licence_id,
        "subscription": subscription.pk,
        "incidentpack": pack.pk,
        "ledgerentry": make_ledger_entry(pack).pk,
        "goliveproject": make_project().pk,
        "service": Service.objects.get(key="migration").pk,
        "calendarversion": current_calendar("working_hours").pk,
        "levelversion": current_level("gold").pk,
        "coveragedecision": make_decision().pk,
    }


def test_the_manager_opens_every_page():
    client = signed_in(make_manager())

    for name, pk in rows().items():
        assert client.get(page(name, "changelist")).status_code == 200, name
        assert client.get(page(name, "change", pk)).status_code == 200, name
        if name in ADDABLE:
            assert client.get(page(name, "add")).status_code == 200, name
    garbage = client.get(page("levelversion", "add") + "?from=%00x")
    assert garbage.status_code == 200


def test_what_was_sold_or_promised_is_neither_edited_nor_deleted():
    client = signed_in(make_manager())

    for name, pk in rows().items():
        assert client.post(page(name, "delete", pk), {"post": "yes"}).status_code == 403, name
        if name != "service":
            assert client.post(page(name, "change", pk), {"version": 9}).status_code == 403, name


@pytest.mark.parametrize("make", (make_engineer, make_tam))
def test_other_staff_have_no_place_there(make):
    client = signed_in(make())

    for name in NAMES:
        assert client.get(page(name, "changelist")).status_code == 403
    assert not Licence.objects.exists()


def test_customers_find_nothing_there():
    client = signed_in(make_admin_contact())

    assert client.get(page("licence", "changelist")).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_lists_cost_the_same_for_one_row_and_for_three(name):
    client = signed_in(make_manager())
    counts = []

    for _ in range(3):
        rows()
        with CaptureQueriesContext(connection) as queries:
            client.get(page(name, "changelist"))
        counts.append(len(queries))

    assert counts[0] == counts[1] == counts[2]
