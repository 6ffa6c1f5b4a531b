"""Chinese, Japanese and Korean glyphs for one document, cut out of Noto Sans CJK.

The font has 65,000 glyphs in 16 MB, with cubic outlines, which reportlab can not embed. HarfBuzz
cuts out what a document draws in a fraction of a second; its outlines are then made quadratic.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from io import BytesIO

import uharfbuzz
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

_PACKAGE, _FILE = "noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf"
_DEVIATION = 1.0  # font units of 1,000 an em
_HINTING = (  # of which there is none
    "maxZones",
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
)
_DROPPED = ("CFF ", "VORG", "GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx")


def subset(codes: Iterable[int]) -> bytes | None:
    """A TrueType font with the glyphs of these code points; None where it has none of them.

    The same code points give the same bytes.
    """
    face = _face()
    known = set(codes) & set(face.unicodes)
    if not known:
        return None
    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update(known)
    small = uharfbuzz.subset(face, wanted)
    font = TTFont(BytesIO(bytes(small.blob.data)), recalcTimestamp=False)
    _make_quadratic(font)
    out = BytesIO()
    font.save(out)
    return out.getvalue()


@cache
def _face() -> uharfbuzz.Face:
    """Mapped, not read: only what is cut out comes into memory."""
    path = str(files(_PACKAGE) / _FILE)
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path))


def _make_quadratic(font: TTFont) -> None:
    order, drawn = font.getGlyphOrder(), font.getGlyphSet()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, _DEVIATION, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    font["hmtx"].metrics = {
        name: (advance, getattr(glyphs[name], "xMin", 0))
        for name, (advance, _) in font["hmtx"].metrics.items()
    }
    _make_profile(font, len(order))
    for tag in _DROPPED:
        if tag in font:
            del font[tag]
    font.sfntVersion = "\x00\x01\x00\x00"


def _make_profile(font: TTFont, glyphs: int) -> None:
    """What a TrueType font says of itself, and one with cubic outlines does not."""
    maxp = font["maxp"] = newTable("maxp")
    maxp.tableVersion, maxp.numGlyphs = 0x00010000, glyphs
    for name in _HINTING:
        setattr(maxp, name, int(name == "maxZones"))
    font["post"].formatType = 3.0
    font["head"].glyphDataFormat = 0
