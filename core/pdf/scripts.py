"""Text that people typed, made ready for a typeface that neither shapes nor turns round.

reportlab draws one glyph a character from left to right. So Arabic letters are joined here (the
forms of Unicode's own presentation blocks), and right-to-left runs are turned round line by line.
Characters that the typeface lacks become U+FFFD, never an empty box nor nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterator
from functools import cache
from itertools import pairwise

MISSING = "\N{REPLACEMENT CHARACTER}"
_RIGHT_TO_LEFT = ("R", "AL")
_MIRRORED = dict(zip("()[]{}<>«»", ")(][}{><»«", strict=True))
_TATWEEL = "\u0640"


def printable(text: str, drawn: Container[int]) -> str:
    """Composed, without control characters, in the joined forms; unknown glyphs as U+FFFD.

    White space becomes single blanks. `drawn` holds the code points that the typeface has.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    kept = "".join(c for c in composed if not is_unseen(c))
    return "".join(c if ord(c) in drawn else MISSING for c in _joined(kept))


def is_unseen(letter: str) -> bool:
    """Control and format characters; how an emoji is coloured, where all are black."""
    if unicodedata.category(letter) in ("Cc", "Cf", "Cs"):
        return True
    return "\ufe00" <= letter <= "\ufe0f" or "\U0001f3fb" <= letter <= "\U0001f3ff"


def has_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in text)


def reads_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction says so, as Unicode has it."""
    kinds = map(unicodedata.bidirectional, text)
    return next((kind for kind in kinds if kind in ("L", *_RIGHT_TO_LEFT)), "L") != "L"


def visual(line: str, *, right_to_left: bool) -> str:
    """One line as it is drawn from left to right; `right_to_left`: how its paragraph reads.

    The part of Unicode's bidirectional algorithm that names and sentences need: runs, numbers
    inside them, neutrals between, mirrored brackets, marks that stay on their letter.
    """
    levels = _levels(line, int(right_to_left))
    if not any(levels):
        return line
    clusters = [
        (_MIRRORED.get(line[a], line[a]) + line[a + 1 : b] if level == 1 else line[a:b], level)
        for a, b, level in _clusters(line, levels)
    ]
    for floor in (2, 1):
        clusters = _turned(clusters, floor)
    return "".join(text for text, _ in clusters)


def _turned(clusters: list[tuple[str, int]], floor: int) -> list[tuple[str, int]]:
    """Each stretch at this level or above, reversed, as Unicode has it."""
    turned: list[tuple[str, int]] = []
    stretch: list[tuple[str, int]] = []
    for cluster in clusters:
        if cluster[1] >= floor:
            stretch.append(cluster)
        else:
            turned += [*reversed(stretch), cluster]
            stretch = []
    return [*turned, *reversed(stretch)]


def _clusters(line: str, levels: list[int]) -> Iterator[tuple[int, int, int]]:
    """(first, end, level) of every character with the marks that sit on it."""
    starts = [i for i, c in enumerate(line) if i == 0 or unicodedata.bidirectional(c) != "NSM"]
    for first, end in pairwise([*starts, len(line)]):
        yield first, end, levels[first]


def _levels(line: str, base: int) -> list[int]:
    """Even: left to right; odd: right to left. 2 stands inside right-to-left text."""
    settled: list[tuple[int, int] | None] = []  # (1 where it counts as right-to-left, its level)
    strong = base
    for kind in map(unicodedata.bidirectional, line):
        if kind in (*_RIGHT_TO_LEFT, "L"):
            strong = int(kind != "L")
            settled.append((strong, 1 if strong else 2 * base))
        elif kind in ("EN", "AN"):
            settled.append((strong, 2 if strong else 2 * base))
        elif kind == "NSM" and settled:
            settled.append(settled[-1])
        else:
            settled.append(None)
    return [_level(settled, at, base) for at in range(len(settled))]


def _level(settled: list[tuple[int, int] | None], at: int, base: int) -> int:
    """Neutrals go with their neighbours where both agree, else with the paragraph."""
    here = settled[at]
    if here is not None:
        return here[1]
    edge = (base, base)
    before = next((n for n in reversed(settled[:at]) if n is not None), edge)
    after = next((n for n in settled[at:] if n is not None), edge)
    if before == after == (1, 2) and settled[at - 1] and settled[at + 1]:
        return 2  # the point or colon inside a number
    if before[0] == after[0]:
        return 1 if before[0] else 2 * base
    return base


def _joined(text: str) -> str:
    """Arabic letters in the forms that their neighbours ask for (isolated where there is none)."""
    if not any(unicodedata.bidirectional(c) == "AL" for c in text):
        return text
    forms = _forms()
    text = _ligated(text)
    letters = [i for i, c in enumerate(text) if unicodedata.bidirectional(c) != "NSM"]
    drawn = list(text)
    for place, at in enumerate(letters):
        before = text[letters[place - 1]] if place else ""
        after = text[letters[place + 1]] if place + 1 < len(letters) else ""
        back = _joins_on(before) and "final" in forms.get(text[at], {})
        ahead = _joins_on(text[at]) and ("final" in forms.get(after, {}) or after == _TATWEEL)
        form = {(1, 1): "medial", (1, 0): "final", (0, 1): "initial"}.get((back, ahead), "isolated")
        drawn[at] = forms.get(text[at], {}).get(form, text[at])
    return "".join(drawn)


def _joins_on(letter: str) -> bool:
    return letter == _TATWEEL or "initial" in _forms().get(letter, {})


def _ligated(text: str) -> str:
    """Lam and alef are always written as one."""
    for alef, isolated in (("\u0622", "ﻵ"), ("\u0623", "ﻷ"), ("\u0625", "ﻹ"), ("\u0627", "ﻻ")):
        text = text.replace(f"\u0644{alef}", isolated)
    return text


@cache
def _forms() -> dict[str, dict[str, str]]:
    """letter -> form -> character, as Unicode's presentation blocks list them."""
    forms: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFDC8), *range(0xFE80, 0xFEFD)):
        form, _, letters = unicodedata.decomposition(chr(code)).partition(" ")
        if form.startswith("<") and " " not in letters and letters:
            forms.setdefault(chr(int(letters, 16)), {})[form.strip("<>")] = chr(code)
    for isolated in "ﻵﻷﻹﻻ":
        forms[isolated] = {"isolated": isolated, "final": chr(ord(isolated) + 1)}
    return forms


