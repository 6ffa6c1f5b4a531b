"""The pages of imports: who sees them, what they ask the database, what they say."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Organisation
from core.models import JournalEntry
from office import tasks
from office.actions.imports.forgetting import forget_lines
from office.models import DataImport, ImportLine
from office.querysets.imports import TO_WORK, TO_WRITE
from office.registrations import register
from office.rules.imports.kinds import KINDS, guessed
from tests import factories as make
from tests.factories import NINE
from tests.tickets.staff_pages import asks
from tests.tickets.test_plans import copies, fill

pytestmark = pytest.mark.django_db
LIST = "/admin/imports/"


@pytest.fixture
def manager(client: Any, settings: Any, tmp_path: Any) -> Any:
    settings.STAFF_NEED_SECOND_FACTOR = False
    settings.MEDIA_ROOT = tmp_path
    person = make.make_manager()
    client.force_login(person)
    return person


def send(client: Any, kind: str, text: str) -> Any:
    return client.post(LIST, {"kind": kind, "file": SimpleUploadedFile("a.csv", text.encode())})


def test_from_the_file_to_what_was_brought_in_and_back(client, manager):
    page = send(client, "organisations", "Name,Country\nAlpha,RO\nBeta,Atlantis\n").url
    assert b"Which column is what" in client.get(page).content

    client.post(f"{page}try/", {"column_name": "0", "column_country": "1"})
    assert b"Each line is tried" in client.get(page).content
    assert client.get(f"{page}progress/").status_code == 200
    assert tasks.work_imports() == 1
    assert client.get(f"{page}progress/").headers["HX-Refresh"] == "true"
    shown = client.get(page).content.decode()
    assert "“Atlantis” is no country" in shown
    assert "Bring in 1 organisation" in shown
    lines = b"".join(client.get(f"{page}lines/")).decode()
    assert '3,Beta,Atlantis,"Country: “Atlantis” is no country' in lines

    refused = client.post(f"{page}bring/")
    assert refused.status_code == 409
    client.post(f"{page}bring/", {"leaves_out_bad": "1"})
    tasks.work_imports()
    assert Organisation.objects.filter(name="Alpha").exists()
    assert b"Take it all back" in client.get(page).content
    client.post(f"{page}undo/")
    tasks.work_imports()
    assert b"All of it was taken back" in client.get(page).content
    kinds = set(JournalEntry.objects.values_list("kind", flat=True))
    assert {"import.sent", "import.begun", "import.applied", "import.undone"} <= kinds


def test_what_was_chosen_stays_where_it_is_refused(client, manager):
    page = send(client, "organisations", "Name,Country\nAlpha,RO\n").url

    refused = client.post(f"{page}try/", {"column_name": "1"})

    assert refused.status_code == 400
    assert "No column is chosen for Country" in refused.content.decode()
    assert refused.context["preview"].choices[1].chosen == 1


def test_a_file_that_is_none_is_refused_on_the_form(client, manager, settings):
    assert (
        "The file is empty"
        in client.post(
            LIST, {"kind": "people", "file": SimpleUploadedFile("a.csv", b" \n")}
        ).content.decode()
    )
    settings.IMPORT_MAX_BYTES = 5
    assert "Split it into several files" in send(client, "people", "Email,Name").content.decode()
    assert not DataImport.objects.exists()


@pytest.mark.parametrize("count", (1, 3))
def test_the_list_asks_the_same_for_one_and_three(client, manager, count):
    for _ in range(count):
        make.make_import()
    client.get(LIST)

    with asks(5):
        client.get(LIST)


@pytest.mark.parametrize("count", (1, 3))
def test_the_page_asks_the_same_for_one_and_three_bad_lines(client, manager, count):
    one = make.make_import(state="checked", counts={"bad": count, "new": count})
    for _ in range(count):
        make.make_import_line(of=one, outcome="bad")
        make.make_import_line(of=one)
    page = reverse("admin:import", args=[one.pk])
    client.get(page)

    with asks(8):
        client.get(page)


def test_nobody_else_brings_data_in(client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    one = make.make_import()
    for person in (make.make_tam(), make.make_engineer(is_lead=True)):
        client.force_login(person)
        assert client.get(LIST).status_code == 403
        assert client.get(reverse("admin:import", args=[one.pk])).status_code == 404
        assert client.get("/admin/imports/templates/people/csv/").status_code == 403


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_needs_no_mapping(client, manager, kind):
    made = client.get(f"/admin/imports/templates/{kind}/csv/").content.decode("utf-8-sig")
    heads = made.splitlines()[0].split(",")

    assert guessed(KINDS[kind], heads) == {
        one.name: index for index, one in enumerate(KINDS[kind].fields)
    }
    sheet = client.get(f"/admin/imports/templates/{kind}/xlsx/")
    assert b"".join(sheet.streaming_content).startswith(b"PK")
    sheet.close()


def test_the_sweep_and_the_next_lines_are_read_over_their_indexes():
    done = make.make_import()
    fill(DataImport, copies(done))
    line = make.make_import_line(of=done, done_at=NINE)
    fill(ImportLine, copies(line, number=lambda n: n + 1000))
    for rows, index in (
        (DataImport.objects.filter(TO_WORK).order_by("stepped_at"), "import_to_work"),
        (done.lines.filter(TO_WRITE).order_by("number"), "import_line_to_write"),
    ):
        plan = rows.values_list("pk")[:50].explain()
        assert index in plan, plan


def test_lines_are_forgotten_after_their_days(client, manager):
    register()
    page = send(client, "organisations", "Name,Country\nAlpha,RO\n").url
    one = DataImport.objects.get()
    make.make_import_line(of=one)

    assert forget_lines([one.pk], at=NINE) == 1

    one.refresh_from_db()
    assert not one.lines.exists()
    assert not one.file
    assert forget_lines([one.pk], at=NINE) == 0
    assert client.get(page).status_code == 200
