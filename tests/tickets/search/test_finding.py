"""What is found, by whom, in which order."""

import pytest
from django.core.management import call_command

from core import tasks
from core.models import SearchDocument, SearchOwed, SearchWord
from core.search import indexing, wall
from core.search.results import find
from core.search.wall import Wall
from tests.factories import (
    NINE,
    days,
    make_attachment,
    make_contact,
    make_defect,
    make_engineer,
    make_incident,
    make_licence,
    make_manager,
    make_message,
    make_organisation,
    make_search_document,
    make_solution,
)
from tests.tickets.search.finding import LATER, indexed, search, titles
from tickets.enums import MessageKind
from tickets.reads.search.conditions import parsed_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make_manager()


def said(text, *, subject="subject", kind=MessageKind.REPORT, **fields):
    """An incident with one message, indexed."""
    incident = make_incident(subject=subject, **fields)
    author = make_engineer() if kind != MessageKind.REPORT else incident.reporter
    make_message(incident, body=text, kind=kind, author=author)
    indexed()
    return incident


def test_the_search_of_the_tests_goes_behind_the_wall():
    assert wall.state() == Wall.FAST


@pytest.mark.parametrize(
    ("text", "asked"),
    (
        ("one two three", "one three"),
        ("one two three", '"two three"'),
        ("Zertifikat läuft ab", "LÄUFT"),
        ("Zertifikat läuft ab", "lauft"),
        ("Zertifikat läuft ab", "laeuft"),
        ("schoen", "schön"),
        ("schön", "schoen"),
        ("Straße", "strasse"),
        ("căsuța poștală", "casuta postala"),
        ("boîte aux lettres", "boite"),
        ("421 4.7.0 deferred", "4.7.0"),
        ("421 4.7.0 deferred", '"421 4.7.0"'),
        ("from ana.pop@northwind.example today", "ana.pop@northwind.example"),
        ("from ana.pop@northwind.example today", "northwind.example"),
        ("in /var/opt/axigen/log/everything.txt it says", "everything.txt"),
        ("certificates expired", "certificate expire"),
        ("خادم البريد لا يستجيب", "البريد"),
        ("خَادِم", "خادم"),
        ("メールが届かない", "届かない"),
        ("mail 😀 queue", "queue"),
        ("x" * 192, "x" * 192),
        ("how the relay works", "how does the relay work"),
    ),
)
def test_words_are_found_in_their_forms_and_spellings(manager, text, asked):
    said(text)

    assert titles(asked, manager) == ["subject"]


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    (
        ("de", "Die Postfächer sind leer", "Postfach"),
        ("fr", "Les certificats expirés", "certificat expiré"),
        ("es", "Los buzones están vacíos", "buzón"),
        ("ro", "Certificatele au expirat", "certificate"),
        ("fi", "Sähköpostit eivät tule", "sähköposti"),
        ("it", "Le caselle sono vuote", "casella"),
    ),
)
def test_word_forms_of_the_customers_languages(manager, language, text, asked):
    said(text, language=language)

    assert titles(asked, manager) == ["subject"]


@pytest.mark.parametrize(
    ("text", "asked"),
    (
        ("one two three", "one four"),
        ("one two three", '"one three"'),
        ("one two three", "one -two"),
        ("see https://cdn.example/relay/banner.png?size=3 there", "banner"),
        ("see https://cdn.example/relay/banner.png?size=3 there", "relay"),
        ("[cid:image001.png@01DA] text", "image001"),
        ("4.7.10", "4.7.1"),
    ),
)
def test_what_is_not_said_is_not_found(manager, text, asked):
    said(text)

    assert titles(asked, manager) == []


def test_every_part_of_an_incident_is_looked_through(manager):
    organisation = make_organisation(name="Northwind Traders")
    incident = said(
        "bodyword",
        subject="subjectword",
        organisation=organisation,
        reporter=make_contact(organisation, name="Nora Nilsson", email="nora@northwind.example"),
        licence=make_licence(organisation, key="KEY-777-42"),
        defect=make_defect(number="AX-10412"),
        number="AX-2026-001451",
        state="solved",
    )
    message = make_message(incident, body="answerword", kind=MessageKind.ANSWER)
    make_message(incident, body="noteword", kind=MessageKind.NOTE)
    make_message(incident, body="body", quoted="quotedword")
    make_attachment(message, name="fileword.log", content=b"first line\nloglineword here")
    make_solution(incident, text="solutionword")
    indexed()

    for asked in (
        "subjectword bodyword answerword noteword quotedword solutionword",
        "fileword loglineword",
        "northwind nora",
        "nora@northwind.example",
        "KEY-777-42",
        "AX-10412",
        "1451",
        "#1451",
        "ax-2026-001451",
        "AX-2026-1451",
        "bodyword state:solved",
    ):
        assert "subjectword" in titles(asked, manager), asked
    assert titles("bodyword state:open", manager) == []


