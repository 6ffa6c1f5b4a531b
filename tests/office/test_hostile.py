"""What hostile or merely odd files do to imports: said in words, never an import that hangs."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError

from accounts.models import Organisation, Person
from office import tasks
from office.actions.imports import organisations, steps
from office.enums import ImportState
from office.models import DataImport, OldIncident
from office.rules.imports.reading import Shape, UnreadableFile, rows_of
from tests import factories as make
from tests.office.test_history import looked_through
from tests.office.test_imports import sent, tried

pytestmark = pytest.mark.django_db
WHO = {"name": "Ana Pop", "email": "ana@northwind.example"}


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DATA_DIR = tmp_path
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def manager() -> Person:
    return make.make_manager()


@pytest.fixture
def northwind() -> Organisation:
    found = make.make_organisation(name="Northwind", slug="northwind")
    make.make_contact(found, email=WHO["email"], name=WHO["name"])
    return found


def zendesk(**fields: Any) -> dict[str, Any]:
    comment = {"created_at": "2024-03-01T09:00:00Z", "author_id": 7, "plain_body": "It hangs."}
    return {
        "id": 1,
        "subject": "Slow",
        "created_at": "2024-03-01T09:00:00Z",
        "requester_id": 7,
        "comments": [comment],
    } | fields


def archive(*tickets: dict[str, Any] | str, **more: str) -> bytes:
    made = io.BytesIO()
    lines = [one if isinstance(one, str) else json.dumps(one) for one in tickets]
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("tickets.json", "\n".join(lines))
        packed.writestr("users.json", json.dumps({"id": 7} | WHO))
        for name, text in more.items():
            packed.writestr(name, text)
    return made.getvalue()


def broken(raw: bytes) -> bytes:
    """With other bytes in the middle of the first file's packed content."""
    begin = raw.index(b"tickets.json") + len(b"tickets.json") + 4
    return raw[:begin] + b"\xff" * 20 + raw[begin + 20 :]


def locked(raw: bytes) -> bytes:
    """Marked as if a password were needed, in both heads of each file."""
    made = bytearray(raw)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(mark)
        while at >= 0:
            made[at + place] |= 1
            at = made.find(mark, at + 1)
    return bytes(made)


@pytest.mark.parametrize(
    "raw",
    (
        pytest.param(archive('{"id": 1, "deep": ' + '{"a": ' * 200_000), id="nested"),
        pytest.param(archive('{"id": ' + "9" * 5000 + "}"), id="number"),
        pytest.param(broken(archive(zendesk())), id="broken"),
        pytest.param(locked(archive(zendesk())), id="locked"),
    ),
)
def test_an_archive_that_can_not_be_read_is_refused_and_can_be_forgotten(
    raw: bytes,
    manager: Person,
    northwind: Organisation,
) -> None:
    one = looked_through("zendesk", manager, raw)

    assert one.state == ImportState.REFUSED
    assert one.said


@pytest.mark.parametrize(
    "odd",
    (
        {"id": "9" * 80},
        {"id": None},
        {"created_at": "9999-12-31T23:59:59-05:00"},
        {"created_at": "9999-12-31T23:59:59Z"},
    ),
)
def test_an_odd_ticket_is_named_and_the_others_are_kept(
    odd: dict[str, Any],
    manager: Person,
    northwind: Organisation,
) -> None:
    raw = archive(zendesk(**odd), zendesk(id=2), zendesk(**odd))

    one = looked_through("zendesk", manager, raw)

    assert (one.state, one.count("bad"), one.count("new")) == (ImportState.CHECKED, 2, 1)
    steps.bring_in(one, leaves_out_bad=True, by=manager, at=one.begun_at)
    tasks.work_imports()
    assert list(OldIncident.objects.values_list("source_id", flat=True)) == ["2"]


def test_signs_that_no_table_keeps_are_left_out(
    manager: Person,
    northwind: Organisation,
) -> None:
    half, nul = "\\ud800", "\\u0000"
    words = json.dumps(zendesk(id="X1", subject="XS")).replace("XS", f"a{half}b{nul}c")
    raw = archive(words.replace("X1", f"1{nul}"), words.replace("X1", f"2{half}"))

    one = looked_through("zendesk", manager, raw)
    assert one.state == ImportState.CHECKED, one.said
    steps.bring_in(one, leaves_out_bad=True, by=manager, at=one.begun_at)
    tasks.work_imports()

    one.refresh_from_db()
    assert one.state == ImportState.APPLIED
    assert OldIncident.objects.count() == 2


