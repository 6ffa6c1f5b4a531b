"""Blotting somebody out of texts: their address, name and telephone, in whatever order and case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

BLOT = "[erased]"
SHORTEST = 3  # letters of a part of a name that goes by itself
DIGITS = 6  # of a telephone number
# Around a name: no letter, digit or underscore. Around an address, what could be part of one, too.
_NO_WORD_BEFORE, _NO_WORD_AFTER = r"(?<!\w)", r"(?!\w)"
_NO_ADDRESS_BEFORE, _NO_ADDRESS_AFTER = r"(?<![\w.+-])", r"(?![\w-]|\.\w)"
_BETWEEN = r"(?:\s|\\n|,)+"  # "\n" is what a line's end is in JSON
_NOTHING = r"(?=a)b"


@dataclass(frozen=True)
class Words:
    """What is looked for. Both patterns read the same in Python and in PostgreSQL.

    `pattern` (in any case) is what means the person wherever it stands; `parts` (as it is written)
    are the words of the name, which mean them only where it is about them anyway.
    """

    addresses: tuple[str, ...]
    names: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    # Somebody else is called the same: the name means this person only where it is about them.
    has_namesake: bool = False

    @property
    def pattern(self) -> str:
        found = [*map(_address, self.addresses), *self._names(), *map(_number, self.numbers)]
        return "|".join(one for one in found if one) or _NOTHING

    @property
    def parts(self) -> str:
        words = {word for name in self.names for word in name.split() if len(word) >= SHORTEST}
        found = [_literal(word) for word in sorted(words, key=lambda word: (-len(word), word))]
        if not found:
            return _NOTHING
        return f"{_NO_WORD_BEFORE}(?:{'|'.join(found)}){_NO_WORD_AFTER}"

    def blotted(self, text: str, *, near: bool = False) -> str:
        """The text without them; with `near` without the parts of the name as well."""
        text = re.sub(self.pattern, BLOT, text, flags=re.IGNORECASE)
        return re.sub(self.parts, BLOT, text) if near else text

    def are_in(self, text: str) -> bool:
        return re.search(self.pattern, text, flags=re.IGNORECASE) is not None

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Words:
        lists = {name: tuple(kept[name]) for name in ("addresses", "names", "numbers")}
        return cls(**lists, has_namesake=bool(kept["has_namesake"]))

    def _names(self) -> list[str]:
        found = []
        for name in self.names:
            words = [_literal(word) for word in name.split()]
            if len(words) < 2 or self.has_namesake:  # "Mark" alone means nobody in particular
                continue
            orders = [words, words[::-1], [*words[-1:], *words[:-1]]]
            for order in dict.fromkeys(_BETWEEN.join(one) for one in orders if one):
                found.append(f"{_NO_WORD_BEFORE}{order}{_NO_WORD_AFTER}")
        return found


def _address(address: str) -> str:
    local, at, domain = address.partition("@")
    if not at or not local or not domain:
        return ""
    whole = f"{_literal(local)}(?:@|%40){_literal(domain)}"
    return f"{_NO_ADDRESS_BEFORE}{whole}{_NO_ADDRESS_AFTER}"


def _number(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    if len(digits) < DIGITS:
        return ""
    return r"(?<!\d)\+?" + r"[\s./()-]*".join(digits) + r"(?!\d)"


def _literal(text: str) -> str:
    """The text as a pattern: no regular expression of either kind reads it otherwise."""
    # In JSON a quotation mark or a backslash has another one before it.
    marks = {'"': r"\\?\"", "\\": r"\\\\?"}
    return "".join(marks.get(c) or (c if c.isalnum() or c == "_" else f"\\{c}") for c in text)