def units(text: str) -> Iterator[str]:
    """The pieces between which a line may end; a blank stays with the word before it."""
    for word in _blanks(text):
        if word.isascii() or not any(_breaks_within(letter) for letter in word):
            yield word
        else:
            yield from _letters(word)


def _blanks(text: str) -> Iterator[str]:
    words = text.split(" ")
    for place, word in enumerate(words, 1):
        yield word if place == len(words) else f"{word} "


def _letters(word: str) -> Iterator[str]:
    """Between two signs of a script without blanks, but not before a mark or a closing sign."""
    unit = ""
    for letter in word:
        breaks = _breaks_within(letter) or (bool(unit) and _breaks_within(unit[-1]))
        if unit and breaks and not _stays(unit[-1], letter):
            yield unit
            unit = ""
        unit += letter
    yield unit


_OPENING = "「『（【〈《［｛〔“‘"
_CLOSING = "、。，．・：；？！」』）】〉》］｝〕”’ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_LEADING = "เแโใไ"  # Thai vowels that are written before their consonant


def _stays(before: str, letter: str) -> bool:
    is_mark = unicodedata.category(letter) in ("Mn", "Mc") or letter in "ะาำๆฯ "
    return is_mark or letter in _CLOSING or before in _OPENING or before in _LEADING


def _breaks_within(letter: str) -> bool:
    """Whether the letter is of a script that writes no blanks between its words."""
    code = ord(letter)
    return (
        0x0E00 <= code <= 0x0EFF  # Thai, Lao
        or 0x2E80 <= code <= 0x9FFF  # Han, kana
        or 0xF900 <= code <= 0xFAFF
        or 0xFF00 <= code <= 0xFFEF
        or 0x20000 <= code <= 0x3FFFF
    )