def test_a_mail_that_was_attached_is_read(manager):
    raw = b"Subject: Innerword\nContent-Type: text/plain\n\nDeepword here\n"
    incident = said("text")
    make_attachment(incident.messages.get(), name="mail.eml", content=raw)
    indexed()

    assert titles("innerword deepword", manager) == ["subject"]


@pytest.mark.parametrize("broken", ("gone", "bytes", "mail"))
def test_one_broken_file_empties_no_result(manager, broken):
    incident = said("whole text")
    content = {"gone": b"x", "bytes": b"\xff\xfe\x00\xd8\x00", "mail": b"\xff\n\n\0=?x?q?"}[broken]
    name = "mail.eml" if broken == "mail" else "broken.log"
    file = make_attachment(incident.messages.get(), name=name, content=content)
    if broken == "gone":
        file.file.storage.delete(str(file.file.name))
    said("whole other text", subject="other")

    assert set(titles("whole", manager)) == {"subject", "other"}
    assert not SearchOwed.objects.exists()


def test_one_thing_that_can_not_be_indexed_stops_no_other(manager, monkeypatch):

    bad, good = make_incident(subject="bad one"), make_incident(subject="good one")
    write = indexing._write

    def fails(kind, document):
        if document.pk == bad.pk:
            raise ValueError("broken")
        return write(kind, document)

    monkeypatch.setattr(indexing, "_write", fails)
    tasks.index_owed()

    assert titles("one", manager) == ["good one"]
    assert set(SearchOwed.objects.values_list("subject_id", "tries")) == {(bad.pk, 1)}

    SearchOwed.objects.update(tries=indexing.MOST_TRIES)
    tasks.index_owed()
    assert not SearchOwed.objects.exists()
    assert good.pk


def test_a_number_comes_first_and_is_marked_as_it(manager):
    said("all about 1451 and 1451 again", subject="mentions 1451")
    make_incident(number="AX-2026-001451", subject="itself")
    indexed()

    found = search("1451", manager)

    assert [one.shown.title for one in found.hits] == ["itself", "mentions 1451"]
    assert [one.is_outright for one in found.hits] == [True, False]


def test_subject_counts_more_than_text_and_new_more_than_old(manager):
    said("the relay, once", subject="in the text")
    said("nothing", subject="Relay in the subject")
    assert titles("relay", manager) == ["Relay in the subject", "in the text"]

    old = make_incident(subject="Relay in the subject", received_at=NINE - days(3000))
    old.subject = "Relay in the subjects"
    old.save()
    indexed()
    assert titles("relay", manager)[-1] != "Relay in the subject"


def test_what_changes_is_found_anew_and_what_goes_is_gone(manager):
    incident = said("firstword")
    message = incident.messages.get()
    message.body = "secondword"
    message.save()
    indexed()
    assert (titles("firstword", manager), titles("secondword", manager)) == ([], ["subject"])

    incident.organisation.name = "Renamedword"
    incident.organisation.save()
    indexed()
    assert titles("renamedword", manager) == ["subject"]

    message.delete()
    indexed()
    assert titles("secondword", manager) == []
    incident.delete()
    indexed()
    assert not SearchDocument.objects.filter(subject_id=incident.pk).exists()


def test_a_message_that_moves_is_found_where_it_is(manager):
    here, there = said("movingword", subject="here"), make_incident(subject="there")
    here.messages.update(incident=there)
    indexed()

    assert titles("movingword", manager) == ["there"]


