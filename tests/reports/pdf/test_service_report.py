from dataclasses import replace
from io import BytesIO
from time import perf_counter

import pikepdf
import pytest
from pypdf import PdfReader

from reports.pdf.service_report import render
from reports.rules.content import checksum
from tests.reports.contents import (
    COMPUTED,
    make_draft,
    make_empty,
    make_incident,
    make_northwind,
)


def pages_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def fonts_of(pdf: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    return {
        str(font.BaseFont): font
        for page in pdf.pages
        for font in page.obj.Resources.get("/Font", {}).values()
    }


def text_of(pdf: bytes) -> str:
    return " ".join(pages_of(pdf))


@pytest.mark.parametrize(
    "name",
    (
        "Întreprinderea Știință și Țesături SRL",
        "Εταιρεία Βόρειου Ανέμου Α.Ε.",
        "ООО «Северный ветер»",
        "Þórður & Søn <script>alert(1)</script>",
    ),
)
def test_a_name_in_any_of_our_scripts_is_printed_as_it_is(name):
    text = text_of(render(make_northwind(organisation=name)))

    assert name in text
    assert "�" not in text


def test_what_no_typeface_has_is_shown_and_explained():
    text = text_of(render(make_empty(organisation="\U00013000\U00013001 Contoso")))

    assert "�� Contoso" in text
    assert "stands for a character that the typefaces of this document lack" in text


@pytest.mark.parametrize(
    ("text", "font"),
    (
        ("受信メールが届かない", "NotoSansCJK"),
        ("邮件服务器停止响应", "NotoSansCJK"),
        ("메일 서버가 응답하지 않습니다", "NotoSansCJK"),
        ("เซิร์ฟเวอร์อีเมลไม่ตอบสนอง", "NotoSansThai"),
        ("सर्वर काम नहीं कर रहा है", "NotoSansDevanagari"),
        ("gone 😱🔥 👍", "NotoEmoji"),
    ),
)
def test_scripts_that_the_typeface_lacks_are_drawn_in_a_font_that_is_cut_to_size(text, font):
    pdf = render(replace(make_northwind(5), considerations=text))

    assert "�" not in text_of(pdf)
    with pikepdf.open(BytesIO(pdf)) as opened:
        fonts = fonts_of(opened)
        (name,) = (one for one in fonts if font in one)
        assert len(fonts[name].FontDescriptor.FontFile2.read_bytes()) < 60_000
    assert render(replace(make_northwind(5), considerations=text)) == pdf


def test_shaped_letters_read_as_they_were_typed():
    """Their glyphs are no characters: what a screen reader reads stands beside them."""
    pdf = render(make_empty(considerations="सर्वर काम", organisation="ไม่ตอบ"))

    for words in ("सर्वर", "काम", "ไม่ตอบ"):
        heard = f"<FEFF{words.encode('utf-16-be').hex().upper()}>"
        with pikepdf.open(BytesIO(pdf)) as opened:
            streams = [page.Contents.read_bytes().decode("latin-1") for page in opened.pages]
        assert any(heard in stream for stream in streams)


@pytest.mark.parametrize("incidents", range(4, 44, 3))
def test_the_last_page_is_never_blank(incidents):
    pages = pages_of(render(make_northwind(incidents)))

    assert "Checksum of the figures and texts above" in pages[-1] or len(pages[-1]) > 300


def test_everything_of_rule_11_is_in_the_report():
    content = make_northwind()

    text = text_of(render(content))

    for expected in (
        "SR-2026-10-0007",
        "issued 3 November 2026, 10:12 (Europe/Bucharest)",
        "11 incidents were reported in October 2026",
        "Of 11 response targets 9 were met, 2 late.",
        "Ошибка входа в веб-почту",
        "of 6 h: late",
        "of 24 working h",
        "Δημήτρης Παπαδόπουλος",
        "Gold incidents spent (2)",
        "4.2 of 5 on average, from 8 answers",
        "Γρήγορη και σαφής απάντηση",
        "Move the backup window to 03:00",
        "Elena Marinescu, Technical Account Manager of AXIGEN",
        "Str. Exemplului 1",
        checksum(content),
    ):
        assert expected in text


def test_every_page_has_its_number_the_reports_number_and_the_checksum():
    content = make_northwind(40)

    pages = pages_of(render(content))

    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Service report SR-2026-10-0007" in page
        assert f"checksum {checksum(content)[:12]}…" in page


def test_three_hundred_incidents_are_all_there_under_repeated_headers(capsys):
    content = make_northwind(300)
    started = perf_counter()

    pdf = render(content)

    with capsys.disabled():
        print(f"\n300 incidents: {perf_counter() - started:.2f} s, {len(pdf) / 1024:.0f} KiB")
    pages = pages_of(pdf)
    text = " ".join(pages)
    assert all(incident.number in text for incident in content.incidents)
    listing = [page for page in pages if page.count("AX-2026-") > 3 and "First answer" in page]
    assert len(listing) > 20
    assert all("What it was about Level, priority First answer" in page for page in listing)


def test_an_incident_is_never_cut_by_the_end_of_a_page():
    rows = tuple(
        make_incident(n, subject=f"BEGIN{n} {'word ' * (n % 37)}END{n}") for n in range(80)
    )

    pages = pages_of(render(replace(make_northwind(), incidents=rows)))

    for n in range(80):
        assert any(f"BEGIN{n} " in page and f"END{n}" in page for page in pages)


def test_an_empty_month_reads_well():
    pdf = render(make_empty(number="SR-2026-10-0001", issued_at=COMPUTED))

    (page,) = pages_of(pdf)
    assert "A quiet month: nothing was reported, and nothing was open" in page
    assert "Nothing was solved, so nobody was asked." in page
    assert "None" not in page
    assert "Considerations" not in page


def test_a_draft_says_so_on_every_page_and_an_issued_report_nowhere():
    assert all("DRAFT" in page for page in pages_of(render(make_draft())))
    assert "draft" not in text_of(render(make_northwind())).casefold()


def test_moments_are_in_the_zone_of_the_organisation_which_is_named():
    text = text_of(render(make_northwind(timezone="Pacific/Auckland")))

    assert "issued 3 November 2026, 21:12 (Pacific/Auckland)" in text
    assert "2 Oct 02:00" in text  # reported on 1 October 13:00 UTC


def test_the_same_content_gives_the_same_bytes():
    assert render(make_northwind()) == render(make_northwind())
    assert render(make_northwind()) != render(make_northwind(recommendations="Update."))


def test_names_and_texts_without_end_do_not_break_the_page():
    endless = "Hippopotomonstrosesquippedaliophobia" * 30
    content = make_northwind(
        organisation=endless[:250],
        country=endless[:80],
        incidents=5,
        considerations=f"{endless}\n\n" + "- item\n" * 200,
    )
    rows = tuple(
        replace(row, subject=endless[:300], people=(endless[:150],) * 9, service=endless[:100])
        for row in content.incidents
    )

    pages = pages_of(render(replace(content, incidents=rows)))

    assert any("•" in page for page in pages)


def test_every_font_is_inside_the_file():
    with pikepdf.open(BytesIO(render(make_draft()))) as pdf:
        fonts = fonts_of(pdf)

        assert fonts
        assert all("DejaVuSansCondensed" in name for name in fonts)
        assert all("/FontFile2" in font.FontDescriptor for font in fonts.values())


def test_the_file_says_what_it_is():
    with pikepdf.open(BytesIO(render(make_northwind()))) as pdf:
        title = "Service report of October 2026 for Northwind Traders"
        assert str(pdf.docinfo["/Title"]) == title
        assert str(pdf.docinfo["/Author"]) == "AXIGEN"
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261103081200")
        assert str(pdf.Root.Lang) == "en-GB"
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == title
