"""Tagged PDF: what is a heading, a table cell, a figure, for screen readers and for extraction.

While a page is drawn, `TaggedCanvas` puts marked-content operators around each piece and notes
which piece it was; `write_structure` then adds the structure tree to the finished file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from reportlab.pdfgen.canvas import Canvas


@dataclass(eq=False)
class Element:
    """A node of the structure tree; pieces of it may lie on several pages."""

    role: str  # a standard structure type: "H1", "P", "TD", ...
    alt: str = ""
    scope: str = ""  # of a header cell: "Row" or "Column"
    children: list[Element] = field(default_factory=list)
    pieces: list[tuple[int, int]] = field(default_factory=list)  # (page from 1, its MCID)

    def child(self, role: str, alt: str = "", scope: str = "") -> Element:
        element = Element(role, alt, scope)
        self.children.append(element)
        return element


@dataclass(frozen=True)
class Entry:
    """A line of the document's outline: where its heading stands."""

    title: str
    level: int  # 1: the document
    page: int  # from 1
    top: float  # points from the page's foot


class TaggedCanvas(Canvas):
    """A canvas that knows the document's structure, and the number of its pages when it ends.

    Whatever is drawn outside `piece` is for the eye only and belongs into `artifact`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = Element("Document")
        self._marks = 0
        self._inside = False
        self._finished: list[dict[str, Any]] = []
        self.outline: list[Entry] = []

    @contextmanager
    def piece(self, element: Element) -> Iterator[None]:
        """What is drawn inside is (a part of) the element. Nested pieces belong to the outer."""
        if self._inside:
            yield
            return
        element.pieces.append((self.getPageNumber(), self._marks))
        with self._marked(f"/{element.role} <</MCID {self._marks}>> BDC"):
            self._marks += 1
            yield

    def note_heading(self, title: str, level: int, top: float) -> None:
        """`top`: points above the heading's own foot."""
        _, y = self.absolutePosition(0, top)
        self.outline.append(Entry(title, level, self.getPageNumber(), y))

    @contextmanager
    def reading(self, text: str) -> Iterator[None]:
        """What is drawn inside reads as `text`, whatever its glyphs are."""
        heard = text.encode("utf-16-be").hex().upper()
        self._code.append(f"/Span <</ActualText <FEFF{heard}>>> BDC")
        yield
        self._code.append("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        if self._inside:
            yield
            return
        with self._marked("/Artifact BMC"):
            yield

    @contextmanager
    def _marked(self, operator: str) -> Iterator[None]:
        # reportlab has no public way to write an operator
        self._code.append(operator)
        self._inside = True
        try:
            yield
        finally:
            self._inside = False
            self._code.append("EMC")

    def showPage(self) -> None:  # noqa: N802 -- reportlab's name
        self._marks = 0
        self._code[:] = ["\n".join(self._code)]  # one string takes a third of its lines' memory
        self._finished.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Each page gets its footer only now, when the number of pages is known."""
        for state in self._finished:
            self.__dict__.update(state)
            with self.artifact():
                self.draw_footer(self.getPageNumber(), len(self._finished))
            super().showPage()
        super().save()

    def draw_footer(self, page: int, pages: int) -> None:
        """For the document's own canvas to fill in."""


def write_outline(pdf: pikepdf.Pdf, entries: Sequence[Entry]) -> None:
    """The bookmarks: a tree of the headings; a level that was left out is no gap."""
    with pdf.open_outline() as outline:
        above: list[tuple[int, list[pikepdf.OutlineItem]]] = [(0, outline.root)]
        for one in entries:
            item = pikepdf.OutlineItem(one.title, one.page - 1, "XYZ", left=0, top=one.top)
            while above[-1][0] >= one.level:
                above.pop()
            above[-1][1].append(item)
            above.append((one.level, item.children))
    pdf.Root.PageMode = Name.UseOutlines


def write_structure(pdf: pikepdf.Pdf, document: Element) -> None:
    """Adds the tree, with the parent tree that leads from a page's pieces back to their nodes."""
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    owners: list[dict[int, pikepdf.Object]] = [{} for _ in pdf.pages]
    root.K = Array([_node(pdf, document, root, owners)])
    numbers: list[Any] = []
    for index, page in enumerate(pdf.pages):
        page.obj.StructParents = index
        page.obj.Tabs = Name.S
        pieces = Array([owners[index][mark] for mark in sorted(owners[index])])
        numbers.extend([index, pdf.make_indirect(pieces)])
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(numbers)))
    root.ParentTreeNextKey = len(pdf.pages)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _node(
    pdf: pikepdf.Pdf,
    element: Element,
    parent: pikepdf.Object,
    owners: list[dict[int, pikepdf.Object]],
) -> pikepdf.Object:
    node = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{element.role}"), P=parent))
    if element.alt:
        node.Alt = pikepdf.String(element.alt)
    if element.scope:
        node.A = Dictionary(O=Name.Table, Scope=Name(f"/{element.scope}"))
    for page, mark in element.pieces:
        owners[page - 1][mark] = node
    node.K = _kids(pdf, element, node, owners)
    return node


def _kids(
    pdf: pikepdf.Pdf,
    element: Element,
    node: pikepdf.Object,
    owners: list[dict[int, pikepdf.Object]],
) -> Array | int:
    """Its children and pieces; the only piece of a cell is a number, which takes no object."""
    if len(element.pieces) == 1 and not element.children:
        page, mark = element.pieces[0]
        node.Pg = pdf.pages[page - 1].obj
        return mark
    kids = Array([_node(pdf, child, node, owners) for child in element.children])
    for page, mark in element.pieces:
        kids.append(Dictionary(Type=Name.MCR, Pg=pdf.pages[page - 1].obj, MCID=mark))
    return kids
