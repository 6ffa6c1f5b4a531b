"""Single headers: encoded words, addresses, message ids, dates."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from mailroom.text.text import clean, decode, from_header, one_line

# No mail that a person wrote comes near these; they bound the time spent on one header.
MAX_HEADER = 50_000
MAX_ADDRESSES = 500

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,990}>")
_ADDRESS = re.compile(
    r"(?:\"[^\"\n]{1,100}\"|[^\s<>()\[\],;:\"\\@]{1,200})@[^\s<>(),;:\"\\@]{1,255}"
)
_COMMENT = re.compile(r"\(([^()]*)\)")
_ANGLE = re.compile(r"<([^<>]*)>")


@dataclass(frozen=True)
class Mailbox:
    """One address of a header. `address` is lower case and may be empty, `name` too."""

    address: str
    name: str


def decode_words(value: str) -> str:
    """`value` with its encoded words (RFC 2047) decoded, on one line, cleaned.

    Bytes of neighbouring words of one charset are put together first: senders cut
    characters in two. Never raises; what can not be decoded is shown as it came.
    """
    value = from_header(value[:MAX_HEADER])
    out: list[str] = []
    pending = b""
    charset = ""
    end = 0
    for match in _ENCODED_WORD.finditer(value):
        between = value[end : match.start()]
        word_charset = match[1].split("*")[0].lower()
        if between.strip() or word_charset != charset:
            out.append(decode(pending, charset) if pending else "")
            # White space between two encoded words is not part of the text.
            out.append(between if between.strip() or end == 0 else "")
            pending, charset = b"", word_charset
        pending += _word_bytes(match[2], match[3])
        end = match.end()
    out.append(decode(pending, charset) if pending else "")
    out.append(value[end:])
    return one_line("".join(out))


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "bB":
        data = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
        try:
            return base64.b64decode(data + b"=" * (-len(data) % 4))
        except binascii.Error:
            return base64.b64decode(data[: len(data) // 4 * 4])
    return binascii.a2b_qp(data, header=True)


def mailboxes(values: Iterable[str]) -> tuple[Mailbox, ...]:
    """The addresses of headers like To, in their order, without repeats.

    Read before encoded words are decoded, so that a comma in a name splits nothing.
    """
    found: dict[str, Mailbox] = {}
    for value in values:
        raw = from_header(value[:MAX_HEADER])
        # Some programs encode the whole header, address and all.
        for box in _boxes(raw) or (_boxes(decode_words(raw)) if "=?" in raw else ()):
            found.setdefault(box.address, box)
            if len(found) >= MAX_ADDRESSES:
                return tuple(found.values())
    return tuple(found.values())


def _boxes(value: str) -> list[Mailbox]:
    return [box for piece in _split(value) if (box := _mailbox(piece)).address]


def _split(value: str) -> list[str]:
    """`value` cut at commas and semicolons outside quotes, comments and angle brackets."""
    pieces: list[str] = []
    current: list[str] = []
    quoted, depth, angle = False, 0, False
    for i, char in enumerate(value):
        if char == '"' and value[i - 1 : i] != "\\":
            quoted = not quoted
        elif not quoted:
            depth = max(0, depth + (char == "(") - (char == ")"))
            angle = (angle or char == "<") and char != ">"
            if char in ",;" and not depth and not angle:
                pieces.append("".join(current))
                current = []
                continue
        current.append(char)
    pieces.append("".join(current))
    if quoted or depth or angle:
        # Something was never closed: then commas decide, or the rest would be one address.
        return re.split(r"[,;]", value)
    return pieces


def _mailbox(piece: str) -> Mailbox:
    # The last brackets count: in `alice@x <bob@y>` the sender is bob, alice is a name.
    angles = _ANGLE.findall(piece)
    if angles:
        address = _address(angles[-1])
        name = _ANGLE.sub(" ", piece)
        return Mailbox(address, _name(name))
    bare = piece
    for _ in range(3):  # comments nest
        bare = _COMMENT.sub(" ", bare)
    comments = _COMMENT.findall(piece)
    address = _address(bare)
    return Mailbox(address, _name(comments[-1]) if comments else "")


def _address(text: str) -> str:
    text = clean(text).strip().removeprefix("mailto:")
    match = _ADDRESS.search(text)
    return match[0].strip("'.").lower() if match else ""


def _name(text: str) -> str:
    text = text.replace('\\"', '"').strip()
    # A group's name (`Friends: a@x`) belongs to nobody in it.
    name = decode_words(text).strip("\"' ")
    return name[:300]


def message_ids(value: str) -> tuple[str, ...]:
    """Every message id in `value`, with its angle brackets, without repeats."""
    found = _MESSAGE_ID.findall(clean(from_header(value[:MAX_HEADER])))
    return tuple(dict.fromkeys(found))


def message_id(value: str) -> str:
    """The id of a Message-ID header, with angle brackets; empty if there is none.

    Read with an expression: Python's own parser raises on, or cuts short, odd ones.
    """
    ids = message_ids(value)
    if ids:
        return ids[0]
    bare = "".join(clean(from_header(value[:1000])).split()).strip("<>")
    return f"<{bare}>" if bare else ""


def moment(value: str) -> datetime | None:
    """The moment of a Date header in UTC (no zone given: taken as UTC), or None."""
    try:
        parsed = parsedate_to_datetime(value[:200].strip())
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
