"""Numbers of certificates: eleven random characters and one that checks them. Pure.

The alphabet is Crockford's: no I, L, O or U, so that a number that was read out or copied from
paper is not mistaken. The check is a polynomial over the field of 32 elements: it finds each single
wrong character and each pair that changed places, near or far.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "TC"
RANDOM = 11  # characters: 55 bits, so that nobody finds one by trying
_VALUE = {sign: value for value, sign in enumerate(ALPHABET)}
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_MODULUS = 0b100101  # x^5 + x^2 + 1, whose root makes every element but zero
_LONGEST = 40  # of what somebody types


def number_of(random: Sequence[int]) -> str:
    """The number for eleven random values from 0 to 31: "TC-7K3F-9QXM-2D8T"."""
    if len(random) != RANDOM or not all(0 <= value < 32 for value in random):
        raise ValueError("A certificate's number takes eleven values from 0 to 31.")
    signs = "".join(ALPHABET[value] for value in (*random, _check(random)))
    return "-".join([PREFIX, *(signs[at : at + 4] for at in range(0, RANDOM + 1, 4))])


def typed_number(text: str) -> str | None:
    """The number that somebody typed, as it is kept; None for what can be none.

    Blanks, hyphens and case do not matter; O is read as 0, I and L as 1.
    """
    if len(text) > _LONGEST:
        return None
    signs = re.sub(r"[\s\-\N{NON-BREAKING HYPHEN}\N{EN DASH}]", "", text).upper()
    signs = signs.removeprefix(PREFIX) if len(signs) > RANDOM + 1 else signs
    signs = signs.translate(_MISREAD)
    if len(signs) != RANDOM + 1 or any(sign not in _VALUE for sign in signs):
        return None
    values = [_VALUE[sign] for sign in signs]
    if _check(values[:-1]) != values[-1]:
        return None
    return number_of(values[:-1])


def _check(values: Sequence[int]) -> int:
    """The value that makes the polynomial zero at the field's root."""
    total = 0
    for value in values:
        total = _doubled(total ^ value)
    return total


def _doubled(value: int) -> int:
    """Times the root."""
    value <<= 1
    return value ^ _MODULUS if value & 32 else value
