"""The parts of a mail: parsed with Python's parser, guarded against its surprises."""

import base64
import binascii
import email.parser
import re
from collections.abc import Callable
from email import policy
from email.generator import BytesGenerator
from email.message import Message
from io import BytesIO

from tickets.rules.mail import uu
from tickets.rules.mail.headers import decode_words
from tickets.rules.mail.text import from_header

MAX_RAW = 80_000_000
MAX_HEADER_BLOCK = 1_000_000
MAX_HEADERS = 2_000
MAX_PARTS = 2_000
# Python's way of taking parameters apart is quadratic.
MAX_MIME_HEADER = 5_000
# Each line is compared with the boundary of each open level.
MAX_WORK = 4_000_000_000

_HEADER_END = re.compile(rb"\r?\n\r?\n")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")


class TooMuch(Exception):
    """The mail has more parts than any mail needs; caught in `parse`."""


class Part(Message):
    """A part whose headers are bounded while it is parsed."""

    def set_raw(self, name: str, value: str) -> None:
        """Keep a header as it came, unless there are too many; long MIME headers are cut."""
        if len(self.keys()) >= MAX_HEADERS:
            return
        if name.lower().startswith("content-"):
            value = value[:MAX_MIME_HEADER]
        super().set_raw(name, value)


class Headers:
    """The headers of a part by lower-case name, as text with raw bytes as surrogates."""

    def __init__(self, part: Message) -> None:
        self._values: dict[str, list[str]] = {}
        # Not `items`: that turns values with raw bytes into objects of another type.
        for name, value in part.raw_items():
            unfolded = str(value).replace("\r", "").replace("\n", "")
            self._values.setdefault(name.strip().lower(), []).append(unfolded)

    def all(self, name: str) -> list[str]:
        """Every value of `name` (lower case), at most 50, in their order."""
        return self._values.get(name, [])[:50]

    def first(self, name: str) -> str:
        """The first value of `name` (lower case), decoded and on one line; empty if missing."""
        values = self._values.get(name)
        return decode_words(values[0]) if values else ""

    def raw(self, name: str) -> str:
        """The first value of `name` (lower case) as it came; empty if missing."""
        values = self._values.get(name)
        return values[0] if values else ""

    def has(self, name: str) -> bool:
        """Is there a header `name` (lower case)?"""
        return name in self._values

    def names(self) -> list[str]:
        """The names there are, in lower case."""
        return list(self._values)


def parse(raw: bytes) -> tuple[Message, list[str]]:
    """Parse `raw`; what can not be parsed gives the headers alone, and a problem."""
    problems: list[str] = []
    raw = _bounded(raw, problems)
    if not problems:
        try:
            return email.parser.BytesParser(_factory(), policy=policy.compat32).parsebytes(raw), []
        except (TooMuch, RecursionError):
            problems.append("too many parts or levels: only its headers were read")
        except Exception as error:  # a parser's bug must not lose a mail
            problems.append(f"not a mail that can be parsed ({type(error).__name__})")
    head = raw[: _header_end(raw)]
    return _headers_only(head), problems


def _bounded(raw: bytes, problems: list[str]) -> bytes:
    if len(raw) > MAX_RAW:
        problems.append(f"larger than {MAX_RAW // 1_000_000} MB: only its headers were read")
    elif raw[:200_000_000].lower().count(b"boundary") * len(raw) > MAX_WORK:
        problems.append("too many levels for its size: only its headers were read")
    if _header_end(raw) > MAX_HEADER_BLOCK:
        problems.append("headers longer than 1 MB: the rest was not read")
        raw = raw[:MAX_HEADER_BLOCK]
    return raw


def _header_end(raw: bytes) -> int:
    match = _HEADER_END.search(raw)
    return match.start() if match else len(raw)


def _headers_only(head: bytes) -> Message:
    try:
        return email.parser.BytesHeaderParser(_factory(), policy=policy.compat32).parsebytes(
            head[:MAX_HEADER_BLOCK]
        )
    except Exception:  # then there is nothing that could be read
        return Part(policy=policy.compat32)


def _factory() -> Callable[..., Part]:
    made = 0

    def make(**options: object) -> Part:
        nonlocal made
        made += 1
        if made > MAX_PARTS:
            raise TooMuch
        return Part(policy=policy.compat32)

    return make


def body_bytes(part: Message) -> bytes:
    """The content of a part that is not made of parts, decoded from its transfer encoding."""
    payload = part.get_payload()
    if not isinstance(payload, str):
        return b""
    data = payload.encode("utf-8", "surrogateescape")
    encoding = Headers(part).raw("content-transfer-encoding").strip().lower().split(";")[0]
    if encoding in ("base64", "b64"):
        return _from_base64(data)
    if encoding in ("quoted-printable", "quoted/printable", "qp"):
        return binascii.a2b_qp(data)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return uu.decode_lines(payload.split("\n"))
    return data


def _from_base64(data: bytes) -> bytes:
    try:
        return base64.b64decode(data)
    except binascii.Error:
        clean = _NOT_BASE64.sub(b"", data).split(b"=")[0]
        # One character too many holds no byte.
        clean = clean[: len(clean) - (len(clean) % 4 == 1)]
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))


def sub_parts(part: Message) -> list[Message] | None:
    """The parts that a part is made of, or None if it is not made of parts."""
    payload = part.get_payload()
    if not isinstance(payload, list):
        return None
    return [child for child in payload if isinstance(child, Message)]


def message_bytes(part: Message) -> bytes:
    """The mail inside a message/* part, as bytes."""
    messages = sub_parts(part)
    if messages is None:
        return body_bytes(part)
    inner = b"\n".join(_flat(message) for message in messages)
    if Headers(part).raw("content-transfer-encoding").strip().lower() == "base64":
        # Not allowed for a mail, and often done.
        inner = _from_base64(inner.strip())
    return inner


def _flat(message: Message) -> bytes:
    out = BytesIO()
    try:
        BytesGenerator(out, mangle_from_=False, maxheaderlen=0).flatten(message)
    except Exception:  # the generator raises on mails that the parser took
        payload = message.get_payload()
        return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""
    return out.getvalue()


def content_type(part: Message) -> str:
    """The content type in lower case; text/plain for what is none."""
    try:
        return part.get_content_type().lower()
    except Exception:  # odd parameters raise many things
        return "text/plain"


def parameter(part: Message, name: str, header: str = "content-type") -> str:
    """A parameter of a header, decoded (RFC 2231); empty if missing or unreadable."""
    try:
        value = part.get_param(name, "", header)
    except Exception:  # odd parameters raise many things
        return ""
    if isinstance(value, tuple):
        charset, _, text = value
        data = text.encode("latin-1", "replace")
        return decode_words(_decoded(data, charset))
    return decode_words(str(value or ""))


def _decoded(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "utf-8", "replace")
    except (LookupError, UnicodeError):
        return from_header(data.decode("ascii", "surrogateescape"))


def disposition(part: Message) -> str:
    """`attachment`, `inline`, or empty."""
    value = Headers(part).raw("content-disposition").strip().lower()
    return re.split(r"[;\s]", value, maxsplit=1)[0]


def file_name(part: Message) -> str:
    """The name the sender gave to a part; empty if none."""
    return parameter(part, "filename", "content-disposition") or parameter(part, "name")
