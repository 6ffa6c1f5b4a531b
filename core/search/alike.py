"""What is like a text that somebody writes: the rarer the words that both have, the better.

Nobody chose these words, so none has to be there; a word that most documents have says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from math import log
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from core.search import finding
from core.search.finding import Wanted
from core.search.folding import folded
from core.search.results import Hit, hits_of
from core.search.sources import Source, source_of
from core.search.words import Word

if TYPE_CHECKING:
    from accounts.models import Person

WORDS = 14  # of a text that are looked for: those of its title, then of its beginning
MOST = 300  # documents with a word, the latest; a word that more have is nearly none
LOOKED_AT = 24  # best documents that are read
SHORTEST = 3  # letters of a word
RARE = 5  # documents: a word that no more have is enough by itself
IN_TITLE = 2.0  # times as much


def words_of(title: str, text: str = "") -> list[str]:
    """The words by which something like this is looked for, each once, in their order. Pure."""
    title, text = title[:400], text[:2000]
    found = [one for one in folded(f"{title} {text}").split() if len(one) >= SHORTEST]
    telling = [one for one in dict.fromkeys(found) if not one.isdigit()]
    return telling[:WORDS]


def alike(
    kind: str,
    person: Person,
    at: datetime,
    *,
    title: str,
    text: str = "",
    most: int = 4,
    narrowed: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None,
) -> list[Hit]:
    """The hits of that kind, best first, that have two words of it, or a rare one; at most `most`.

    `narrowed` leaves out some of what the person may see. Four statements, however long the text.
    """
    source = source_of(kind)
    words = [Word(one, one) for one in words_of(title, text)]
    if source is None or not words:
        return []
    having = finding.which_have(words, kind, person, most=MOST)
    asked = frozenset(folded(title).split())
    telling = [(keys, word in asked) for word, _, keys in having if 0 < len(keys) < MOST]
    # What the person does not see weighs nothing either, and takes nobody's place.
    seen = _visible(source, person, at, {one for keys, _ in telling for one in keys}, narrowed)
    keys = _best([([one for one in keys if one in seen], is_title) for keys, is_title in telling])
    queries = [f"({query})" for _, query, _ in having]
    query = Wanted(" | ".join(queries), " | ".join(queries), tuple(word for word, _, _ in having))
    return hits_of([(kind, key) for key in keys][:most], query, person, at)


def _best(having: Sequence[tuple[Sequence[int], bool]]) -> list[int]:
    """Keys by what the words weigh that each has; the title's weigh twice."""
    weights: dict[int, float] = {}
    words: dict[int, int] = {}
    rare: set[int] = set()
    for keys, is_of_title in having:
        if not keys:
            continue
        weight = log(1 + MOST / len(keys)) * (IN_TITLE if is_of_title else 1.0)
        rare |= set(keys) if len(keys) <= RARE and is_of_title else set()
        for key in keys:
            weights[key] = weights.get(key, 0.0) + weight
            words[key] = words.get(key, 0) + 1
    enough = [key for key in weights if words[key] > 1 or key in rare]
    return sorted(enough, key=lambda key: (-weights[key], -key))[:LOOKED_AT]


def _visible(
    source: Source,
    person: Person,
    at: datetime,
    keys: Collection[int],
    narrowed: Callable[[QuerySet[Any]], QuerySet[Any]] | None,
) -> set[int]:
    if not keys:
        return set()
    rows = source.visible(person, at).filter(pk__in=keys)
    return set((narrowed(rows) if narrowed else rows).values_list("pk", flat=True))
