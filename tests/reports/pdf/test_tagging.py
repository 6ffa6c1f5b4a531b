import itertools
from io import BytesIO

import pikepdf
import pytest

from reports.pdf.service_report import render
from tests.reports.contents import make_draft, make_northwind


@pytest.fixture(scope="module")
def pdf():
    with pikepdf.open(BytesIO(render(make_northwind(60)))) as opened:
        yield opened


def nodes(node):
    """Every structure element below, in reading order."""
    if isinstance(node.K, int):
        return
    for kid in node.K:
        if "/S" in kid:
            yield kid
            yield from nodes(kid)


def roles(parent):
    return [str(kid.S) for kid in parent.K if "/S" in kid]


def operators(page):
    return [str(step.operator) for step in pikepdf.parse_content_stream(page)]


def test_the_file_is_tagged_and_opens_under_its_title(pdf):
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert [str(kid.S) for kid in pdf.Root.StructTreeRoot.K] == ["/Document"]


def test_headings_tables_lists_and_figures_are_known_as_such(pdf):
    found = [str(node.S) for node in nodes(pdf.Root.StructTreeRoot)]

    assert found.count("/H1") == 1
    assert found.count("/Figure") == 2
    assert {"/H2", "/H3", "/P", "/L", "/LI", "/LBody", "/Table", "/TR", "/TH", "/TD"} <= {*found}


def test_a_table_over_many_pages_is_one_table_with_one_header(pdf):
    tables = [n for n in nodes(pdf.Root.StructTreeRoot) if n.S == "/Table"]
    incidents = max(tables, key=lambda table: len(table.K))

    assert roles(incidents) == ["/TR"] * 60  # the header and 59 incidents
    assert roles(incidents.K[0]) == ["/TH"] * 6
    assert all(roles(row) == ["/TH", *["/TD"] * 5] for row in list(incidents.K)[1:])


def test_header_cells_say_whether_they_head_a_column_or_a_row(pdf):
    for table in (n for n in nodes(pdf.Root.StructTreeRoot) if n.S == "/Table"):
        head, *rows = (list(row.K) for row in table.K)

        assert {str(cell.A.Scope) for cell in head} == {"/Column"}
        assert {str(row[0].A.Scope) for row in rows} == {"/Row"}


def test_the_outline_has_every_heading_and_leads_to_its_place(pdf):
    with pdf.open_outline() as outline:
        (top,) = outline.root
        titles = [item.title for item in top.children]
        below = {item.title: [one.title for one in item.children] for item in top.children}
        pages = [item.destination[0].objgen for item in top.children]

    headings = [str(n.S) for n in nodes(pdf.Root.StructTreeRoot) if str(n.S)[:2] == "/H"]
    assert top.title == "Northwind Traders"
    assert titles[:2] == ["Support in force", "Considerations"]
    assert len(titles) == headings.count("/H2")
    assert below["Incidents"] == ["Reported in October 2026 (59)", "Reported before (1)"]
    order = [page.obj.objgen for page in pdf.pages]
    assert [order.index(one) for one in pages] == sorted(order.index(one) for one in pages)
    assert order.index(pages[-1]) >= len(order) - 2  # its notes may run over to one more


def test_the_file_says_that_it_follows_pdf_ua(pdf):
    with pdf.open_metadata() as metadata:
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
    assert pdf.Root.PageMode == "/UseOutlines"


def test_charts_are_told_in_words(pdf):
    figures = [str(n.Alt) for n in nodes(pdf.Root.StructTreeRoot) if n.S == "/Figure"]

    assert figures[0].startswith("By week. 1–4: 1 reported, 4 solved; 5–11: 2 reported")
    assert figures[1].startswith("By month. May 26: 7 reported, 7 solved;")


@pytest.mark.parametrize("make", (make_northwind, make_draft))
def test_all_that_is_drawn_is_either_tagged_or_an_artifact(make):
    with pikepdf.open(BytesIO(render(make()))) as pdf:
        for page in pdf.pages:
            depth = 0
            for operator in operators(page):
                depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(operator, 0)
                assert depth in (0, 1)  # no Span of other letters in these two
                assert depth or operator not in ("Tj", "TJ", "f", "f*", "S", "s", "B", "b")


def test_every_mark_leads_to_its_node_and_back(pdf):
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    for index, page in enumerate(pdf.pages):
        owners = numbers[2 * index + 1]

        assert page.obj.StructParents == index
        assert operators(page).count("BDC") == len(owners)
        for mark, node in enumerate(owners):
            assert (index, mark) in set(pieces(pdf, node))


def pieces(pdf, node):
    """(page, mark) of what a node draws: a number where it is one piece on one page."""
    order = [page.obj.objgen for page in pdf.pages]
    if isinstance(node.K, int):
        yield order.index(node.Pg.objgen), node.K
        return
    for kid in node.K:
        if "/MCID" in kid:
            yield order.index(kid.Pg.objgen), int(kid.MCID)


STANDARD = {
    *("/Document", "/H1", "/H2", "/H3", "/P", "/L", "/LI", "/LBody", "/Lbl", "/Span"),
    *("/Table", "/TR", "/TH", "/TD", "/Figure", "/Caption"),
}


def test_what_the_standard_asks_of_the_whole_file(pdf):
    """ISO 14289-1: language, tags that every reader knows, letters that can be read back."""
    root = pdf.Root
    assert str(root.Lang) == "en-GB"
    assert not root.MarkInfo.get("/Suspects", False)
    known = {str(one) for one in root.StructTreeRoot.get("/RoleMap", {})}
    assert {str(node.S) for node in nodes(root.StructTreeRoot)} <= STANDARD | known
    levels = [int(str(n.S)[2]) for n in nodes(root.StructTreeRoot) if str(n.S)[:2] == "/H"]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert not any("/JS" in one or "/JavaScript" in one for one in (root, root.get("/Names", {})))


def test_every_letter_is_inside_and_can_be_read_back(pdf):
    fonts = {}
    for page in pdf.pages:
        for font in page.obj.Resources.Font.values():
            fonts[str(font.BaseFont)] = font

    assert fonts
    for name, font in fonts.items():
        assert "/ToUnicode" in font, name
        described = font.get("/FontDescriptor") or font.DescendantFonts[0].FontDescriptor
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.keys()), name


def test_links_and_notes_are_in_the_order_of_the_structure(pdf):
    for page in pdf.pages:
        notes = page.obj.get("/Annots", [])
        assert not list(notes) or page.obj.Tabs == "/S"