def test_a_note_that_becomes_an_answer_and_back_is_for_whom_it_is():
    incident = said("changingword", kind=MessageKind.NOTE)
    contact = incident.reporter
    assert titles("changingword", contact) == []

    incident.messages.update(kind=MessageKind.ANSWER)
    indexed()
    assert titles("changingword", contact) == ["subject"]
    incident.messages.update(kind=MessageKind.NOTE)
    indexed()
    assert titles("changingword", contact) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    (
        ("certifcate", "certificate"),
        ("certificaet", "certificate"),
        ("Relya", "relay"),
        ("qeueu", "queue"),
        ("zertifkat", "zertifikat"),
    ),
)
def test_typos_are_mended_and_it_is_said(manager, typed, meant):
    said("certificate of the relay, its queue and its Zertifikat")

    found = search(f"{typed} state:new", manager)

    assert [one.shown.title for one in found.hits] == ["subject"]
    assert found.mended == meant


def test_what_is_found_as_it_was_typed_is_not_mended(manager):
    said("relay")
    said("replay", subject="other")

    assert (titles("relay", manager), search("relay", manager).mended) == (["subject"], "")


def test_only_words_are_kept_for_typos(manager):
    said("relay 1234567 abc a1b2c3d4e5 " + "x" * 50)

    kept = set(SearchWord.objects.values_list("word", flat=True))

    assert "relay" in kept
    assert not {"1234567", "abc", "a1b2c3d4e5", "x" * 50} & kept


def test_while_typing_the_last_word_is_a_beginning(manager):
    said("certificate")

    assert search("cert", manager, is_typing=True).number == 1
    assert search("cert", manager).number == 0


@pytest.mark.parametrize(
    "text",
    (
        "'",
        "&|!:*()",
        "a'b",
        "a & !b",
        "x:*",
        "\\",
        "a\0b",
        "'); DROP TABLE x --",
        "<->",
        "%",
        "!!",
        "-a",
    ),
)
@pytest.mark.parametrize("is_typing", (False, True))
def test_signs_are_no_operators_and_no_error(manager, text, is_typing):
    said("text")

    search(text, manager, is_typing=is_typing)


def test_highlights_are_pieces_and_the_text_is_never_trusted(manager):
    said("before <script>alert(1)</script> the Zertifikate expire", subject="Zertifikat & more")

    (hit,) = search("zertifikat", manager).hits

    assert [one.text for one in hit.title if one.is_hit] == ["Zertifikat"]
    assert hit.text == "before <script>alert(1)</script> the Zertifikate expire"


def test_the_snippet_is_where_the_words_are(manager):
    said("start " * 200 + "the relay refuses " + "end " * 200)

    (hit,) = search("relay refuse", manager).hits

    assert [one.text for one in hit.snippet if one.is_hit] == ["relay", "refuses"]
    assert hit.text.startswith("… ")
    assert hit.text.endswith(" …")
    assert len(hit.text) < 240


def test_fields_alone_find_the_latest_first(manager):
    said("text", subject="older", received_at=NINE - days(3))
    said("text", subject="newer", priority=1)

    assert titles("state:new", manager) == ["newer", "older"]
    assert titles("priority:1", manager) == ["newer"]
    assert titles("nothing state:new", manager) == []


def test_pages_of_results_hold_each_once(manager):
    organisation = make_organisation()
    reporter = make_contact(organisation)
    for n in range(25):
        make_incident(organisation=organisation, reporter=reporter, subject=f"relay {n}")
    indexed()

    parsed = parsed_for("relay", manager)
    pages = [find(parsed, manager, LATER, page=n) for n in (1, 2)]

    assert [len(one.hits) for one in pages] == [20, 5]
    assert len({hit.key for one in pages for hit in one.hits}) == 25
    assert (pages[0].number, pages[0].more, pages[0].next, pages[1].next) == (25, False, 2, None)


@pytest.mark.parametrize("rows", (1, 3))
def test_a_search_costs_the_same_statements_whatever_it_finds(
    manager, rows, django_assert_max_num_queries
):
    for n in range(rows):
        said("relay", subject=f"relay {n}")
    # Two, and one for each kind of thing that is searched
    with django_assert_max_num_queries(15):
        assert len(search("relay", manager).hits) == rows


def test_all_is_indexed_anew_by_a_command_and_what_is_gone_is_forgotten(manager):
    said("relay")
    make_search_document(subject_id=10**9)
    SearchDocument.objects.filter(kind="incident").update(text="old")
    SearchOwed.objects.all().delete()

    call_command("index_search", "--now", verbosity=0)

    assert list(SearchDocument.objects.values_list("text", flat=True)) == ["relay"]
    assert not SearchOwed.objects.exists()
