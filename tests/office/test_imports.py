"""Tables that are brought in: tried, written, taken back; what is refused, line by line."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from accounts.models import Organisation, Person
from core.models import JournalEntry
from entitlements.models import IncidentPack, LedgerEntry, Licence, Subscription
from office import tasks
from office.actions.imports import steps, writing
from office.actions.imports.steps import halt
from office.actions.imports.trying import try_lines
from office.actions.imports.writing import undo_lines, write_lines
from office.desk.imports import LOOKED_AT
from office.enums import ImportState, Outcome
from office.errors import (
    ColumnsMissing,
    DayFormMissing,
    FileTooLarge,
    FileUnreadable,
    ImportBusy,
    LinesAreBad,
    NotForOffice,
)
from office.models import DataImport, ImportLine, Reference
from office.querysets.imports import TO_WORK
from tests import factories as make
from tests.factories import NINE, TODAY

pytestmark = pytest.mark.django_db

CUSTOMERS = """Reference;Name;Country;Account manager;Local partner
C-1;Müller & Söhne;DE;;
C-2;Northwind Ltd;Romania;;
C-3;Nowhere;Atlantis;;
C-4;Too many;RO;;;extra
C-2;Northwind again;RO;;
"""


@pytest.fixture
def manager() -> Person:
    return make.make_manager()


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def sent(kind: str, text: str | bytes, by: Person, *, name: str = "table.csv") -> DataImport:
    raw = text if isinstance(text, bytes) else text.encode()
    return steps.send_file(kind, io.BytesIO(raw), name=name, size=len(raw), by=by, at=NINE)


def tried(one: DataImport, by: Person, *, day_form: str = "") -> DataImport:
    steps.try_it(one, mapping=one.mapping, day_form=day_form, by=by, at=NINE)
    try_lines(one.pk, at=NINE)
    one.refresh_from_db()
    return one


def brought(one: DataImport, by: Person, *, leaves_out_bad: bool = False) -> DataImport:
    steps.bring_in(one, leaves_out_bad=leaves_out_bad, by=by, at=NINE)
    assert write_lines(one.pk, at=NINE, seconds=60)
    one.refresh_from_db()
    return one


def whole(kind: str, text: str | bytes, by: Person, *, day_form: str = "") -> DataImport:
    return brought(tried(sent(kind, text, by), by, day_form=day_form), by)


def undone(one: DataImport, by: Person) -> DataImport:
    steps.undo(one, by=by, at=NINE)
    assert undo_lines(one.pk, at=NINE, seconds=60)
    one.refresh_from_db()
    return one


def said_of(one: DataImport) -> dict[int, tuple[str, str]]:
    return {line.number: (line.outcome, line.said) for line in one.lines.all()}


def test_windows_1252_with_semicolons_is_read_and_each_bad_line_is_named(manager):
    one = tried(sent("organisations", CUSTOMERS.encode("cp1252"), manager), manager)

    assert one.shape_words == "Windows-1252 (Western Europe), semicolon"
    said = said_of(one)
    assert said[2] == ("new", "Müller & Söhne")
    assert said[3][0] == "new"
    assert "Atlantis" in said[4][1]
    assert "6 columns, the head has 5" in said[5][1]
    assert "Line 3 of this file is about the same organisation" in said[6][1]
    assert one.counts == {"new": 2, "changed": 0, "same": 0, "bad": 3}


def test_a_trial_writes_nothing(manager):
    tried(sent("organisations", CUSTOMERS.encode("cp1252"), manager), manager)

    assert not Organisation.objects.exists()
    assert not Reference.objects.exists()
    assert not JournalEntry.objects.filter(kind="organisation.made").exists()


def test_bad_lines_are_left_out_only_where_somebody_says_so(manager):
    one = tried(sent("organisations", CUSTOMERS.encode("cp1252"), manager), manager)

    with pytest.raises(LinesAreBad):
        steps.bring_in(one, leaves_out_bad=False, by=manager, at=NINE)
    one = brought(one, manager, leaves_out_bad=True)

    assert one.state == ImportState.APPLIED
    assert sorted(Organisation.objects.values_list("name", flat=True)) == [
        "Müller & Söhne",
        "Northwind Ltd",
    ]
    muller = Organisation.objects.get(name__startswith="M")
    assert (muller.country, muller.timezone, muller.slug) == ("DE", "Europe/Berlin", "muller-sohne")
    assert not one.file


def test_the_same_file_again_changes_nothing_and_another_name_is_known_by_its_reference(manager):
    text = "Reference,Name,Country\nC-1,Northwind,RO\n"
    whole("organisations", text, manager)

    again = tried(sent("organisations", text, manager), manager)
    assert again.counts["same"] == 1
    renamed = whole("organisations", text.replace("Northwind", "Northwind SRL"), manager)

    assert said_of(renamed)[2][0] == Outcome.CHANGED
    assert Organisation.objects.get().name == "Northwind SRL"
    undone(renamed, manager)
    assert Organisation.objects.get().name == "Northwind"


def test_an_import_is_taken_back_as_a_whole_but_for_what_is_in_use(manager):
    one = whole("organisations", "Name,Country\nAlpha,RO\nBeta,RO\n", manager)
    make.make_contact(Organisation.objects.get(name="Beta"))

    one = undone(one, manager)

    assert list(Organisation.objects.values_list("name", flat=True)) == ["Beta"]
    assert ImportLine.objects.get(number=3).stays == "It is in use by now (1 person), so it stays."
    Person.objects.filter(organisation__isnull=False).delete()
    undone(one, manager)
    assert not Organisation.objects.exists()


def test_people_have_one_organisation_and_nobody_is_written_to(manager):
    alpha, beta = make.make_organisation(name="Alpha"), make.make_organisation(name="Beta")
    make.make_contact(beta, email="ana@beta.example")
    text = (
        "Email,Name,Company,Role,Phone\n"
        "ana@beta.example,Ana,Alpha,,\n"
        f"{manager.email},Boss,Alpha,,\n"
        "ion@alpha.example,Ion Pop,Alpha,admin contact,+40 21 1\n"
        "ION@alpha.example,Ion Pop,Beta,,\n"
        "not-an-address,Eva,Alpha,,\n"
        "eva@alpha.example,Eva,Gamma,,\n"
    )

    one = tried(sent("people", text, manager), manager)

    said = {number: words for number, (_, words) in said_of(one).items()}
    assert "belongs to another organisation (Beta)" in said[2]
    assert "an account of your own staff" in said[3]
    assert said[4] == "Ion Pop, Alpha"
    assert "Line 4 of this file" in said[5]
    assert "is no address" in said[6]
    assert "no organisation “Gamma”" in said[7]
    brought(one, manager, leaves_out_bad=True)
    ion = alpha.people.get()
    assert (ion.role, ion.phone, ion.has_usable_password()) == ("admin_contact", "+40 21 1", False)
    undone(one, manager)
    assert not alpha.people.exists()


def test_somebody_who_signed_in_stays(manager):
    make.make_organisation(name="Alpha")
    one = whole("people", "Email,Name,Company\nion@a.example,Ion,Alpha\n", manager)
    Person.objects.filter(email="ion@a.example").update(last_login=NINE)

    undone(one, manager)

    assert Person.objects.filter(email="ion@a.example").exists()


def test_a_licence_that_exists_elsewhere_is_answered_as_k1_says(manager):
    mine, other = make.make_organisation(name="Alpha"), make.make_organisation()
    make.make_licence(other, key="AX-1")
    text = (
        "Key,Company,Edition,Registered,Price\n"
        "AX-1,Alpha,business,2026-01-01,\n"
        "AX-2,Alpha,Business edition,01.02.2026,1200.00\n"
        "AX-3,Alpha,gold,2026-01-01,\n"
        "AX-4,Alpha,office,2099-01-01,\n"
    )

    one = tried(sent("licences", text, manager), manager, day_form="day")

    said = {number: words for number, (_, words) in said_of(one).items()}
    assert said[2].startswith("This licence key can not be registered.")
    assert other.name not in said[2]
    assert "is no edition" in said[4]
    assert "still to come" in said[5]
    brought(one, manager, leaves_out_bad=True)
    assert mine.licences.get().registered_on == date(2026, 2, 1)
    dearer = whole(
        "licences",
        "Key,Company,Edition,Registered,Price\nAX-2,Alpha,business,2026-02-01,1300.00\n",
        manager,
    )
    assert mine.licences.get().price == 1300
    undone(dearer, manager)
    undone(one, manager)
    assert not mine.licences.exists()


def test_days_that_can_be_read_in_two_ways_are_asked_about(manager):
    make.make_organisation(name="Alpha")
    text = "Key,Company,Edition,Registered\nAX-1,Alpha,office,03/02/2026\n"
    one = sent("licences", text, manager)

    with pytest.raises(DayFormMissing) as refused:
        steps.try_it(one, mapping=one.mapping, day_form="", by=manager, at=NINE)
    assert "03/02/2026" in str(refused.value)
    whole("licences", text, manager, day_form="month")

    assert Licence.objects.get().registered_on == date(2026, 3, 2)


def test_subscriptions_that_overlap_are_refused_with_the_day_on_which_one_is_free(manager):
    licence = make.make_licence(key="AX-1", price=1000)
    text = (
        "Licence,Level,From,Until,Price\n"
        "AX-1,Premium,2026-01-01,2026-12-31,100\n"
        "AX-1,Premium,2026-06-01,2027-05-31,100\n"
        "AX-1,Premium,2027-01-01,2027-12-31,100\n"
        "AX-9,Premium,2026-01-01,,\n"
        "AX-1,Platinum,2026-01-01,,\n"
    )

    one = tried(sent("subscriptions", text, manager), manager)

    said = said_of(one)
    assert [said[number][0] for number in range(2, 7)] == ["new", "bad", "new", "bad", "bad"]
    assert "from 2026-01-01 to 2026-12-31 already" in said[3][1]
    brought(one, manager, leaves_out_bad=True)
    assert licence.subscriptions.count() == 2
    undone(one, manager)
    assert not Subscription.objects.exists()


def test_a_subscription_under_which_something_was_reported_stays(manager):
    licence = make.make_licence(key="AX-1", price=1000)
    one = whole("subscriptions", f"Licence,Level,From\nAX-1,Premium,{TODAY}\n", manager)
    make.make_decision(licence.organisation, licence=licence, at=NINE)

    undone(one, manager)

    assert "something was reported" in ImportLine.objects.get().stays


def test_packs_come_with_what_is_left_of_them_and_their_ledger_stays(manager):
    licence = make.make_licence(key="AX-1")
    make.make_subscription(licence)
    text = f"Reference,Licence,Size,Bought,Left\nP-1,AX-1,10,{TODAY},7\nP-2,AX-1,5,{TODAY},9\n"

    one = tried(sent("packs", text, manager), manager)
    assert "9 are left of a pack of 5" in said_of(one)[3][1]
    brought(one, manager, leaves_out_bad=True)

    pack = IncidentPack.objects.get()
    assert (pack.quantity, pack.available) == (10, 7)
    again = tried(sent("packs", text, manager), manager)
    assert again.counts["same"] == 1
    undone(one, manager)
    pack.refresh_from_db()
    assert pack.available == 0
    assert LedgerEntry.objects.filter(pack=pack).count() == 3


def test_a_worker_that_is_killed_leaves_whole_lines_and_the_next_goes_on(manager, monkeypatch):
    names = "".join(f"Customer {n},RO\n" for n in range(120))
    one = tried(sent("organisations", f"Name,Country\n{names}", manager), manager)
    steps.bring_in(one, leaves_out_bad=False, by=manager, at=NINE)

    assert not write_lines(one.pk, at=NINE, seconds=0)
    assert not write_lines(one.pk, at=NINE, seconds=0.000001)
    one.refresh_from_db()
    assert one.state == ImportState.APPLYING
    written = Organisation.objects.count()
    assert written == one.done == one.lines.filter(done_at__isnull=False).count()
    assert write_lines(one.pk, at=NINE, seconds=60)
    assert Organisation.objects.count() == 120
    with pytest.raises(ImportBusy):
        steps.bring_in(one, leaves_out_bad=False, by=manager, at=NINE)


def test_what_a_later_import_of_the_same_columns_means_is_remembered(manager):
    one = sent("organisations", "Firm,Where\nAlpha,RO\n", manager)
    assert one.mapping == {}
    steps.try_it(one, mapping={"name": 0, "country": 1}, day_form="", by=manager, at=NINE)

    assert sent("organisations", "Where,Firm\nRO,Beta\n", manager).mapping == {
        "name": 1,
        "country": 0,
    }


def test_files_that_mean_nothing_are_refused_in_words(manager, settings):
    for raw, words in (
        (b"", "empty"),
        (b"PK\x03\x04broken", "no spreadsheet"),
    ):
        with pytest.raises(FileUnreadable) as refused:
            sent("people", raw, manager)
        assert words in str(refused.value)
    settings.IMPORT_MAX_BYTES = 10
    with pytest.raises(FileTooLarge):
        sent("people", "Email,Name,Company\n", manager)
    settings.IMPORT_MAX_BYTES = 10**6
    with pytest.raises(NotForOffice):
        sent("people", "Email\n", make.make_tam())
    one = sent("people", "Email\nx\n", manager)
    with pytest.raises(ColumnsMissing):
        steps.try_it(one, mapping=one.mapping, day_form="", by=manager, at=NINE)
    quoted = tried(sent("organisations", 'Name,Country\n"Open,RO\n', manager), manager)
    assert quoted.state == ImportState.REFUSED
    assert "quotation mark is not closed" in quoted.said


def test_a_spreadsheet_is_read_with_its_days_and_numbers(manager):
    licence = make.make_licence(key="AX-1")
    make.make_subscription(licence)
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Licence", "Size", "Bought"])
    sheet.write(1, 0, "AX-1")
    sheet.write_number(1, 1, 5)
    sheet.write_datetime(1, 2, TODAY, book.add_format({"num_format": "dd.mm.yyyy"}))
    book.close()

    whole("packs", kept.getvalue(), manager)

    assert IncidentPack.objects.get().quantity == 5


def test_a_file_that_nobody_brought_in_can_be_discarded(manager):
    one = sent("people", "Email\n", manager)
    steps.discard(one, by=manager, at=NINE)

    assert not DataImport.objects.exists()
    assert JournalEntry.objects.filter(kind="import.discarded").exists()


def test_an_error_of_ours_halts_what_is_brought_in_and_it_goes_on_or_back(manager, monkeypatch):
    names = "".join(f"Customer {n},RO\n" for n in range(60))
    one = tried(sent("organisations", f"Name,Country\n{names}", manager), manager)
    steps.bring_in(one, leaves_out_bad=False, by=manager, at=NINE)
    with monkeypatch.context() as patched:
        whole, calls = writing._write_some, iter(range(9))

        def broken(*args):
            if next(calls):
                raise RuntimeError("a bug of ours")
            return whole(*args)

        patched.setattr("office.actions.imports.writing._write_some", broken)
        tasks.work_imports()
    one.refresh_from_db()
    assert (one.state, one.done) == (ImportState.HALTED, 50)
    assert "An error of ours halted it" in one.said
    assert not DataImport.objects.filter(TO_WORK).exists()  # no worker tries it for ever

    steps.go_on(one, by=manager, at=NINE)
    with pytest.raises(ImportBusy):
        steps.go_on(one, by=manager, at=NINE)
    tasks.work_imports()
    one.refresh_from_db()
    assert (one.state, one.said) == (ImportState.APPLIED, "")
    assert Organisation.objects.count() == 60

    steps.undo(one, by=manager, at=NINE)
    halt(one.pk)
    steps.go_on(one, by=manager, at=NINE)
    one.refresh_from_db()
    assert one.state == ImportState.UNDOING  # it goes on where it was, and begins nothing else


def test_a_reference_of_a_closed_customer_is_no_way_to_write_there(manager):
    brought(
        tried(
            sent("organisations", "Reference,Name,Country\nK-1,Northwind,RO\n", manager), manager
        ),
        manager,
    )
    northwind = Organisation.objects.get()
    make.make_licence(northwind, key="AX-1")
    Organisation.objects.update(closed_at=NINE)
    year = "Licence,Level,First day\nAX-1,premium,2026-03-02\n"
    for kind, text in (
        ("organisations", "Reference,Name,Country\nK-1,Northwind Ltd,RO\n"),
        ("people", "Organisation,Name,E-mail\nK-1,Ana,ana@northwind.example\n"),
        ("subscriptions", year),
    ):
        one = tried(sent(kind, text, manager), manager)
        ((_, said),) = said_of(one).values()
        assert "which was closed on 2 March 2026" in said, kind


def test_a_page_of_an_open_file_looks_at_its_first_lines_alone(manager):
    rows = "".join(f"AX-{n},2026-03-02\n" for n in range(300))
    one = sent("subscriptions", f"Licence,First day\n{rows}AX-9,03/04/2026\n", manager)

    assert steps.odd_day(one, one.mapping, most=LOOKED_AT) == ""
    assert steps.odd_day(one, one.mapping) == "03/04/2026"
