"""All that a raw mail says, to look in it for somebody: headers and texts, decoded."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage, Message

MOST = 2_000_000  # characters of one part that are looked at; longer ones are files


def text_of(raw: bytes) -> str:
    """Headers and the text of every part, as far as they can be read; never raises."""
    found = [raw[:MOST].decode("utf-8", "replace")]
    try:
        mail = message_from_bytes(raw, policy=policy.default)
        for part in mail.walk():
            found += [str(value) for value in part.values()]
            found.append(_content(part))
    except Exception:  # whatever a broken mail makes of the parser: its bytes were looked at
        found.append("")
    return "\n".join(found)


def _content(part: Message | EmailMessage) -> str:
    if part.get_content_maintype() not in ("text", "application"):
        return ""
    packed = part.get_payload(decode=True)
    if not isinstance(packed, bytes):
        return ""
    charset = part.get_content_charset("utf-8")
    try:
        return packed[:MOST].decode(charset, "replace")
    except LookupError:
        return packed[:MOST].decode("latin-1")
