"""The report's last part: every figure with what it counts."""

from __future__ import annotations

from core.pdf import look
from core.pdf.writer import Writer
from reports.rules import figures as counting
from reports.rules.content import ReportContent


def write(writer: Writer, content: ReportContent) -> None:
    """So that a customer can add up what the report says; nothing for an empty month."""
    figures = counting.figures(content)
    if not figures:
        return
    writer.h2("What is behind each figure")
    for figure in figures:
        writer.h3(f"{figure.label} ({figure.count:,})", room=40)
        writer.paragraph(", ".join(one.label for one in figure.named), look.NOTE)