LINES = {
    "licences": "Licence key,Organisation,Edition,Registered on,Licence price\n"
    "AX-7000-0001,Northwind,business,2026-01-15,-5\n",
    "subscriptions": "Licence key,Level,First day,Last day\n{held},Premium,2026-01-15,2025-01-14\n",
    "packs": "Licence key,Incidents,Bought on,Price\n{held},10,2026-01-15,-5\n",
}


@pytest.mark.parametrize("kind", LINES)
def test_what_the_database_would_refuse_is_a_bad_line(
    kind: str,
    manager: Person,
    northwind: Organisation,
) -> None:
    held = make.make_licence(northwind)

    one = tried(sent(kind, LINES[kind].format(held=held.key), manager), manager)

    one.refresh_from_db()
    assert (one.state, one.count("bad")) == (ImportState.CHECKED, 1)


def test_a_number_of_another_system_gives_nobody_the_words_of_others(
    manager: Person,
    northwind: Organisation,
) -> None:
    make.make_reference(make.make_organisation(name="Contoso"), text="12")
    named = zendesk(id=1, organization_id=12)
    reported = zendesk(id=2, organization_id=12)
    raw = archive(named, reported, **{"organizations.json": json.dumps({"id": 12, "name": "NW"})})

    one = looked_through("zendesk", manager, raw)

    assert (one.count("bad"), one.count("new")) == (2, 0)
    assert "Contoso" in one.lines.first().said


def test_an_address_of_a_free_mail_service_says_nothing_of_a_customer(
    manager: Person,
    northwind: Organisation,
) -> None:
    make.make_contact(northwind, email="owner@icloud.com")
    who = {"id": 8, "name": "Somebody else", "email": "else@icloud.com"}
    raw = archive(zendesk(requester_id=8), **{"users2.json": json.dumps(who)})

    one = looked_through("zendesk", manager, raw)

    assert (one.count("bad"), one.count("new")) == (1, 0)


def test_pages_stand_signs_that_only_look_like_digits(
    client: Any,
    manager: Person,
    northwind: Organisation,
) -> None:
    client.force_login(manager)
    file = SimpleUploadedFile("a.csv", b"Name,Country\nAlpha,RO\n")
    page = client.post("/admin/imports/", {"kind": "organisations", "file": file}).url

    sent_back = client.post(f"{page}try/", {"column_name": "²", "column_country": "1"})
    assert sent_back.status_code in (400, 409, 422)
    otherwise = client.post(f"{page}read/", {"encoding": "utf-16", "separator": ","})
    assert otherwise.status_code in (400, 409, 422)
    for query in ("engineer=" + "9" * 5000, "tier=" + "9" * 5000):
        assert client.get(f"/admin/figures/?{query}").status_code == 200
    one = DataImport.objects.get()
    assert one.state == ImportState.SENT


def test_a_sheet_that_is_huge_and_empty_is_refused_before_it_is_opened() -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "name")
    sheet.write(1_048_575, 16_383, "far away")
    book.close()
    with pytest.raises(UnreadableFile, match="row 1,048,576 and column 16,384"):
        list(rows_of(made, Shape()))
    other = archive(zendesk())
    with pytest.raises(UnreadableFile, match=r"no \.xlsx"):
        list(rows_of(io.BytesIO(other), Shape()))


@pytest.mark.parametrize(
    ("error", "state"),
    (
        pytest.param(RuntimeError("a bug"), ImportState.REFUSED, id="bug"),
        pytest.param(OperationalError("away"), ImportState.CHECKING, id="database away"),
        pytest.param(IntegrityError("twice"), ImportState.CHECKED, id="rule of the database"),
    ),
)
def test_an_error_of_ours_leaves_no_import_busy_for_ever(
    error: Exception, state: str, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = sent("organisations", "Name,Country\nNorthwind,RO\n", manager)
    steps.try_it(one, mapping=one.mapping, day_form="", by=manager, at=make.NINE)

    def fails(*args: Any, **options: Any) -> None:
        raise error

    monkeypatch.setattr(organisations, "bring", fails)
    tasks.work_imports()

    one.refresh_from_db()
    assert one.state == state
    if state == ImportState.CHECKED:
        assert one.counts["bad"] == 1
