"""What the manager adds in words. Early in the report: it is what the customer acts upon."""

from __future__ import annotations

from collections.abc import Sequence

from core.pdf.writer import Writer
from reports.rules import wording
from reports.rules.content import ReportContent


def write(writer: Writer, content: ReportContent) -> None:
    """An empty part is left out; a draft without any shows that it waits for words."""
    parts = (
        ("Considerations", wording.paragraphs(content.considerations)),
        ("Recommendations", wording.paragraphs(content.recommendations)),
    )
    for title, blocks in parts:
        if blocks:
            _write_part(writer, title, blocks)
    if content.is_draft and not any(blocks for _, blocks in parts):
        writer.h2("Considerations and recommendations", room=70)
        writer.paragraph("Nothing written yet.")


def _write_part(writer: Writer, title: str, blocks: Sequence[tuple[str, Sequence[str]]]) -> None:
    writer.h2(title, room=70)
    for kind, lines in blocks:
        if kind == "ul":
            writer.items(lines)
            writer.space(4)
        else:
            writer.paragraph(lines[0])
