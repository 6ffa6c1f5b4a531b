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
    assert all(roles(row) == ["/TD"] * 6 for row in list(incidents.K)[1:])


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
                assert depth in (0, 1)
                assert depth or operator not in ("Tj", "TJ", "f", "f*", "S", "s", "B", "b")


def test_every_mark_leads_to_its_node_and_back(pdf):
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    for index, page in enumerate(pdf.pages):
        owners = numbers[2 * index + 1]

        assert page.obj.StructParents == index
        assert operators(page).count("BDC") == len(owners)
        for mark, node in enumerate(owners):
            assert any(
                "/MCID" in kid and mark == kid.MCID and kid.Pg.objgen == page.obj.objgen
                for kid in node.K
            )
