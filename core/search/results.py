"""What a search shows: hits of every kind that the person may see, best first, with highlights."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from core.search import finding, highlights
from core.search.finding import RANKED, Key, Wanted
from core.search.folding import folded
from core.search.highlights import Snippet
from core.search.sources import Shown, Source, source_of, sources
from core.search.words import Parsed, Word

if TYPE_CHECKING:
    from accounts.models import Person

PAGE = 20
SHORTEST_MENDED = 4  # letters; shorter words are near too many others
LIKE = 0.7  # of 1, from which on one word may be meant by another
LOOK_ALIKES = 8  # words that are tried for a mistyped one


@dataclass(frozen=True)
class Hit:
    """One thing that was found; `title` and `snippet` in pieces, with the words marked."""

    kind: str
    key: int
    shown: Shown
    title: Snippet
    snippet: Snippet
    is_outright: bool = False

    @property
    def text(self) -> str:
        """The snippet without its marks."""
        return highlights.plain(self.snippet)


@dataclass(frozen=True)
class Found:
    """`number` hits, or the best of so many where there are `more`. `mended`: the words that were
    looked for instead, since nobody whose text this person reads writes them so."""

    parsed: Parsed
    hits: Sequence[Hit] = ()
    number: int = 0
    more: bool = False
    page: int = 1
    size: int = PAGE
    mended: str = ""

    @property
    def pages(self) -> int:
        return max(1, -(-self.number // self.size))

    @property
    def previous(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def next(self) -> int | None:
        return self.page + 1 if self.page < self.pages else None


def find(
    parsed: Parsed,
    person: Person,
    at: datetime,
    *,
    page: int = 1,
    size: int = PAGE,
    is_typing: bool = False,
    kinds: Collection[str] | None = None,
) -> Found:
    """What was asked for, a page of it; of some `kinds` alone. Nothing typed finds nothing."""
    if not parsed:
        return Found(parsed)
    query = finding.wanted(parsed.words, is_typing=is_typing)
    if parsed.words and not query:
        return Found(parsed)
    among = [one for one in sources() if kinds is None or one.kind in kinds]
    keys = _keys(among, parsed, query, person, at)
    outright = _outright(among, parsed, person, at)
    mended = ""
    if not keys and not outright and parsed.words:
        other = _mended(among, parsed, person, at)
        if other is not None:
            query = finding.wanted(other.words)
            keys = _keys(among, other, query, person, at)
            mended = " ".join(one.text for one in other.words if not one.is_without) if keys else ""
    more, keys = len(keys) > RANKED, keys[:RANKED]
    if query:
        keys = finding.ranked(query, keys, person, at)
    keys = [*outright, *(one for one in keys if one not in outright)]
    page = min(max(page, 1), max(1, -(-len(keys) // size)))
    part = keys[(page - 1) * size : page * size]
    hits = hits_of(part, query, person, at, frozenset(outright))
    return Found(parsed, hits, len(keys), more, page, size, mended)


def _keys(
    among: Sequence[Source], parsed: Parsed, query: Wanted, person: Person, at: datetime
) -> list[Key]:
    """Of all kinds, the latest first; of each no more than can be ranked, and one."""
    found: list[Key] = []
    for source in among:
        rows = _narrowed(source, parsed, person, at)
        if rows is None:
            continue
        if query:
            is_whole = not parsed.chosen and source.wall_is_enough(person)
            most = RANKED + 1 if is_whole else None
            rows = rows.filter(finding.matches(query, source.kind, person, most=most))
        latest = rows.order_by(*source.newest).values_list("pk", flat=True)[: RANKED + 1]
        found += [(source.kind, key) for key in latest]
    return found


def _narrowed(source: Source, parsed: Parsed, person: Person, at: datetime) -> QuerySet[Any] | None:
    """What the person sees of it, narrowed by the fields; None where it has no such fields."""
    if not parsed.chosen:
        return source.visible(person, at)
    if source.conditions is None:
        return None
    return source.visible(person, at).filter(source.conditions(parsed.chosen, person, at))


def _outright(among: Sequence[Source], parsed: Parsed, person: Person, at: datetime) -> list[Key]:
    """What a number names, where nothing but the number was typed."""
    if len(parsed.terms) != 1 or not parsed.words or parsed.words[0].is_without:
        return []
    asked = ((one, one.numbered(parsed.words[0].text, at)) for one in among)
    return [
        (source.kind, key)
        for source, named in asked
        if named is not None
        for key in source.visible(person, at).filter(named).values_list("pk", flat=True)[:2]
    ]


def _mended(among: Sequence[Source], parsed: Parsed, person: Person, at: datetime) -> Parsed | None:
    """With each word that none of the person's documents has replaced by one that they have."""
    terms, changed = list(parsed.terms), False
    for place, term in enumerate(terms):
        if not isinstance(term, Word) or term.is_phrase or term.is_without:
            continue
        if other := _other(among, term, person, at):
            terms[place] = replace(term, text=other, raw=other)
            changed = True
    return replace(parsed, terms=tuple(terms)) if changed else None


def _other(among: Sequence[Source], word: Word, person: Person, at: datetime) -> str:
    """The word that was meant; "" where it is known, or nothing is near."""
    typed = folded(word.text)
    if len(typed) < SHORTEST_MENDED or " " in typed or _has(among, word, person, at):
        return ""
    near = finding.near(typed, LOOK_ALIKES)
    alike = difflib.SequenceMatcher(b=typed, autojunk=False)

    def likeness(other: str) -> float:
        alike.set_seq1(other)
        return alike.ratio()

    for other in sorted(near, key=likeness, reverse=True):
        if (
            other != typed
            and likeness(other) >= 0.7
            and _has(among, replace(word, text=other), person, at)
        ):
            return other
    return ""


def _has(among: Sequence[Source], word: Word, person: Person, at: datetime) -> bool:
    """Whether anything that the person sees has the word: only then it is told."""
    query = finding.wanted([word])
    return bool(query) and any(
        source.visible(person, at).filter(finding.matches(query, source.kind, person)).exists()
        for source in among
    )


def hits_of(
    keys: Sequence[Key],
    query: Wanted,
    person: Person,
    at: datetime,
    outright: frozenset[Key] = frozenset(),
) -> list[Hit]:
    """How the keys are shown that this person may see, in their order."""
    shown = _shown(keys, person, at)
    texts = finding.texts(keys, person)
    spots: dict[Key, tuple[highlights.Spots, highlights.Spots]] = {}
    for key, one in shown.items():
        spots[key] = (
            highlights.spots(one.title, query.words),
            highlights.spots(texts.get(key, ""), query.words),
        )
    words = highlights.candidates(part for both in spots.values() for part in both)
    hits = finding.which_match(words, query)
    return [
        Hit(
            *key,
            shown[key],
            highlights.marked(shown[key].title, spots[key][0], hits),
            highlights.snippet(texts.get(key, ""), spots[key][1], hits),
            key in outright,
        )
        for key in keys
        if key in shown
    ]


def _shown(keys: Iterable[Key], person: Person, at: datetime) -> Mapping[Key, Shown]:
    by_kind: dict[str, list[int]] = {}
    for kind, key in keys:
        by_kind.setdefault(kind, []).append(key)
    found = {}
    for kind, some in by_kind.items():
        source = source_of(kind)
        assert source is not None, "it was found by its source"
        rows = source.visible(person, at).filter(Q(pk__in=some))
        found.update({(kind, key): one for key, one in source.shown(rows, person).items()})
    return found
