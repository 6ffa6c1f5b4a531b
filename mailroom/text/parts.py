"""The parts of a mail: parsed with Python's parser, guarded against its surprises."""

import base64
import binascii
import email.parser
import re
from collections.abc import Callable
from email.generator import BytesGenerator
from email.message import Message
from email.policy import Policy, compat32
from io import BytesIO
from typing import Any, cast

from mailroom.text import uu
from mailroom.text.headers import decode_words
from mailroom.text.text import decode, from_header

MAX_RAW = 80_000_000
MAX_HEADER_BLOCK = 1_000_000
MAX_HEADERS = 2_000
MAX_LINES = 4_000_000
MAX_PARTS = 2_000
# Python's way of taking parameters apart is quadratic.
MAX_MIME_HEADER = 5_000
# Bytes times levels: each line is compared with the boundary of every open level.
MAX_WORK = 600_000_000

_HEADER_END = re.compile(rb"\r?\n\r?\n")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")


class TooMuch(Exception):
    """The mail has more parts, or deeper ones, than any mail needs; caught in `parse`."""


class Budget:
    """What one mail may cost while it is parsed, and how its lines end."""

    def __init__(self, raw: bytes) -> None:
        self.size = len(raw)
        self.line_end = "\r\n" if b"\r\n" in raw[:MAX_HEADER_BLOCK] else "\n"
        self.parts = 0

    def spend(self, depth: int) -> None:
        """Count a part at `depth`; errors: `TooMuch`."""
        self.parts += 1
        if self.parts > MAX_PARTS or depth * self.size > MAX_WORK:
            raise TooMuch


class Part(Message):
    """A part that is bounded while it is parsed, and that gives its content as it came.

    `content` holds raw bytes as surrogates; `children` are the parts of this part. Python's
    own `get_payload` decodes by the charset before anybody asks, and raises on odd ones.
    """

    _payload: Any

    def __init__(self, budget: Budget, policy: Policy = compat32) -> None:
        super().__init__(policy)
        self.children: list[Part] = []
        self.budget = budget
        self._depth = 0
        self._headers_kept = 0

    def get(self, name: str, failobj: Any = None) -> Any:
        """The first header `name`, with raw bytes decoded; Python would put marks there."""
        for key, value in self.raw_items():
            if key.lower() == name.lower():
                return from_header(str(value))
        return failobj

    def set_raw(self, name: str, value: str) -> None:
        """Keep a header as it came, unless there are too many; long MIME headers are cut."""
        self._headers_kept += 1
        if self._headers_kept > MAX_HEADERS:
            return
        if name.lower().startswith("content-"):
            value = value[:MAX_MIME_HEADER]
        super().set_raw(name, value)

    @property
    def content(self) -> str:
        """The text of the part before any decoding; empty if it is made of parts."""
        # The parser writes here behind every method's back.
        return self._payload if isinstance(self._payload, str) else ""

    def attach(self, payload: Any) -> None:
        """Take a part of this part; errors: `TooMuch`."""
        if isinstance(payload, Part):
            payload._depth = self._depth + 1
            self.budget.spend(payload._depth)
            self.children.append(payload)
        super().attach(payload)

    def is_made_of_parts(self) -> bool:
        """Has it parts? One that only says so has a text instead."""
        return self.is_multipart()


class Headers:
    """The headers of a part by lower-case name, as text with raw bytes as surrogates."""

    def __init__(self, part: Part) -> None:
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


def parse(raw: bytes) -> tuple[Part, list[str]]:
    """Parse `raw`; what can not be parsed gives the headers alone, and a problem."""
    problems: list[str] = []
    raw = _bounded(without_preface(raw), problems)
    if not problems:
        try:
            parser = email.parser.BytesParser(_factory(raw), policy=compat32)
            return cast(Part, parser.parsebytes(raw)), []
        except (TooMuch, RecursionError):
            problems.append("too many parts or levels: only its headers were read")
        except Exception as error:  # a parser's bug must not lose a mail
            problems.append(f"not a mail that can be parsed ({type(error).__name__})")
    return _headers_only(raw[: min(_header_end(raw), MAX_HEADER_BLOCK)]), problems


# What stands above the headers where a mail came through files and scripts.
_BOM = b"\xef\xbb\xbf"
_ABOVE = re.compile(rb"(?:[ \t]*\r?\n|>?From [^\r\n]*\r?\n)+")
_FIELD_LINE = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,70}:|[ \t]")
# Lines that servers on the way write above a mail.
_TRACE = re.compile(
    rb"(?:Return-Path|Received|Delivered-To|X-[A-Za-z0-9-]+|Envelope-To|Authentication-Results"
    rb"|ARC-[A-Za-z-]+|DKIM-[A-Za-z-]+|[ \t]).*",
    re.IGNORECASE,
)


