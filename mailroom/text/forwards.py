"""Whose mail somebody passes on: the sender of the mail that is quoted, or attached, whole."""

from __future__ import annotations

import re

from mailroom.text import markers
from mailroom.text.headers import mailboxes
from mailroom.text.parts import Headers, parse
from mailroom.text.reading import ReadMail

# What mail programs put before the subject, by language; some put it behind.
_FORWARD = re.compile(
    r"\s*\[?(?:fwd?|forward(?:ed)?|wg|weitergeleitet|tr|trans[fm]?|rv|reenv\w*|i|inoltr\w*|enc"
    r"|reencaminhad[ao]|encaminhad[ao]|doorst|doorgestuurd|fw|vs|vb|videresendt|vl|pd|podaj dalej"
    r"|przekazano|továbbít\w*|tov|trs|redirec\S{0,8}|redir|redirecționat|posr|posredovano"
    r"|proslijeđeno|prosleđeno|прослеђено|pers|persiųst\w*|pārs\w*|edasi|fs|yml|ilt|i̇lt|ynt-?ilet"
    r"|πρθ|προωθ\w*|пересл\w*|вых|препр\w*|إعادة توجيه|تحويل|הועבר|השב|ارجاع|転送|전달|轉寄|转发|転"
    r"|teruskan|diteruskan|chuyển tiếp|ส่งต่อ)\s*[:：]|.{0,300}\(fwd?\)\s*$",
    re.IGNORECASE,
)
_MAILTO = re.compile(r"\[mailto:([^\]\s]{3,254})\]", re.IGNORECASE)
_LINES = 12  # of the quoted mail's beginning: its header block
_OF_MAILS = ("message/rfc822", "message/global")


def is_forward(read: ReadMail) -> bool:
    """Whether its subject says that it is passed on, or a line above the quotation."""
    if _FORWARD.match(read.subject):
        return True
    lines = read.elided.split("\n")[: 2 * _LINES]
    return any(markers.PASSED_ON.search(line[:200]) for line in lines)


def forwarded_from(read: ReadMail) -> str:
    """The address that the quoted header block names first, its From; empty if there is none.

    Of a mail that comes attached, the From of that one.
    """
    attached = [one for one in read.attachments if one.content_type in _OF_MAILS]
    if len(attached) == 1 and not read.embedded_email:
        headers = Headers(parse(attached[0].content)[0])
        boxes = mailboxes(headers.all("from"))
        return boxes[0].address if len(boxes) == 1 else ""
    if not is_forward(read):
        return ""
    text = read.embedded_email or read.elided
    for line in text.split("\n")[:_LINES]:
        _, colon, value = line.lstrip("> \t*").partition(":")
        value = _MAILTO.sub(r"<\1>", value).strip().strip("*").strip()
        boxes = mailboxes([value]) if colon else ()
        if boxes:
            return boxes[0].address
    return ""
