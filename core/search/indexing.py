"""Writing the index: each thing anew as a whole, out of what its source gives (`sources`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import structlog
from django.db import connection

from core.models import SearchDocument, SearchOwed
from core.search.folding import folded, spelt_out, without_pictures
from core.search.sources import Document, Source, Texts, source_of, sources

logger = structlog.get_logger(__name__)

TASK = "core.tasks.index_owed"
MOST_TRIES = 20
LONGEST = 100_000  # characters of one document: its vector has to stay below a megabyte
LONGEST_HEAD = 5_000
AT_ONCE = 10_000  # rows of a re-index in one statement

# How PostgreSQL calls the languages whose word forms it knows.
LANGUAGES = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
_MENDED = re.compile(r"[^\W\d_]{4,30}")  # words worth mending: no numbers, keys or hashes
# The words themselves with their places, for phrases; their forms without, since a form found says
# enough and a document is half as large.
_VECTOR = """
    setweight(to_tsvector('simple', %(title)s), 'A')
    || setweight(to_tsvector('english', %(title)s), 'A')
    || setweight(to_tsvector(%(language)s::regconfig, %(title)s), 'A')
    || setweight(to_tsvector('simple', %(head)s), 'B')
    || setweight(to_tsvector('simple', %(body)s), 'C')
    || strip(to_tsvector('english', %(body)s))
    || strip(to_tsvector(%(language)s::regconfig, %(body)s))
    || to_tsvector('simple', %(quoted)s)
"""
_WRITE = f"""
    INSERT INTO core_searchdocument
        (kind, subject_id, organisation_id, for_customers, for_staff, at, text, vector)
    VALUES (%(kind)s, %(subject)s, %(organisation)s, %(for_customers)s, %(for_staff)s,
        %(at)s, %(text)s, {_VECTOR})
    ON CONFLICT (subject_id, kind, for_staff, for_customers) DO UPDATE SET
        organisation_id = excluded.organisation_id, at = excluded.at, text = excluded.text,
        vector = excluded.vector
"""
# In one order, so that two that write the same words never wait for each other in a circle.
_KEEP_WORDS = """
    INSERT INTO core_searchword (word)
    SELECT word FROM unnest(%s::text[]) word
    WHERE NOT EXISTS (SELECT 1 FROM core_searchword known WHERE known.word = word.word)
    ORDER BY word ON CONFLICT DO NOTHING
"""


def index(kind: str, keys: Sequence[int]) -> int:
    """Write the documents of these rows, and forget those that have none any more; how many."""
    source = source_of(kind)
    found = {one.pk: one for one in source.documents(keys)} if source else {}
    words: set[str] = set()
    for pk in keys:
        document = found.get(pk)
        if document is None:
            SearchDocument.objects.filter(kind=kind, subject_id=pk).delete()
        else:
            words |= _write(kind, document)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_WORDS, [sorted(words)])
    return len(keys)


def owe(source: Source) -> int:
    """Have every row of a kind indexed anew; how many. In the caller's transaction."""
    keys = source.every().order_by("pk").values_list("pk", flat=True).iterator(AT_ONCE)
    known = SearchDocument.objects.filter(kind=source.kind).values_list("subject_id", flat=True)
    owed = 0
    for some in _parts(keys):
        SearchOwed.objects.bulk_create([SearchOwed(kind=source.kind, subject_id=pk) for pk in some])
        owed += len(some)
    gone = set(known) - set(source.every().values_list("pk", flat=True))
    SearchOwed.objects.bulk_create([SearchOwed(kind=source.kind, subject_id=pk) for pk in gone])
    return owed + len(gone)


def owe_everything() -> int:
    return sum(owe(one) for one in sources())


def work_off(rows: Sequence[int]) -> int:
    """Index what these rows owe, and remove them; how many things that were.

    A row that somebody else works on is his. What is written meanwhile owes a row of its own.
    """
    owed = SearchOwed.objects.select_for_update(skip_locked=True).filter(pk__in=rows)
    by_kind: dict[str, set[int]] = {}
    taken = []
    for row in owed.order_by("pk"):
        by_kind.setdefault(row.kind, set()).add(row.subject_id)
        taken.append(row.pk)
    done = sum(index(kind, sorted(keys)) for kind, keys in by_kind.items())
    SearchOwed.objects.filter(pk__in=taken).delete()
    return done


def put_behind(row: int) -> None:
    """One that failed waits behind the others, and in the end for whoever indexes all anew."""
    owed = SearchOwed.objects.filter(pk=row).first()
    if owed is None:
        return
    if owed.tries >= MOST_TRIES:
        logger.error("given up indexing", kind=owed.kind, subject=owed.subject_id)
        owed.delete()
        return
    owed.tries += 1
    owed.save(update_fields=["tries"])


def _write(kind: str, one: Document) -> set[str]:
    of_staff = one.of_staff
    wanted = [(True, of_staff is None, one.of_customers)]
    if of_staff is not None:
        wanted.append((False, True, of_staff))
    theirs = SearchDocument.objects.filter(kind=kind, subject_id=one.pk)
    if of_staff is None:
        theirs.filter(for_customers=False).delete()
        theirs.filter(for_staff=False).delete()
    else:
        theirs.filter(for_customers=True, for_staff=True).delete()
    found: set[str] = set()
    with connection.cursor() as cursor:
        for for_customers, for_staff, texts in wanted:
            who = {"for_customers": for_customers, "for_staff": for_staff}
            values = _values(kind, one, texts)
            cursor.execute(_WRITE, values | who)
            every = (values[part].split() for part in ("title", "head", "body", "quoted"))
            found.update(word for some in every for word in some if _MENDED.fullmatch(word))
    return found


def _values(kind: str, one: Document, texts: Texts) -> dict[str, Any]:
    body = _bounded(texts.body)
    text = _bounded("\n".join(part for part in (texts.body, texts.quoted) if part))
    return {
        "kind": kind,
        "subject": one.pk,
        "organisation": one.organisation,
        "at": one.at,
        "language": LANGUAGES.get(one.language[:2].lower(), "simple"),
        "text": text,
        "title": _comparable(texts.title[:LONGEST_HEAD]),
        "head": _comparable(texts.head[:LONGEST_HEAD]),
        "body": _comparable(body),
        "quoted": _comparable(texts.quoted[: LONGEST // 10]),
    }


def _comparable(text: str) -> str:
    plain = without_pictures(text)
    return f"{folded(plain)} {spelt_out(plain)}"


def _bounded(text: str) -> str:
    """Of what is too long the beginning, where it was reported, and the end."""
    text = text.replace("\0", " ")
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 4]}\n{text[-LONGEST * 3 // 4 :]}"


def _parts(keys: Iterable[int]) -> Iterable[list[int]]:
    them = iter(keys)
    while some := list(islice(them, AT_ONCE)):
        yield some
