"""How a post of the forum is weighed and named, and what of a person its author card says. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_POST = 20_000  # characters
LONGEST_TITLE = 150
MOST_LINKS = 20  # of a post
POSTS_AN_HOUR = 20  # of one author
MOST_HELD = 3  # posts of one author that wait for a moderator
QUOTED_LINES = 12  # of a post that is quoted in an answer

_ADDRESS = re.compile(r"\b(?:https?|ftp)://|\bmailto:|\bwww\.|\]\(", re.IGNORECASE)
_ANCHOR = re.compile(r"<a[ >]")
_HEADING = re.compile(r"<(/?)h([1-6])(?=[ >])")
_TITLE = re.compile(r"[^\W\d_]{1,5}\.")  # Dr., Prof., Ing.
# Addresses of pages of ours, which no board may take.
RESERVED = frozenset({"feed", "names", "posts", "find", "mine"})
FORMER = "Former member"


@dataclass(frozen=True)
class Shown:
    """What an author card says of a customer's person: nothing else of them crosses (F3, FO1)."""

    name: str
    company: str


def shown_of(name: str, company: str, *, full_name: bool, with_company: bool) -> Shown:
    """As the organisation chose. Without a choice: the first name, and no organisation."""
    words = [word for word in name.split() if not _TITLE.fullmatch(word)]
    if "@" in name or not words:
        said = "Member"  # an address is no name, and would be harvested
    else:
        said = " ".join(words) if full_name else words[0].rstrip(",")
    return Shown(said[:80], company[:200] if with_company else "")


def links_typed(text: str) -> int:
    """How many links a text seems to have, without reading it as Markdown: cheap for any text."""
    return len(_ADDRESS.findall(text))


def links_made(html: str) -> int:
    """How many links the clean HTML of a post has."""
    return len(_ANCHOR.findall(html))


def below_the_page(html: str) -> str:
    """Headings of a post under those of its page: the title is the first, each author a second.

    So a screen reader's list of headings stays in order, whatever levels somebody writes.
    """
    used = sorted({int(level) for _, level in _HEADING.findall(html)})
    new = {level: min(3 + place, 6) for place, level in enumerate(used)}
    return _HEADING.sub(lambda tag: f"<{tag[1]}h{new[int(tag[2])]}", html)


def quoted(name: str, text: str) -> str:
    """A post as the beginning of an answer, of which its writer keeps what matters.

    What it quoted itself is left out: else a quarrel grows with each answer.
    """
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(">")]
    while lines and not lines[0].strip():
        lines.pop(0)
    kept = lines[:QUOTED_LINES] + (["…"] if len(lines) > QUOTED_LINES else [])
    said = "\n".join(f"> {line}".rstrip() for line in kept)
    return f"> **{name}** wrote:\n>\n{said}\n\n" if said else ""
