"""The stable addresses of articles and manuals. Pure."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80
# Words that are pages of their own below `/help/`.
TAKEN = frozenset({"feed", "files", "find", "topic", "missed", "new", "a"})
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slug_of(title: str, nothing: str = "article") -> str:
    """An address made of a title: "Why does IMAP hang?" gives "why-does-imap-hang".

    A title without Latin letters or digits gives `nothing`.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        slug = longer
    return slug or nothing


def is_slug(text: str) -> bool:
    """Whether it can be an address: small letters, digits and hyphens, and no page's own word."""
    return len(text) <= LONGEST and bool(_SLUG.fullmatch(text)) and text not in TAKEN


def counted_up(slug: str, number: int) -> str:
    """The slug with a number where the plain one is another's."""
    end = f"-{number}"
    return slug[: LONGEST - len(end)].rstrip("-") + end
