"""Tagged PDF: what is a heading, a table cell, a figure, for screen readers and for extraction.

While a page is drawn, `TaggedCanvas` puts marked-content operators around each piece and notes
which piece it was; `write_structure` then adds the structure tree to the finished file.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    children: list[Element] = field(default_factory=list)
    pieces: list[tuple[int, int]] = field(default_factory=list)  # (page from 1, its MCID)

    def child(self, role: str, alt: str = "") -> Element:
        element = Element(role, alt)
        self.children.append(element)
        return element


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
    if element.role == "TH":
        node.A = Dictionary(O=Name.Table, Scope=Name.Column)
    kids = Array([_node(pdf, child, node, owners) for child in element.children])
    for page, mark in element.pieces:
        kids.append(Dictionary(Type=Name.MCR, Pg=pdf.pages[page - 1].obj, MCID=mark))
        owners[page - 1][mark] = node
    node.K = kids
    return node
