"""Which files hold words that can be read: what search looks into, and an erasure blots. Pure."""

from __future__ import annotations

from pathlib import PurePath

_ENDINGS = frozenset(
    ["cfg", "conf", "csv", "eml", "err", "ini", "ics", "json", "log", "md"]
    + ["out", "sql", "srt", "tsv", "txt", "xml", "yaml", "yml"]
)


def is_mail(name: str, content_type: str) -> bool:
    return _ending(name) == "eml" or content_type == "message/rfc822"


def is_text(name: str, content_type: str) -> bool:
    """Plain text by its type or its ending, mails included."""
    is_plain = content_type.startswith("text/") or _ending(name) in _ENDINGS
    return is_plain or is_mail(name, content_type)


def _ending(name: str) -> str:
    return PurePath(name).suffix.removeprefix(".").lower()
