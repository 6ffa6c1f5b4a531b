"""The monthly service report as a PDF (rule 11)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pikepdf
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from reports.pdf import annex, closing, details, look, opening, remarks, typeface
from reports.pdf.letterhead import Paper
from reports.pdf.tagging import Element, Entry, TaggedCanvas, write_outline, write_structure
from reports.pdf.typesetting import Typesetter
from reports.pdf.writer import Writer
from reports.rules.content import ReportContent, checksum
from reports.rules.months import Month

_LANGUAGE = "en-GB"
_UA = "http://www.aiim.org/pdfua/ns/id/"  # ISO 14289: what says that a file follows PDF/UA


def render(content: ReportContent) -> bytes:
    """A4, tagged (PDF/UA), with bookmarks, every font inside. The same content, the same bytes.

    A draft says so on every page. All moments are in the organisation's time zone. Characters
    that no typeface has appear as U+FFFD, and a note says so.
    """
    proof = checksum(content)
    characters = frozenset(json.dumps(content.as_json(), ensure_ascii=False))
    with typeface.typefaces(characters) as faces:
        writer = Writer(Element("Document"), Typesetter(faces))
        opening.write(writer, content)
        remarks.write(writer, content)
        details.write(writer, content)
        annex.write(writer, content)
        closing.write(writer, content, proof)
        file, outline = _laid_out(writer, Paper(content, proof, writer.setter))
    return _finished(file, outline, writer, content)


def _laid_out(writer: Writer, paper: Paper) -> tuple[BytesIO, list[Entry]]:
    outline: list[Entry] = []

    class ReportCanvas(TaggedCanvas):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs | {"initialFontName": typeface.REGULAR})
            self.outline = outline

        def draw_footer(self, page: int, pages: int) -> None:
            paper.draw_footer(self, page, pages)

    file = BytesIO()
    document = BaseDocTemplate(
        file,
        pagesize=(look.PAGE_WIDTH, look.PAGE_HEIGHT),
        title=_title(paper.content),
        author=paper.content.vendor.name,
        subject=paper.content.number or "Draft",
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
    document.build(writer.story, canvasmaker=ReportCanvas)
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


def _finished(file: BytesIO, outline: list[Entry], writer: Writer, content: ReportContent) -> bytes:
    """With its structure tree and metadata; dated by the content, not by the clock."""
    out = BytesIO()
    made_at = content.issued_at or content.known_at
    with pikepdf.open(file) as pdf:
        write_structure(pdf, writer.document)
        write_outline(pdf, outline)
        stamp = pikepdf.String(_pdf_date(made_at))
        pdf.docinfo["/CreationDate"] = stamp
        pdf.docinfo["/ModDate"] = stamp
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata.register_xml_namespace(_UA, "pdfuaid")
            metadata["pdfuaid:part"] = "1"
            metadata["dc:title"] = _title(content)
            metadata["dc:language"] = [_LANGUAGE]
            metadata["dc:creator"] = [content.vendor.name]
            metadata["xmp:CreateDate"] = made_at.astimezone(UTC).isoformat()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _title(content: ReportContent) -> str:
    draft = " (draft)" if content.is_draft else ""
    month = Month.parse(content.month).label
    return f"Service report of {month} for {content.organisation}{draft}"


def _pdf_date(moment: datetime) -> str:
    return f"D:{moment.astimezone(UTC):%Y%m%d%H%M%S}Z"
