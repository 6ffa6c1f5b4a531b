"""What a file is by its bytes, and what it may be called. Pure."""

from __future__ import annotations

import re

from resources.rules.addresses import slug_of

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
ANYTHING = "application/octet-stream"  # browsers only ever download it


def kind_of(head: bytes) -> str:
    """The type that the first bytes prove; of anything else that of a mere download."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return ANYTHING


def file_name(given: str) -> str:
    """A name that Markdown can write as it stands: "Screen Shot.PNG" gives "screen-shot.png"."""
    last = re.split(r"[\\/]", given)[-1]
    stem, dot, ending = last.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,8}", ending):
        stem, ending = last, ""
    return slug_of(stem, "file") + (f".{ending.lower()}" if ending else "")


def release_file_name(given: str) -> str:
    """The name under which a file is fetched: as it was given, without what no name should have.

    "axigen-10.6.3.x86_64.rpm" stays; a path loses its folders, other letters become hyphens.
    """
    last = re.split(r"[\\/]", given)[-1]
    kept = re.sub(r"[^A-Za-z0-9._+-]+", "-", last).strip(".-")
    return kept[:120] or "file"
