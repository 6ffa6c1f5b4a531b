"""What becomes of a mail that carries marks of a machine (M2): taken, or suppressed with a reason.

Suppressed is what answers *us* automatically. A mark alone hides nothing: the fresh mail of
somebody we know is taken, whatever its program wrote above it; only our own automatic answer is
withheld.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailroom.text.automatic import Sign
from mailroom.text.reading import ReadMail
from mailroom.text.titles import ABSENT

_SURE = frozenset({Sign.BOUNCE, Sign.RECEIPT, Sign.REACTION, Sign.CALENDAR, Sign.LOOP})
_REPLIES = frozenset({Sign.REPLY, Sign.ABSENCE})
_WEAK = frozenset({Sign.QUIET, Sign.BULK})
_ANSWERS = re.compile(r"\s*(?:re|aw|sv|antw|vs|odp|ynt|auto)\s*[:：]", re.IGNORECASE)


@dataclass(frozen=True)
class Circumstances:
    """What the database knows: whether it answers a mail or an incident of ours, and whether we
    know its sender."""

    answers_ours: bool
    is_known: bool


def why_suppressed(read: ReadMail, about: Circumstances) -> str:
    """Why nothing is opened by it, as a sentence; empty for a mail that is taken."""
    sign = read.sign
    if sign is None:
        return ""
    if sign in _SURE or (sign == Sign.OWN and read.has_our_id):
        return f"It is {sign}: it opens nothing."
    if sign in _REPLIES and (about.answers_ours or _is_an_answer(read, sign)):
        return f"It is {sign}: it opens nothing."
    if sign == Sign.GENERATED and about.answers_ours:
        return "A program answered a mail of ours: it opens nothing."
    if sign in _WEAK and about.answers_ours and not _is_written(read):
        return f"It answers a mail of ours and is {sign}: it opens nothing."
    if sign == Sign.LIST and not about.is_known and read.is_newsletter:
        return "It is a newsletter of somebody whom we do not know."
    return ""


def _is_an_answer(read: ReadMail, sign: Sign) -> bool:
    """Does the mail itself say that it answers something, beside its mark?"""
    if read.in_reply_to or read.references:
        return True
    titled = ABSENT.match(read.subject) or _ANSWERS.match(read.subject)
    return sign == Sign.REPLY and bool(titled)


def _is_written(read: ReadMail) -> bool:
    """Does it look as if a person wrote it: by their mail program, or by what they quote?"""
    return bool(read.reply_text.strip()) and (read.from_client or bool(read.elided.strip()))
