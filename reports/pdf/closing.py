"""The report's end: who answers questions, how the figures are counted."""

from __future__ import annotations

from core.pdf import look
from core.pdf.writer import Writer
from reports.rules import wording
from reports.rules.content import ReportContent


def write(writer: Writer, content: ReportContent, checksum: str) -> None:
    _write_contact(writer, content)
    _write_notes(writer, content, checksum)


def _write_contact(writer: Writer, content: ReportContent) -> None:
    writer.h2("Questions about this report", room=90)
    vendor, manager = content.vendor, content.manager
    if manager:
        writer.paragraph(
            f"{manager.name}, Technical Account Manager of {vendor.name} · {manager.email}"
        )
    reach = " · ".join(part for part in (vendor.support_address, vendor.phone) if part)
    writer.paragraph(f"Further information on every line is given on request: {reach}")


def _write_notes(writer: Writer, content: ReportContent, checksum: str) -> None:
    writer.h3("How to read the figures")
    notes = [
        f"All moments are in the time zone {content.timezone}; the month runs from midnight to "
        "midnight there. Spans are rounded down; verdicts are not rounded.",
        "Time to first answer runs from the moment the report reached our server to the first "
        "answer by a person; where the target is in working hours, it counts those only. "
        "Time of solving is the whole time from the report to its solution.",
        f"Everything is told as it stood on {wording.moment(content.as_of, content.timezone)}, as "
        f"far as it was known on {wording.moment(content.known_at, content.timezone)}: what "
        "happened later is in a later report, what proves to be wrong in a revision of this one.",
        "Solved is what was ended with an answer; what was closed without any answer of a person "
        "counts apart. An answer is due on the report, and again on what is written later: all of "
        "them count as met or late. Every figure names what it counts at the end of this report.",
    ]
    if writer.setter.faces.missing:
        notes.append(
            "The sign \N{REPLACEMENT CHARACTER} stands for a character that the typefaces of this "
            "document lack; the same report in the portal shows it."
        )
    notes.append(f"Checksum of the figures and texts above (SHA-256): {checksum}")
    for note in notes:
        writer.paragraph(note, look.NOTE)