def without_preface(raw: bytes) -> bytes:
    """`raw` without what no mail begins with: blank lines, `From ` and `>From ` lines, a BOM.

    Also where a server wrote its own lines above them, so that they cut the headers in two.
    """
    raw = _trimmed(raw)
    end = _HEADER_END.search(raw[:MAX_HEADER_BLOCK])
    if end is None or not all(_TRACE.match(one) for one in raw[: end.start()].splitlines()):
        return raw
    rest = _trimmed(raw[end.end() :])
    head = rest[:MAX_HEADER_BLOCK]
    second = _HEADER_END.search(head)
    lines = head[: second.start() if second else len(head)].splitlines()
    is_head = bool(lines) and all(_FIELD_LINE.match(one) for one in lines)
    if is_head and any(one[:5].lower() == b"from:" for one in lines):
        return raw[: end.start()] + b"\r\n" + rest
    return raw


def _trimmed(raw: bytes) -> bytes:
    raw = raw.removeprefix(_BOM)
    above = _ABOVE.match(raw[:10_000])
    return raw[above.end() :].removeprefix(_BOM) if above else raw


def _bounded(raw: bytes, problems: list[str]) -> bytes:
    if len(raw) > MAX_RAW:
        problems.append(f"larger than {MAX_RAW // 1_000_000} MB: only its headers were read")
    elif raw.count(b"\n") > MAX_LINES:
        problems.append(f"more than {MAX_LINES} lines: only its headers were read")
    if _header_end(raw) > MAX_HEADER_BLOCK:
        problems.append("headers longer than 1 MB: the rest was not read")
        raw = raw[:MAX_HEADER_BLOCK]
    return raw


def _header_end(raw: bytes) -> int:
    match = _HEADER_END.search(raw)
    return match.start() if match else len(raw)


def _headers_only(head: bytes) -> Part:
    try:
        parser = email.parser.BytesHeaderParser(_factory(head), policy=compat32)
        return cast(Part, parser.parsebytes(head))
    except Exception:  # then there is nothing that could be read
        return Part(Budget(b""))


def _factory(raw: bytes) -> Callable[..., Part]:
    budget = Budget(raw)

    def make(**options: object) -> Part:
        return Part(budget)

    return make


def body_bytes(part: Part) -> bytes:
    """The content of a part that is not made of parts, decoded from its transfer encoding."""
    data = part.content.encode("utf-8", "surrogateescape")
    encoding = Headers(part).raw("content-transfer-encoding").strip().lower().split(";")[0]
    if encoding in ("base64", "b64"):
        return _from_base64(data)
    if encoding in ("quoted-printable", "quoted/printable", "qp"):
        return binascii.a2b_qp(data)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return uu.decode_lines(part.content.split("\n"))
    return data


def _from_base64(data: bytes) -> bytes:
    try:
        return base64.b64decode(data)
    except binascii.Error:
        clean = _NOT_BASE64.sub(b"", data).split(b"=")[0]
        # One character too many holds no byte.
        clean = clean[: len(clean) - (len(clean) % 4 == 1)]
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))


def message_bytes(part: Part) -> bytes:
    """The mail inside a message/* part, as bytes."""
    if not part.is_made_of_parts():
        return body_bytes(part)
    inner = b"\n".join(_flat(message) for message in part.children)
    if Headers(part).raw("content-transfer-encoding").strip().lower() == "base64":
        # Not allowed for a mail, and often done.
        inner = _from_base64(inner.strip())
    return inner


def _flat(message: Part) -> bytes:
    out = BytesIO()
    try:
        BytesGenerator(out, mangle_from_=False, maxheaderlen=0).flatten(
            message, linesep=message.budget.line_end
        )
    except Exception:  # the generator raises on mails that the parser took
        return message.content.encode("utf-8", "surrogateescape")
    return out.getvalue()


def content_type(part: Part) -> str:
    """The content type in lower case; text/plain for what is none."""
    try:
        return part.get_content_type().lower()
    except Exception:  # odd parameters raise many things
        return "text/plain"


def parameter(part: Part, name: str, header: str = "content-type") -> str:
    """A parameter of a header, decoded (RFC 2231); empty if missing or unreadable."""
    try:
        value = part.get_param(name, "", header)
    except Exception:  # odd parameters raise many things
        return ""
    if isinstance(value, tuple):
        charset, _, text = value
        data = text.encode("latin-1", "replace")
        return decode_words(decode(data, charset))
    return decode_words(str(value or ""))


def disposition(part: Part) -> str:
    """`attachment`, `inline`, or empty."""
    value = Headers(part).raw("content-disposition").strip().lower()
    return re.split(r"[;\s]", value, maxsplit=1)[0]


def file_name(part: Part) -> str:
    """The name the sender gave to a part; empty if none."""
    return parameter(part, "filename", "content-disposition") or parameter(part, "name")
