"""winmail.dat: what Outlook wraps attachments in (MS-OXTNEF), read leniently.

Attachments and plain or HTML bodies; rich text (compressed RTF) is left alone.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_SIGNATURE = 0x223E9F78
_BODY = 0x800C
_MESSAGE_PROPERTIES = 0x9003
_ATTACHMENT_START = 0x9002
_ATTACHMENT_TITLE = 0x8010
_ATTACHMENT_DATA = 0x800F
_ATTACHMENT_PROPERTIES = 0x9005

_PR_BODY = 0x1000
_PR_HTML = 0x1013
_PR_DATA = 0x3701
_PR_NAME = 0x3704
_PR_LONG_NAME = 0x3707
_PR_MIME_TYPE = 0x370E
_PR_CONTENT_ID = 0x3712

_VARIABLE = {0x000D, 0x001E, 0x001F, 0x0102}
_WIDTHS = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4}
_WIDTHS |= {0x000B: 4, 0x0014: 8, 0x0040: 8, 0x0048: 16, 0x0001: 0}
# An embedded object starts with the identifier of its interface.
_OBJECT_PREFIX = 16
_MAX_VALUES = 10_000


@dataclass
class TnefFile:
    """A file found in winmail.dat."""

    name: str = ""
    content: bytes = b""
    content_type: str = ""
    content_id: str = ""


@dataclass
class Tnef:
    """What winmail.dat held; empty if it could not be read."""

    files: list[TnefFile] = field(default_factory=list)
    text: str = ""
    html: bytes = b""


def unpack(data: bytes) -> Tnef:
    """Read `data`; a broken file gives what came before the break. Never raises."""
    tnef = Tnef()
    try:
        if len(data) >= 6 and struct.unpack_from("<I", data)[0] == _SIGNATURE:
            for tag, value in _attributes(data):
                _take(tnef, tag, value)
    except (struct.error, IndexError, ValueError):
        pass
    tnef.files = [file for file in tnef.files if file.content or file.name]
    return tnef


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + 9 <= len(data):
        tag, length = struct.unpack_from("<xHxxI", data, at)
        at += 9
        if at + length > len(data):
            return
        yield tag, data[at : at + length]
        at += length + 2  # a checksum that writers get wrong follows


def _take(tnef: Tnef, tag: int, value: bytes) -> None:
    if tag == _ATTACHMENT_START:
        tnef.files.append(TnefFile())
    elif tag == _BODY:
        tnef.text = _text(value, 0x001E)
    elif tag == _MESSAGE_PROPERTIES:
        _take_message(tnef, value)
    elif tnef.files and tag == _ATTACHMENT_TITLE:
        tnef.files[-1].name = tnef.files[-1].name or _text(value, 0x001E)
    elif tnef.files and tag == _ATTACHMENT_DATA:
        tnef.files[-1].content = value
    elif tnef.files and tag == _ATTACHMENT_PROPERTIES:
        _take_file(tnef.files[-1], value)


def _take_message(tnef: Tnef, value: bytes) -> None:
    for name, kind, content in _properties(value):
        if name == _PR_BODY:
            tnef.text = _text(content, kind)
        elif name == _PR_HTML:
            tnef.html = content


def _take_file(file: TnefFile, value: bytes) -> None:
    for name, kind, content in _properties(value):
        if name == _PR_LONG_NAME:
            file.name = _text(content, kind)
        elif name == _PR_NAME:
            file.name = file.name or _text(content, kind)
        elif name == _PR_MIME_TYPE:
            file.content_type = _text(content, kind)
        elif name == _PR_CONTENT_ID:
            file.content_id = _text(content, kind).strip("<>")
        elif name == _PR_DATA:
            file.content = content[_OBJECT_PREFIX:] if kind == 0x000D else content


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(id, kind, value) of a MAPI property list; of several values the first."""
    (count,) = struct.unpack_from("<I", data)
    at = 4
    for _ in range(min(count, _MAX_VALUES)):
        kind, name = struct.unpack_from("<HH", data, at)
        at += 4
        if name >= 0x8000:
            at = _skip_name(data, at)
        values, at = _values(data, at, kind)
        if values:
            yield name, kind & 0x0FFF, values[0]


def _skip_name(data: bytes, at: int) -> int:
    """Past the name of a named property: an identifier, and a number or a string."""
    (by_string,) = struct.unpack_from("<I", data, at + 16)
    at += 20
    if not by_string:
        return at + 4
    (length,) = struct.unpack_from("<I", data, at)
    return at + 4 + _padded(length)


def _values(data: bytes, at: int, kind: int) -> tuple[list[bytes], int]:
    many, base = bool(kind & 0x1000), kind & 0x0FFF
    count = 1
    if many or base in _VARIABLE:
        (count,) = struct.unpack_from("<I", data, at)
        at += 4
    values = []
    for _ in range(min(count, _MAX_VALUES)):
        if base in _VARIABLE:
            (length,) = struct.unpack_from("<I", data, at)
            at += 4
        elif base in _WIDTHS:
            length = _WIDTHS[base]
        else:
            raise ValueError(base)
        values.append(data[at : at + length])
        at += _padded(length)
        if at > len(data) + 3:
            raise ValueError(at)
    return values, at


def _padded(length: int) -> int:
    return (length + 3) // 4 * 4


def _text(value: bytes, kind: int) -> str:
    encoding = "utf-16-le" if kind == 0x001F else "cp1252"
    return value.decode(encoding, "replace").split("\0")[0]
