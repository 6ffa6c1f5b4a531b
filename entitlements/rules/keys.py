"""What licence keys look like, by edition: patterns and a check digit (K1). Pure.

A pattern is written as keys are printed: `#` is a digit, `@` a letter, `*` one of both, and
everything else is itself. It says what can be a key at all, and confirms nothing: anybody can
type something of that form. A check digit does, since it is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_KEY = 60
MOST_PATTERNS = 10  # of an edition

NO_CHECK, LUHN, MOD97 = "", "luhn", "mod97"
# What the check digits are computed by, in words.
CHECKS = {
    NO_CHECK: "None: people confirm each registration",
    LUHN: "Luhn: the last digit proves all digits before it",
    MOD97: "ISO 7064 MOD 97-10: the last two digits prove letters and digits before them",
}

_SIGNS = {"#": "[0-9]", "@": "[A-Z]", "*": "[0-9A-Z]"}
_SHOWN = {"#": "7", "@": "K", "*": "4"}  # what stands for them in an example
_ALLOWED = re.compile(r"[A-Z0-9#@*./_-]+")


@dataclass(frozen=True)
class KeyScheme:
    """The keys of one edition: the patterns that they have, and how their check digit is made."""

    patterns: tuple[str, ...]
    check: str = NO_CHECK

    def fits(self, key: str) -> bool:
        """Whether `key`, in capitals, has the form of one of the patterns."""
        return any(_compiled(one).fullmatch(key) for one in self.patterns)

    def proves(self, key: str) -> bool:
        """Whether there is a check digit, and it is right."""
        if self.check == LUHN:
            return luhn_holds(key)
        return self.check == MOD97 and mod97_holds(key)

    def as_json(self) -> dict[str, Any]:
        return {"patterns": list(self.patterns), "check": self.check}

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> KeyScheme:
        return cls(tuple(facts["patterns"]), facts["check"])


Schemes = Mapping[str, KeyScheme]

AS_DELIVERED: dict[str, KeyScheme] = {
    "business": KeyScheme(("AXG-B-####-####",)),
    "office": KeyScheme(("AXG-O-####-####",)),
    "evaluation": KeyScheme(("AXG-E-####-####",)),
}


def editions_of(key: str, schemes: Schemes) -> list[str]:
    """The editions whose keys have the form of `key`."""
    return [edition for edition, scheme in schemes.items() if scheme.fits(key)]


def example_of(pattern: str) -> str:
    """A key of the form of `pattern`, made up: "AXG-B-7777-7777"."""
    return "".join(_SHOWN.get(sign, sign) for sign in pattern)


def luhn_holds(key: str) -> bool:
    """Luhn (ISO/IEC 7812-1, annex B) over the digits of `key`; the last one is the check digit."""
    digits = [int(sign) for sign in key if sign.isascii() and sign.isdigit()]
    if len(digits) < 2:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = 2 * digit if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def mod97_holds(key: str) -> bool:
    """ISO 7064 MOD 97-10 over letters (A is 10) and digits; the last two are the check digits."""
    signs = [sign for sign in key if sign.isascii() and sign.isalnum()]
    if len(signs) < 3 or not "".join(signs[-2:]).isdigit():
        return False
    return int("".join(str(int(sign, 36)) for sign in signs)) % 97 == 1


def problems(schemes: Schemes, names: Mapping[str, str]) -> list[str]:
    """What is wrong with the schemes, a sentence each; `names` has the editions' names."""
    found = []
    for edition, scheme in schemes.items():
        name = names.get(edition, edition)
        if len(scheme.patterns) > MOST_PATTERNS:
            found.append(f"{name}: at most {MOST_PATTERNS} patterns.")
        if scheme.check not in CHECKS:
            found.append(f"{name}: there is no such check digit.")
        found += [f"{name}: {fault}" for one in scheme.patterns if (fault := _fault(one, scheme))]
    return found


def _fault(pattern: str, scheme: KeyScheme) -> str:
    """What is wrong with one pattern; "" for a good one."""
    if len(pattern) > LONGEST_KEY:
        return f"a key has at most {LONGEST_KEY} signs."
    if not _ALLOWED.fullmatch(pattern):
        return (
            f"“{pattern}” has signs that are in no key. Write capitals, digits, - . / _ as they"
            " are, # for a digit, @ for a letter, * for one of both."
        )
    if sum(pattern.count(sign) for sign in _SIGNS) < 4:
        return f"“{pattern}” leaves fewer than four signs open, so that keys could be guessed."
    if scheme.check == MOD97 and not re.search(r"[0-9#][^A-Z0-9#@*]*[0-9#][^A-Z0-9#@*]*$", pattern):
        return f"“{pattern}” does not end with the two digits that prove it."
    if scheme.check == LUHN and not re.search(r"[0-9#][^0-9#*]*$", pattern):
        return f"“{pattern}” does not end with the digit that proves it."
    return ""


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(_SIGNS.get(sign, re.escape(sign)) for sign in pattern))
