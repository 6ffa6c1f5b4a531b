"""Finding: what was typed becomes one condition on the index, and its hits are ranked.

The index is asked behind the wall (`core.search.wall`) and gives keys; whatever leaves this module
went through the source's `visible`. Customers are never matched against what is internal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import BigIntegerField, Q
from django.db.models.expressions import RawSQL

from core.search.folding import folded
from core.search.indexing import LANGUAGES
from core.search.wall import FUNCTION
from core.search.words import Word

if TYPE_CHECKING:
    from accounts.models import Person

# Of a word that many have, the latest so many are ranked; who looks further back narrows.
RANKED = 200
LOOKED_AT = 30_000  # characters of a text in which its highlights are looked for
# Whose forms of a word are tried; a document has those of English and of its own.
_FORMS = tuple(dict.fromkeys(LANGUAGES.values()))
# The latest count twice as much as what is years old; a year ago it is 1.4 times.
_RANK = """
    SELECT d.kind, d.subject_id FROM core_searchdocument d
    JOIN unnest(%(kinds)s::text[], %(keys)s::bigint[]) AS asked (kind, key)
        ON d.subject_id = asked.key AND d.kind = asked.kind
    WHERE CASE WHEN %(as_customer)s THEN d.for_customers ELSE d.for_staff END
    ORDER BY ts_rank('{0.1, 0.25, 0.4, 1.0}', d.vector, %(wanted)s::tsquery, 1)
        * (1 + exp(extract(epoch FROM least(d.at - %(at)s, interval '0')) / 31557600.0)) DESC,
        d.at DESC, d.subject_id DESC
"""
_TEXTS = """
    SELECT d.kind, d.subject_id, left(d.text, %(longest)s) FROM core_searchdocument d
    JOIN unnest(%(kinds)s::text[], %(keys)s::bigint[]) AS asked (kind, key)
        ON d.subject_id = asked.key AND d.kind = asked.kind
    WHERE CASE WHEN %(as_customer)s THEN d.for_customers ELSE d.for_staff END
"""
_NEAR = """
    SELECT word FROM core_searchword WHERE word %% %s
    ORDER BY similarity(word, %s) DESC, word LIMIT %s
