"""A whole document: A4, tagged (PDF/UA), with bookmarks, every font inside.

Each room writes its story into a `Writer`; paper, structure and metadata are the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pikepdf
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from core.pdf import look, typeface
from core.pdf.paper import Imprint, Paper
from core.pdf.tagging import Element, Entry, TaggedCanvas, write_outline, write_structure
from core.pdf.typesetting import Typesetter
from core.pdf.writer import Writer

_LANGUAGE = "en-GB"
_UA = "http://www.aiim.org/pdfua/ns/id/"  # ISO 14289: what says that a file follows PDF/UA


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The file's own: dated by what it says, so that the same content gives the same bytes."""

    title: str
    subject: str
    made_at: datetime


def render(
    facts: Facts, imprint: Imprint, characters: Set[str], write: Callable[[Writer], None]
) -> bytes:
    """`characters` are all that the document may show; what no typeface has appears as U+FFFD.

    A draft says so on every page. The same arguments, the same bytes.
    """
    with typeface.typefaces(characters) as faces:
        writer = Writer(Element("Document"), Typesetter(faces))
        write(writer)
        file, outline = _laid_out(writer, facts, Paper(imprint, writer.setter))
    return _finished(file, outline, writer, facts, imprint)


def _laid_out(writer: Writer, facts: Facts, paper: Paper) -> tuple[BytesIO, list[Entry]]:
    outline: list[Entry] = []

    class Pages(TaggedCanvas):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs | {"initialFontName": typeface.REGULAR})
            self.outline = outline

        def draw_footer(self, page: int, pages: int) -> None:
            paper.draw_footer(self, page, pages)

    file = BytesIO()
    document = BaseDocTemplate(
        file,
        pagesize=(look.PAGE_WIDTH, look.PAGE_HEIGHT),
        title=facts.title,
        author=paper.imprint.sender.name,
        subject=facts.subject,
        creator="",
        producer="",
        lang=_LANGUAGE,
        invariant=1,
    )
    document.addPageTemplates(
        [
            PageTemplate(
                "first",
                [_frame(look.FIRST_TOP)],
                onPage=lambda canvas, _: paper.draw_first(canvas),
                autoNextPageTemplate="later",
            ),
            PageTemplate(
                "later", [_frame(look.LATER_TOP)], onPage=lambda canvas, _: paper.draw_later(canvas)
            ),
        ]
    )
    document.build(writer.story, canvasmaker=Pages)
    return file, outline


def _frame(top: float) -> Frame:
    height = look.PAGE_HEIGHT - top - look.BOTTOM
    return Frame(
        look.MARGIN,
        look.BOTTOM,
        look.BODY_WIDTH,
        height,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )


def _finished(
    file: BytesIO, outline: list[Entry], writer: Writer, facts: Facts, imprint: Imprint
) -> bytes:
    """With its structure tree and metadata; dated by the content, not by the clock."""
    out = BytesIO()
    with pikepdf.open(file) as pdf:
        write_structure(pdf, writer.document)
        write_outline(pdf, outline)
        stamp_facts(pdf, facts, imprint.sender.name)
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def stamp_facts(pdf: pikepdf.Pdf, facts: Facts, author: str) -> None:
    """Title, language, dates and the mark of PDF/UA, for whoever draws pages of their own."""
    stamp = pikepdf.String(_pdf_date(facts.made_at))
    pdf.docinfo["/CreationDate"] = stamp
    pdf.docinfo["/ModDate"] = stamp
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata.register_xml_namespace(_UA, "pdfuaid")
        metadata["pdfuaid:part"] = "1"
        metadata["dc:title"] = facts.title
        metadata["dc:language"] = [_LANGUAGE]
        metadata["dc:creator"] = [author]
        metadata["xmp:CreateDate"] = facts.made_at.astimezone(UTC).isoformat()


def _pdf_date(moment: datetime) -> str:
    return f"D:{moment.astimezone(UTC):%Y%m%d%H%M%S}Z"
