"""From the tree of parts to what a person reads and what is kept as files."""

from dataclasses import dataclass, field
from html import escape

from mailroom.text import uu
from mailroom.text.attachments import Attachment, safe_name, safe_type
from mailroom.text.calendars import Event, read_calendar
from mailroom.text.cms import open_signed
from mailroom.text.html import MAX_HTML, as_text, clean_html, decode_html
from mailroom.text.parts import (
    Headers,
    Part,
    body_bytes,
    content_type,
    disposition,
    file_name,
    message_bytes,
    parameter,
    parse,
)
from mailroom.text.text import clean, decode
from mailroom.text.tnef import unpack

MAX_TEXT = 1_000_000
MAX_DEPTH = 250

# Second versions of the text for special readers; the raw mail keeps them.
_UNREAD_ALTERNATIVES = {"text/x-amp-html", "text/watch-html", "text/enriched", "text/richtext"}
_AS_TEXT = {"text/plain", "text/markdown", "text/x-markdown", "text/flowed"}
_SMIME = {
    *("application/pkcs7-mime", "application/x-pkcs7-mime"),
    *("application/pkcs7-signature", "application/x-pkcs7-signature"),
}
_REACTION = "text/vnd.google.email-reaction+json"
_TNEF_TYPES = {"application/ms-tnef", "application/vnd.ms-tnef"}


@dataclass
class Segment:
    """One piece of the body: text, HTML, or both as alternatives."""

    text: str = ""
    html: str = ""


@dataclass
class Contents:
    """What was found in the parts. `delivery_status` and `returned` belong to bounces: the
    machine-readable report, and the head of the mail that came back. `signer` is whose
    certificate an S/MIME signature carries (not verified), `was_opened` that its mail was inside
    of it, `event` the first one of a calendar, `is_reaction` a thumb under a mail of ours."""

    segments: list[Segment] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    delivery_status: str = ""
    returned: str = ""
    is_disposition: bool = False
    is_reaction: bool = False
    signer: str = ""
    was_opened: bool = False
    event: Event | None = None

    def text(self) -> str:
        """The body as text: what the sender wrote as text, else rendered from HTML."""
        texts = [segment.text or as_text(segment.html) for segment in self.segments]
        text = "\n\n".join(text for text in texts if text.strip()).strip("\n")
        if not text.strip() and self.event is not None:
            text = self.event.in_words()
        if len(text) > MAX_TEXT:
            self.problems.append("the text was cut after one million characters")
        return text[:MAX_TEXT]

    def html(self) -> str:
        """The body as cleaned HTML; empty if the sender sent none."""
        if not any(segment.html for segment in self.segments):
            return ""
        pieces = [segment.html or f"<pre>{escape(segment.text)}</pre>" for segment in self.segments]
        return clean_html("\n".join(pieces))


def collect(root: Part) -> Contents:
    """Walk the parts of `root`, in their order."""
    contents = Contents()
    _walk(root, contents, depth=0)
    return contents


def _walk(part: Part, contents: Contents, depth: int) -> None:
    kind = content_type(part)
    if kind.startswith("multipart/") and part.is_made_of_parts():
        if depth >= MAX_DEPTH:
            contents.problems.append(f"more than {MAX_DEPTH} levels: the rest was not read")
        elif kind == "multipart/alternative":
            _walk_alternatives(part.children, contents, depth)
        else:
            for child in part.children:
                _walk(child, contents, depth + 1)
    elif kind.startswith("message/"):
        _take_message(part, kind, contents)
    elif _is_smime(part, kind):
        _take_smime(part, kind, contents, depth)
    elif _is_body(part, kind, contents, root=depth == 0):
        _take_text(part, kind, contents)
    else:
        _take_file(part, kind, contents)


def _is_smime(part: Part, kind: str) -> bool:
    named = kind == "application/octet-stream" and file_name(part).lower().endswith(".p7m")
    return named or kind in _SMIME


def _take_smime(part: Part, kind: str, contents: Contents, depth: int) -> None:
    """A signature: whose it is, and the mail in it. What is encrypted stays a file."""
    signed = open_signed(body_bytes(part))
    if signed is None or depth >= MAX_DEPTH:
        _take_file(part, kind, contents)
        return
    contents.signer = contents.signer or signed.signer
    if not signed.content:
        _take_file(part, kind, contents)
        return
    contents.was_opened = True
    inner, problems = parse(signed.content)
    contents.problems.extend(problems)
    _walk(inner, contents, depth + 1)


