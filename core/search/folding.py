"""Text made comparable: words in lower case, without accents, parted where scripts part them. Pure.

Index and search fold alike, so that "SCHÖN", "schon" and "schoen" find each other, "4.7.0" is its
three numbers in a row, and no sign of a text is ever read as an operator.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

WORD = 60  # characters of a word that count; of a longer one its beginning


def _joined(first: int, last: int) -> str:
    return f"{chr(first)}-{chr(last)}"


# Marks belong to their letter, which Python's \w does not say.
_MARKS = "".join(chr(n) for n in range(0x300, 0x3100) if unicodedata.category(chr(n))[0] == "M")
# Scripts that write without spaces: each sign stands alone, and a word is signs in a row.
_UNSPACED = "".join(_joined(*ends) for ends in ((0xE01, 0xE5B), (0x3041, 0x30FF), (0x3400, 0x9FFF)))
_TOKEN = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])(?:[^\W_]|[{_MARKS}]))+")
# Accents and vowel points that are left out when people type.
_LEFT_OUT = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"})
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
_PICTURES = r"(?:png|jpe?g|gif|svg|webp|bmp|ico|tiff?)"
_PICTURE_ADDRESS = re.compile(
    rf"(?:https?:)?//\S+?\.{_PICTURES}\b\S*|\bcid:\S+|\bdata:[\w/+.-]+;\S+", re.IGNORECASE
)


def tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """Each word of a text: where it stands, and how it compares."""
    for found in _TOKEN.finditer(text):
        if folded := _fold(found.group()):
            yield found.start(), found.end(), folded


def folded(text: str) -> str:
    """The words of a text, comparable, with a space between any two."""
    return " ".join(word for _, _, word in tokens(text))


def spelt_out(text: str) -> str:
    """The words with ä, ö and their like, as those write them who have no such key: schoen."""
    found = dict[str, None]()
    for one in _TOKEN.finditer(text):
        lower = unicodedata.normalize("NFC", one.group()).lower()
        if (spelt := lower.translate(_SPELT)) != lower:
            found[_fold(spelt)] = None
    return " ".join(found)


def without_pictures(text: str) -> str:
    """The text without the addresses of its pictures: nobody looks for those."""
    return _PICTURE_ADDRESS.sub(" ", text)


def _fold(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.casefold()).translate(_LETTERS)
    if not apart.isascii():
        apart = unicodedata.normalize("NFC", _LEFT_OUT.sub("", apart))
        apart = "".join(str(unicodedata.digit(one, one)) for one in apart)
    return "".join(_TOKEN.findall(apart))[:WORD] if not apart.isalnum() else apart[:WORD]
