"""The report's typefaces: the one carried in the package, and others for what it lacks.

DejaVu Sans Condensed (see `fonts/LICENSE-dejavu`): Latin with all its accents, Greek, Cyrillic,
Armenian, Georgian, Hebrew, Arabic. Condensed, because a table of incidents has eight columns.
What it lacks is drawn in Noto (open font licence): Thai and Devanagari, which are shaped; Chinese,
Japanese and Korean; emoji in black. Every PDF carries only the glyphs that it draws.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from threading import Lock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from core.pdf import cjk, scripts

REGULAR = "DejaVuSansCondensed"
BOLD = "DejaVuSansCondensed-Bold"
FONTS = Path(__file__).parent / "fonts"
_SHAPED = {
    "NotoSansDevanagari": ("fontpkg_noto_sans_devanagari", "NotoSansDevanagari[wdth,wght].ttf"),
    "NotoSansThai": ("fontpkg_noto_sans_thai", "NotoSansThai[wdth,wght].ttf"),
}
_EMOJI = "NotoEmoji"
_CJK = "NotoSansCJK"
_lock = Lock()


@dataclass(frozen=True)
class Typefaces:
    """What one document is drawn with: which font draws a code point that the typeface lacks."""

    base: frozenset[int]
    others: Mapping[int, str]
    missing: frozenset[int] = frozenset()  # what no font draws

    def __contains__(self, code: object) -> bool:
        return code in self.base or code in self.others

    def font_of(self, code: int, font: str) -> str:
        """`font` is the typeface's regular or bold; the others have one weight."""
        return font if code in self.base else self.others.get(code, font)


@cache
def register() -> frozenset[int]:
    """Make the fonts known to reportlab, once a process; gives the code points that both draw."""
    drawn = [_add(TTFont(name, FONTS / f"{name}.ttf")) for name in (REGULAR, BOLD)]
    return drawn[0] & drawn[1]


@contextmanager
def typefaces(characters: Set[str]) -> Iterator[Typefaces]:
    """For a document with these characters, which gets fonts of its own for what is lacking.

    So its bytes depend on nothing that was drawn before, and nothing of it stays. reportlab knows
    a font by its name in the whole process: two such documents wait for each other.
    """
    base = register()
    lacking = {
        ord(one) for one in characters if not (scripts.is_unseen(one) or one.isspace())
    } - base
    if not lacking:
        yield Typefaces(base, {})
        return
    with _lock:
        others: dict[int, str] = {}
        try:
            for name, codes in _coverage().items():
                if wanted := lacking & codes:
                    _add(TTFont(name, _path(name), shapable=name in _SHAPED))
                    others |= dict.fromkeys(wanted, name)
            font = cjk.subset(lacking - set(others))
            if font is not None:
                drawn = _add(TTFont(_CJK, BytesIO(font)))
                others |= dict.fromkeys((lacking - set(others)) & drawn, _CJK)
            yield Typefaces(base, others, frozenset(lacking - set(others)))
        finally:
            for name in set(others.values()):
                pdfmetrics.getFont(name).unregister()


def width(text: str, font: str, size: float) -> float:
    """Points, of what the font itself draws."""
    register()
    points: float = pdfmetrics.stringWidth(text, font, size)
    return points


def is_shaped(font: str) -> bool:
    """Whether its letters change with their neighbours."""
    return font in _SHAPED


@cache
def _coverage() -> dict[str, frozenset[int]]:
    """By font, the code points that it draws; read once a process."""
    names = (*_SHAPED, _EMOJI)
    return {name: frozenset(TTFont(name, _path(name)).face.charToGlyph) for name in names}


def _path(name: str) -> Path:
    if name == _EMOJI:
        return FONTS / f"{_EMOJI}-Regular.ttf"
    package, file = _SHAPED[name]
    return Path(str(files(package) / "files" / file))


def _add(font: TTFont) -> frozenset[int]:
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)