def _walk_alternatives(children: list[Part], contents: Contents, depth: int) -> None:
    inner = Contents(attachments=contents.attachments, problems=contents.problems)
    inner.signer = contents.signer
    for child in children:
        if content_type(child) not in _UNREAD_ALTERNATIVES or len(children) == 1:
            _walk(child, inner, depth + 1)
    text = "\n\n".join(segment.text for segment in inner.segments if segment.text)
    html = "\n".join(segment.html for segment in inner.segments if segment.html)
    if text.strip() or html.strip():
        contents.segments.append(Segment(text if text.strip() else "", html))
    contents.delivery_status += inner.delivery_status
    contents.returned = contents.returned or inner.returned
    contents.is_disposition |= inner.is_disposition
    contents.is_reaction |= inner.is_reaction
    contents.was_opened |= inner.was_opened
    contents.signer = contents.signer or inner.signer
    contents.event = contents.event or inner.event


def _is_body(part: Part, kind: str, contents: Contents, *, root: bool) -> bool:
    """Is this part words to read, not a file?"""
    broken = kind.startswith("multipart/")  # announced as parts, but has none
    if not (broken or kind == "text/html" or kind in _AS_TEXT):
        return False
    placed = disposition(part)
    if placed == "attachment":
        return False
    if root or not file_name(part):
        return True
    # Some programs name the text itself; the first such part is the text.
    return not placed and not contents.segments


def _take_text(part: Part, kind: str, contents: Contents) -> None:
    data = body_bytes(part)
    charset = parameter(part, "charset") or None
    limit = MAX_HTML if kind == "text/html" else MAX_TEXT
    if len(data) > limit and b"\nbegin " not in data:
        # Its beginning is read, and the whole can be downloaded.
        contents.problems.append("a very long text is kept as a file, its beginning is shown")
        name = "whole-text.html" if kind == "text/html" else "whole-text.txt"
        _add(contents, file_name(part) or name, kind, data, part)
        data = data[:limit]
    if kind == "text/html":
        contents.segments.append(Segment(html=clean(decode_html(data, charset))))
        return
    text, files = uu.extract(clean(decode(data, charset)))
    contents.segments.append(Segment(text=text))
    for name, content in files:
        _add(contents, name, "application/octet-stream", content)


def _take_message(part: Part, kind: str, contents: Contents) -> None:
    content = message_bytes(part)
    if kind in ("message/delivery-status", "message/global-delivery-status"):
        contents.delivery_status += "\n\n" + clean(decode(content[:200_000], None))
    elif kind == "message/disposition-notification":
        contents.is_disposition = True
    elif kind in ("message/rfc822", "message/global") and not contents.returned:
        contents.returned = clean(decode(content[:100_000], None))
    name = file_name(part)
    if not name and kind in ("message/rfc822", "message/global") and part.children:
        subject = Headers(part.children[0]).first("subject")
        name = f"{subject[:100].replace('/', '_')}.eml" if subject else ""
    _add(contents, name, kind, content, part)


def _take_file(part: Part, kind: str, contents: Contents) -> None:
    content = body_bytes(part)
    name = file_name(part)
    if kind in ("text/rfc822-headers", "message/rfc822-headers") and not contents.returned:
        contents.returned = clean(decode(content[:100_000], None))
    if kind in _TNEF_TYPES or name.lower() == "winmail.dat":
        if _take_tnef(content, contents):
            return
        contents.problems.append("winmail.dat could not be opened")
    if kind in ("text/calendar", "application/ics") or name.lower().endswith(".ics"):
        text = clean(decode(content[:500_000], parameter(part, "charset") or None))
        contents.event = contents.event or read_calendar(text, parameter(part, "method"))
        name = name or "invite.ics"
    if kind == _REACTION:
        contents.is_reaction = True
        return
    _add(contents, name, kind, content, part)


def _take_tnef(content: bytes, contents: Contents) -> bool:
    """Replace winmail.dat by what is in it; False if nothing could be read."""
    tnef = unpack(content)
    for file in tnef.files:
        # Python guesses nothing from names here: a type is only ever the sender's claim.
        kind = file.content_type or "application/octet-stream"
        contents.attachments.append(
            Attachment(
                name=safe_name(file.name, safe_type(kind), len(contents.attachments) + 1),
                content_type=safe_type(kind),
                content=file.content,
                content_id=clean(file.content_id)[:200],
                inline=bool(file.content_id),
            )
        )
    wrote = any(segment.text.strip() or segment.html.strip() for segment in contents.segments)
    if not wrote and (tnef.text.strip() or tnef.html):
        html = clean(decode_html(tnef.html, None)) if tnef.html else ""
        contents.segments.append(Segment(clean(tnef.text), html))
    return bool(tnef.files or tnef.text or tnef.html)


def _add(
    contents: Contents,
    name: str,
    kind: str,
    content: bytes,
    part: Part | None = None,
) -> None:
    kind = safe_type(kind)
    content_id = clean(Headers(part).first("content-id")).strip("<> ")[:200] if part else ""
    contents.attachments.append(
        Attachment(
            name=safe_name(name, kind, len(contents.attachments) + 1),
            content_type=kind,
            content=content,
            content_id=content_id,
            inline=bool(part and (content_id or disposition(part) == "inline")),
        )
    )
