"""uuencode: a part's encoding, or a file pasted into the text by an old mailer."""

import binascii
import re
from collections.abc import Iterable

_BEGIN = re.compile(r"^begin(?:-base64)? [0-7]{3,4} (\S[^\n]{0,200})$")
_DATA = re.compile(r"^[\x20-\x60]{1,86}$")


def decode_lines(lines: Iterable[str]) -> bytes:
    """The bytes of uuencoded `lines`, with or without `begin` and `end`. Never raises."""
    out = []
    for line in lines:
        if line.startswith("begin ") or line.rstrip() in ("", "end", "`"):
            continue
        try:
            out.append(binascii.a2b_uu(line.rstrip("\r\n").encode("ascii", "replace")))
        except binascii.Error:
            # Some encoders pad lines; the first character says how much counts.
            count = (((ord(line[0]) - 32) & 63) * 4 + 5) // 3
            try:
                out.append(binascii.a2b_uu(line[:count].encode("ascii", "replace")))
            except binascii.Error:
                continue
    return b"".join(out)


def extract(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """`text` without uuencoded files pasted into it, and those files as (name, content).

    A block without `end`, or with lines that are not uuencoded, stays text.
    """
    if "\nend" not in text or "begin " not in text:
        return text, []
    lines = text.split("\n")
    kept: list[str] = []
    files: list[tuple[str, bytes]] = []
    i = 0
    while i < len(lines):
        begin = _BEGIN.match(lines[i])
        end = _end(lines, i + 1) if begin else None
        if begin and end is not None:
            files.append((begin[1], decode_lines(lines[i + 1 : end])))
            i = end + 1
            continue
        kept.append(lines[i])
        i += 1
    return "\n".join(kept), files


def _end(lines: list[str], start: int) -> int | None:
    for i in range(start, len(lines)):
        if lines[i].rstrip() == "end":
            return i if i > start else None
        if lines[i] and not _DATA.match(lines[i]):
            return None
    return None
