"""Tables that are taken out: what the person may see, no formula, an entry in the journal."""

from __future__ import annotations

import csv
import io
import json
from contextlib import contextmanager
from typing import Any

import pytest

from core.models import JournalEntry
from core.stepping import in_steps
from office.reads.exports import EXPORTS
from tests import factories as make
from tests.factories import NINE
from tests.tickets.staff_pages import asks

pytestmark = pytest.mark.django_db
EVERY = pytest.mark.parametrize("table", EXPORTS)


@pytest.fixture
def desk(client: Any, settings: Any) -> Any:
    """A customer of a TAM's with a row in every table, beside a stranger's."""
    settings.STAFF_NEED_SECOND_FACTOR = False
    for name in ("Northwind", "Stranger"):
        organisation = make.make_organisation(name=name, slug=name.lower())
        contact = make.make_contact(organisation, name=f"Ana {name}")
        incident = make.make_incident(
            organisation=organisation, reporter=contact, subject=f"=cmd({name})"
        )
        make.make_message(incident, author=contact, body=f"={name} body")
        make.make_target(incident)
        make.make_pack(make.make_licence(organisation, key=f"{name}-1"))
        JournalEntry.objects.create(
            at=NINE, kind="test.made", subject=f"{name}:1", organisation=organisation
        )
    return make.make_tam(organisation.__class__.objects.get(slug="northwind"))


def taken(client: Any, table: str, suffix: str, **form: str) -> bytes:
    answer = client.post(f"/admin/exports/{table}/", {"as": suffix, **form})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_a_long_file_is_read_step_by_step_and_no_transaction_waits_for_its_reader(
    client, desk, monkeypatch
):
    monkeypatch.setattr("office.reads.exports.AT_ONCE", 2)
    organisation = make.make_organisation(tam=desk)
    for n in range(5):
        make.make_contact(organisation, name=f"Row {n}")
    client.force_login(desk)

    text = taken(client, "people", "csv").decode("utf-8-sig")
    names = [row[0] for row in csv.reader(io.StringIO(text))]
    assert [name for name in names if name.startswith("Row")] == [f"Row {n}" for n in range(5)]
    entered, left = [], []

    @contextmanager
    def within():
        entered.append(1)
        yield
        left.append(1)

    pieces = in_steps(lambda after: [(after + 1, after)] if after < 3 else [], within)
    for row in pieces:
        assert len(entered) == len(left), row  # nothing is open while the line is written


@EVERY
def test_account_managers_take_out_what_they_see_and_nothing_of_a_strangers(client, desk, table):
    client.force_login(desk)

    rows = list(csv.reader(io.StringIO(taken(client, table, "csv").decode("utf-8-sig"))))
    assert rows[0] == EXPORTS[table].heads
    text = str(rows)
    assert "Northwind" in text
    assert "Stranger" not in text
    assert not any(cell.startswith("=") for row in rows for cell in row)
    lines = taken(client, table, "jsonl").decode().splitlines()
    assert list(json.loads(lines[0])) == EXPORTS[table].heads
    assert len(lines) >= len(rows) - 1
    assert taken(client, table, "xlsx").startswith(b"PK")
    entries = JournalEntry.objects.filter(kind="export", by=desk)
    assert [one.facts["what"].rpartition(" as ")[2] for one in entries.order_by("pk")] == [
        "CSV",
        "JSON lines",
        "XLSX",
    ]


@EVERY
def test_one_customers_rows_alone(client, desk, table):
    client.force_login(make.make_manager())
    everything = taken(client, table, "jsonl").decode()
    assert "Stranger" in everything

    assert "Stranger" not in taken(client, table, "jsonl", organisation="northwind").decode()
    assert client.post(f"/admin/exports/{table}/", {"organisation": "nobody"}).status_code == 404


def test_the_page_and_who_may_open_it(client, desk):
    client.force_login(desk)
    with asks(5):
        client.get("/admin/exports/")
    assert client.get("/admin/exports/incidents/").status_code == 405
    for person in (make.make_engineer(), make.make_partner_engineer()):
        client.force_login(person)
        assert client.get("/admin/exports/").status_code == 403
        assert client.post("/admin/exports/incidents/").status_code == 403


def test_an_empty_desk_leads_on_and_orders_are_counted_in_the_rail(client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    client.force_login(make.make_manager())
    shown = client.get("/admin/organisations/").content.decode()
    for page in ("/admin/imports/", "/admin/exports/", "/admin/accounts/organisation/add/"):
        assert f'href="{page}"' in shown
    assert "No organisation fits" in client.get("/admin/organisations/?q=x").content.decode()

    make.make_order(make.make_licence())
    rail = client.get("/admin/organisations/").content.decode()
    assert 'Orders <span class="count">1</span>' in rail
    client.force_login(make.make_engineer())
    shown = client.get("/admin/organisations/").content.decode()
    assert "/admin/orders/" not in shown