"""


Key = tuple[str, int]  # kind and primary key


@dataclass(frozen=True)
class Wanted:
    """What a document has to have, as PostgreSQL writes it; "" where nothing was asked.

    `any_of` is the same with "or", and nothing that must not be there: for the highlights, as are
    the folded `words`.
    """

    query: str = ""
    any_of: str = ""
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.query)


def wanted(words: Sequence[Word], *, is_typing: bool = False) -> Wanted:
    """The condition of these words: all of them, in any form; phrases as they stand.

    English words that say nothing alone ("the", "how") count only in phrases, or where nothing
    else was asked. While somebody still types, the last word may be the beginning of one.
    """
    telling = _telling(words, is_typing=is_typing)
    if not telling:
        return Wanted()
    has = [(parts, query) for word, parts, query in telling if not word.is_without]
    without = [query for word, _, query in telling if word.is_without]
    return Wanted(
        " & ".join([*(f"({query})" for _, query in has), *(f"!({one})" for one in without)]),
        _any_of(has),
        tuple(dict.fromkeys(part for parts, _ in has for part in parts)),
    )


def sharing(words: Sequence[Word]) -> Wanted:
    """The condition of any two of these words, in any form; of a single one where no more tell.

    Each pair is a row more of the condition: ask with few words.
    """
    has = [(parts, query) for _, parts, query in _telling(words)]
    pairs = [f"(({one}) & ({two}))" for (_, one), (_, two) in combinations(has, 2)]
    query = " | ".join(pairs) or _any_of(has)
    return Wanted(query, query, tuple(dict.fromkeys(part for parts, _ in has for part in parts)))


def _any_of(has: Sequence[tuple[list[str], str]]) -> str:
    """A phrase is marked by its words: only letters and digits, so that quotes keep them."""
    alone = [
        query if len(parts) == 1 else " | ".join(f"'{part}'" for part in parts)
        for parts, query in has
    ]
    return " | ".join(f"({one})" for one in alone)


def _telling(
    words: Sequence[Word], *, is_typing: bool = False, or_all: bool = True
) -> list[tuple[Word, list[str], str]]:
    """Word, its parts and its query, of those that say something; one statement.

    Where none does it gives all of them, unless `or_all` is False.
    """
    asked = [(one, parts) for one in words if (parts := folded(one.text).split())]
    if not asked:
        return []
    selected, values = [], list[Any]()
    for place, (word, parts) in enumerate(asked):
        is_last = is_typing and place == len(asked) - 1 and not word.is_phrase
        sql, more = _one(parts, is_beginning=is_last, is_exact=word.is_phrase)
        selected.append(f"({sql})::text, numnode(plainto_tsquery('english', %s))")
        values += [*more, " ".join(parts)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(selected)}", values)
        row = cursor.fetchone()
    found = [
        (word, parts, row[2 * place], row[2 * place + 1] == 0 and not word.is_phrase)
        for place, (word, parts) in enumerate(asked)
        if row[2 * place]
    ]
    telling = [one[:3] for one in found if not one[3]]
    return telling or ([one[:3] for one in found] if or_all else [])


def which_have(
    words: Sequence[Word], kind: str, person: Person, *, most: int
) -> list[tuple[str, str, list[int]]]:
    """Of each word that says something: itself, folded, its query, and the latest keys with it."""
    telling = [(" ".join(parts), query) for _, parts, query in _telling(words, or_all=False)]
    if not telling:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT one.word, one.query, ARRAY(SELECT found FROM"
            f" {FUNCTION}(one.query::tsquery, %s, %s, %s) found)"
            " FROM unnest(%s::text[], %s::text[]) AS one (word, query)",
            [kind, person.is_customer, most, *map(list, zip(*telling, strict=True))],
        )
        return [(word, query, keys) for word, query, keys in cursor.fetchall()]


def _one(parts: list[str], *, is_beginning: bool, is_exact: bool) -> tuple[str, list[Any]]:
    """The query of one word; one that holds signs, such as 4.7.0, is its parts in a row."""
    if is_beginning:
        *before, last = parts
        row = " <-> ".join([*(f"'{one}'" for one in before), f"'{last}':*"])
        return "%s::tsquery", [row]
    text = " ".join(parts)
    if is_exact or len(parts) > 1:
        return "phraseto_tsquery('simple', %s)", [text]
    # Most languages have the same form: each is asked for once.
    forms = (
        "SELECT string_agg(DISTINCT form::text, ' | ') FROM"
        " (SELECT plainto_tsquery(one, %s) AS form FROM unnest(%s::regconfig[]) one) forms"
        " WHERE numnode(form) > 0"
    )
    return forms, [text, ["simple", *_FORMS]]


def matching(wanted: Wanted, kind: str, person: Person, *, most: int | None = None) -> RawSQL:
    """The keys of what matches, for `pk__in`; the latest `most` of them, or all."""
    return RawSQL(
        f"SELECT found FROM {FUNCTION}(%s::tsquery, %s, %s, %s) found",
        (wanted.query, kind, person.is_customer, most),
        output_field=BigIntegerField(),
    )


def matches(wanted: Wanted, kind: str, person: Person, *, most: int | None = None) -> Q:
    """The same as a condition on the rows of that kind."""
    return Q(pk__in=matching(wanted, kind, person, most=most))


def ranked(wanted: Wanted, keys: Sequence[Key], person: Person, at: datetime) -> list[Key]:
    """The keys, which the person may see, best first."""
    rows = _read(_RANK, keys, person, wanted=wanted.query, at=at)
    return [(kind, key) for kind, key in rows]


def texts(keys: Sequence[Key], person: Person) -> dict[Key, str]:
    """What the person may read of each, for the highlights."""
    rows = _read(_TEXTS, keys, person, longest=LOOKED_AT)
    return {(kind, key): text for kind, key, text in rows}


def _read(sql: str, keys: Sequence[Key], person: Person, **values: Any) -> list[Any]:
    if not keys:
        return []
    kinds, ids = [kind for kind, _ in keys], [key for _, key in keys]
    asked: dict[str, Any] = {"kinds": kinds, "keys": ids, "as_customer": person.is_customer}
    with connection.cursor() as cursor:
        cursor.execute(sql, asked | values)
        return list(cursor.fetchall())


def which_match(words: Sequence[str], wanted: Wanted) -> set[str]:
    """Those of some folded words that the query asks for, in whatever form."""
    if not words or not wanted.any_of:
        return set()
    forms = " || ".join("to_tsvector(%s::regconfig, word)" for _ in _FORMS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT word FROM unnest(%s::text[]) word"
            f" WHERE (to_tsvector('simple', word) || {forms}) @@ %s::tsquery",
            [list(words), *_FORMS, wanted.any_of],
        )
        return {row[0] for row in cursor.fetchall()}


def near(word: str, most: int) -> list[str]:
    """Words of any document that look like this one; show none before somebody's own has it."""
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, [word, word, most])
        return [row[0] for row in cursor.fetchall()]
