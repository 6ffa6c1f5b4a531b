"""What people type to find something, taken apart: free words, "phrases", -without, field:value.

Pure, and never an error: what is not understood is said in a sentence, and narrows nothing. Which
fields there are is the caller's (`Field`), so that each room's search has its own.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LONGEST = 2_000  # characters that are looked at
MOST = 30  # words and fields that are looked at; a sentence of a mail has about 20
WORD = 60  # characters of one word; longer ones are found by their beginning

# What editors and phones make of straight quotes, and signs that look like a minus before a word.
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»〝〞＂", '"') | {"：": ":", "−": "-", "–": "-"})
_TERM = re.compile(
    r"""(?P<minus>-)?(?:(?P<name>[^\W\d_]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))"""
)
_NAMELESS = re.compile(r"-?(?P<name>[^\W\d_]+):")
_SAYS = re.compile(r"\w")


class NotUnderstood(Exception):
    """What was given to a field is no value of it; the sentence says what is."""


@dataclass(frozen=True)
class Field:
    """One `name:value`. `read` gives the value, or raises NotUnderstood with a whole sentence.

    `examples` are shown to whoever types the name. One that is `for_staff` is a plain word to
    customers.
    """

    name: str
    read: Callable[[str], Any]
    examples: str
    for_staff: bool = False


@dataclass(frozen=True)
class Word:
    """A word, or the words of a phrase in their order; `raw` as it was typed."""

    text: str
    raw: str
    is_phrase: bool = False
    is_without: bool = False


@dataclass(frozen=True)
class Chosen:
    """A field with the values that were understood; any of them will do."""

    name: str
    values: tuple[Any, ...]
    raw: str
    is_without: bool = False


@dataclass(frozen=True)
class Parsed:
    """What was understood, in the order of typing, and a sentence for each thing that was not."""

    terms: tuple[Word | Chosen, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(one for one in self.terms if isinstance(one, Word))

    @property
    def chosen(self) -> tuple[Chosen, ...]:
        return tuple(one for one in self.terms if isinstance(one, Chosen))

    @property
    def text(self) -> str:
        """What was understood, as it could be typed again."""
        return " ".join(one.raw for one in self.terms)

    def without(self, term: Word | Chosen) -> str:
        """The text with one term taken out: where the cross of its chip leads."""
        return " ".join(one.raw for one in self.terms if one is not term)

    def __bool__(self) -> bool:
        return bool(self.terms)


def parse(text: str, fields: Mapping[str, Field]) -> Parsed:
    """Take `text` apart by these fields, which are named in lower case."""
    cleaned = _without_controls(text[: LONGEST + 1].translate(_QUOTES))
    problems = []
    if len(text) > LONGEST:
        problems.append(f"Only the first {LONGEST:,} characters were looked at.")
        cleaned = cleaned[:LONGEST].rpartition(" ")[0] or cleaned[:LONGEST]
    terms: list[Word | Chosen] = []
    for found in _found(cleaned):
        if len(terms) == MOST:
            problems.append(f"Only the first {MOST} words were looked at.")
            break
        try:
            term = _term(found, fields)
        except NotUnderstood as refusal:
            problems.append(str(refusal))
            continue
        if (hint := _hint(found, fields)) and hint not in problems:
            problems.append(hint)
        if term is not None:
            terms.append(term)
    return Parsed(tuple(terms), tuple(dict.fromkeys(problems)))


def one_of(name: str, known: Mapping[str, Any], *, shown: str = "") -> Callable[[str], Any]:
    """A reader of values that are named in lower case; `shown` names them in the sentence."""

    def read(value: str) -> Any:
        found = known.get(value.casefold())
        if found is None:
            raise NotUnderstood(f"{name}: knows {shown or ', '.join(known)}, not “{value}”.")
        return found

    return read


def as_typed(value: str) -> str:
    """A reader that takes whatever it is given, such as a part of a name."""
    return value


def _found(text: str) -> Iterator[re.Match[str]]:
    """The terms of a text; what says nothing, such as a lonely sign, is passed over."""
    return (one for one in _TERM.finditer(text) if _SAYS.search(one.group()))


def _term(found: re.Match[str], fields: Mapping[str, Field]) -> Word | Chosen | None:
    is_without, raw = bool(found["minus"]), found.group().strip()
    field = fields.get((found["name"] or "").casefold())
    if field is not None:
        return _chosen(field, found, raw, is_without)
    begun = _NAMELESS.fullmatch(found.group())
    if begun and (field := fields.get(begun["name"].casefold())):
        raise NotUnderstood(f"{field.name}: waits for a value, such as {field.examples}.")
    text = found["phrase"] if found["phrase"] is not None else found["word"]
    if found["name"]:  # of no field: 421:4.7.0, http://..., a label of a log
        text = f"{found['name']}:{text}"
    if not _SAYS.search(text):
        return None
    is_phrase = found["phrase"] is not None and not found["name"] and len(text.split()) > 1
    text = " ".join(text.split())
    return Word(text if is_phrase else text[:WORD], raw, is_phrase, is_without)


def _chosen(field: Field, found: re.Match[str], raw: str, is_without: bool) -> Chosen:
    if found["phrase"] is not None:
        values = [" ".join(found["phrase"].split())]
    else:
        values = [one for one in found["word"].split(",") if one]
    if not any(values):
        raise NotUnderstood(f"{field.name}: waits for a value, such as {field.examples}.")
    return Chosen(field.name, tuple(map(field.read, values)), raw, is_without)


def _hint(found: re.Match[str], fields: Mapping[str, Field]) -> str:
    """A sentence for a field whose name was mistyped; "" for what merely holds a colon."""
    name = (found["name"] or "").casefold()
    if not name or name in fields or found["phrase"] is None and found["word"].startswith("/"):
        return ""
    near = difflib.get_close_matches(name, fields, n=1, cutoff=0.75)
    return f"“{name}:” is no field and was looked for as words; {near[0]}: is one." if near else ""


def _without_controls(text: str) -> str:
    """NUL and its like are spaces; marks of direction, which nobody sees, are nothing."""
    kinds = ((unicodedata.category(one), one) for one in text)
    return "".join(
        " " if kind in ("Cc", "Cs") else "" if kind == "Cf" and one in _UNSEEN else one
        for kind, one in kinds
    )


_UNSEEN = frozenset(
    "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\xad"
)
