"""The text of files, as far as search looks into them: plain text and mails, bounded."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

import structlog

from tickets.models import Attachment
from tickets.rules.text_files import is_mail, is_text

logger = structlog.get_logger(__name__)

LONGEST = 64_000  # bytes of a file that are read


def text_of(file: Attachment) -> str:
    """What the file says; "" for one that is no text, is gone, or can not be read.

    Whatever is wrong with one file must not keep its incident from being found.
    """
    if not is_text(file.name, file.content_type):
        return ""
    try:
        with file.file.open("rb") as opened:
            raw = opened.read(LONGEST)
        return _of_mail(raw) if is_mail(file.name, file.content_type) else _decoded(raw)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        logger.info("text of a file can not be read", attachment=file.pk, error=str(error))
        return ""


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    if b"\0" in raw[:1000]:
        return ""  # no text, whatever it is called
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start > len(raw) - 4:  # cut in the middle of a letter
            return raw[: error.start].decode("utf-8-sig")
        return raw.decode("cp1252", "replace")


def _of_mail(raw: bytes) -> str:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage), "the policy makes such"
    heads = [str(mail.get(name, "")) for name in ("Subject", "From", "To")]
    body = mail.get_body(("plain",))
    return "\n".join([*heads, str(body.get_content()) if body is not None else ""])
