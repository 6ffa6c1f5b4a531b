"""Figures at a glance: pale tiles in rows of four, the value large, a line of detail below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.colors import Color
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable

from core.pdf import look
from core.pdf.writer import Writer, cell_frame, layout_table

_TILES_A_ROW = 4
_GUTTER = 7.0


@dataclass(frozen=True)
class Tile:
    label: str
    value: str
    detail: str
    colour: Color = look.BLUE


def write_tiles(writer: Writer, tiles: Sequence[Tile]) -> None:
    each = (look.BODY_WIDTH - (_TILES_A_ROW - 1) * _GUTTER) / _TILES_A_ROW
    for start in range(0, len(tiles), _TILES_A_ROW):
        if start:
            writer.space(_GUTTER)
        writer.story.append(_tile_row(writer, tiles[start : start + _TILES_A_ROW], each))


def _tile_row(writer: Writer, tiles: Sequence[Tile], each: float) -> Flowable:
    cells: list[object] = []
    widths: list[float] = []
    commands = cell_frame(9, 4, 7, 7)
    for tile in tiles:
        if cells:
            cells.append("")
            widths.append(_GUTTER)
        at = (len(cells), 0)
        commands.append(("BACKGROUND", at, at, look.BLUE_PALE))
        commands.append(("LINEBEFORE", at, at, 2, tile.colour, "butt"))
        cells.append(_tile_texts(writer, tile))
        widths.append(each)
    return layout_table(cells, widths, commands)


def _tile_texts(writer: Writer, tile: Tile) -> list[object]:
    element = writer.document.child("P")
    value = look.TILE_VALUE
    if tile.colour is not look.BLUE:
        value = ParagraphStyle("tile-value-coloured", value, textColor=tile.colour)
    lines = ((tile.label, look.TILE_LABEL), (tile.value, value), (tile.detail, look.TILE_DETAIL))
    return [writer.text(text, style, element=element) for text, style in lines]
