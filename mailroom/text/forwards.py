"""Whose mail somebody passes on: the sender of the mail that is quoted with its headers."""

from __future__ import annotations

import re

from mailroom.text.headers import mailboxes
from mailroom.text.reading import ReadMail

_FORWARD = re.compile(
    r"\s*(?:fwd?|wg|tr|rv|i|enc|doorst|vs|vb|pd|továbbítás|trs|reencaminhado|пересл|вых|fs|yml|轉寄|转发)"
    r"\s*[:：]",
    re.IGNORECASE,
)
_LINES = 12  # of the quoted mail's beginning: its header block


def is_forward(read: ReadMail) -> bool:
    """Whether the subject says that it is passed on."""
    return bool(_FORWARD.match(read.subject))


def forwarded_from(read: ReadMail) -> str:
    """The address that the quoted header block names first, its From; empty if there is none."""
    if not is_forward(read):
        return ""
    text = read.embedded_email or read.elided
    for line in text.split("\n")[:_LINES]:
        _, colon, value = line.lstrip("> \t*").partition(":")
        boxes = mailboxes([value.strip().strip("*").strip()]) if colon else ()
        if boxes:
            return boxes[0].address
    return ""
