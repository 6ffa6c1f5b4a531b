"""The part of a text that shows why it was found, cut at words. Pure.

Pieces, not HTML: a template escapes each, so that nothing of the text is trusted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from core.search.folding import tokens

LENGTH = 220  # characters of a snippet
BEFORE = 60  # of them before its first hit


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `is_hit`: it is a word that was asked for."""

    text: str
    is_hit: bool = False


Snippet = tuple[Piece, ...]
Spots = Sequence[tuple[int, int, str]]


def spots(text: str, words: Collection[str]) -> Spots:
    """Where words stand that may be forms of these: such begin alike, by three letters."""
    begin = tuple({one[:3] for one in words})
    return [one for one in tokens(text) if one[2].startswith(begin)] if begin else []


def candidates(found: Iterable[Spots]) -> list[str]:
    return sorted({word for some in found for _, _, word in some})


def marked(text: str, found: Spots, hits: Collection[str]) -> Snippet:
    """The whole text, with its hits marked."""
    return _pieces(text, [one for one in found if one[2] in hits], 0, len(text))


def snippet(text: str, found: Spots, hits: Collection[str]) -> Snippet:
    """About 220 characters around the most different hits; the beginning where there are none."""
    places = [one for one in found if one[2] in hits]
    start = _best(places)
    first = max(0, start - BEFORE)
    last = min(len(text), first + LENGTH)
    while first and not text[first - 1].isspace() and first < start:
        first += 1
    while last < len(text) and last > start and not text[last].isspace():
        last -= 1
    if last <= start:
        last = min(len(text), first + LENGTH)
    pieces = list(_pieces(text, places, first, last))
    if first:
        pieces.insert(0, Piece("… "))
    if last < len(text):
        pieces.append(Piece(" …"))
    return tuple(pieces)


def plain(pieces: Snippet) -> str:
    return "".join(one.text for one in pieces)


def _best(places: Spots) -> int:
    """The start of the first hit of the stretch that has the most different ones."""
    best, most = 0, 0
    for start, _, _ in places[:500]:
        within = {
            word for at, end, word in places[:500] if start <= at and end <= start + LENGTH - BEFORE
        }
        if len(within) > most:
            best, most = start, len(within)
    return best


def _pieces(text: str, places: Spots, first: int, last: int) -> Snippet:
    pieces, here = [], first
    for start, end, _ in places:
        if start < here or end > last:
            continue
        if start > here:
            pieces.append(Piece(_one_line(text[here:start])))
        pieces.append(Piece(text[start:end], is_hit=True))
        here = end
    if here < last:
        pieces.append(Piece(_one_line(text[here:last])))
    return tuple(pieces)


def _one_line(text: str) -> str:
    """With single spaces, of which those at the ends stay."""
    words = " ".join(text.split())
    before = " " if text[:1].isspace() and words else ""
    after = " " if text[-1:].isspace() else ""
    return f"{before}{words}{after}"
