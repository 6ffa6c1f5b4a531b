"""The monthly service report as a PDF (rule 11)."""

from __future__ import annotations

import json

from core.pdf import document
from core.pdf.document import Facts
from core.pdf.paper import Imprint
from core.pdf.writer import Writer
from reports.pdf import annex, closing, details, opening, remarks
from reports.rules.content import ReportContent, checksum
from reports.rules.months import Month

_CHECKSUM_SHOWN = 12


def render(content: ReportContent) -> bytes:
    """A4, tagged (PDF/UA), with bookmarks, every font inside. The same content, the same bytes.

    A draft says so on every page. All moments are in the organisation's time zone. Characters
    that no typeface has appear as U+FFFD, and a note says so.
    """
    proof = checksum(content)
    characters = frozenset(json.dumps(content.as_json(), ensure_ascii=False))

    def write(writer: Writer) -> None:
        opening.write(writer, content)
        remarks.write(writer, content)
        details.write(writer, content)
        annex.write(writer, content)
        closing.write(writer, content, proof)

    return document.render(_facts(content), _imprint(content, proof), characters, write)


def _facts(content: ReportContent) -> Facts:
    draft = " (draft)" if content.is_draft else ""
    month = Month.parse(content.month).label
    return Facts(
        title=f"Service report of {month} for {content.organisation}{draft}",
        subject=content.number or "Draft",
        made_at=content.issued_at or content.known_at,
    )


def _imprint(content: ReportContent, proof: str) -> Imprint:
    return Imprint(
        sender=content.vendor,
        owner=content.organisation,
        about=Month.parse(content.month).label,
        foot=f"Service report {content.number or '(draft, not issued)'}",
        middle=f"checksum {proof[:_CHECKSUM_SHOWN]}…",
        is_draft=content.is_draft,
    )
