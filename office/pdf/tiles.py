"""Figures at a glance, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.colors import Color
from reportlab.lib.styles import ParagraphStyle

from core.pdf import look
from core.pdf.writer import Writer, cell_frame, layout_table
from office.pdf.paper import BODY_WIDTH

_GUTTER = 9.0
_VALUE = ParagraphStyle("office-tile", look.TILE_VALUE, fontSize=24, leading=30)
_LABEL = ParagraphStyle("office-tile-label", look.TILE_LABEL, fontSize=9, leading=12)
_DETAIL = ParagraphStyle("office-tile-detail", look.TILE_DETAIL, fontSize=8.5, leading=11)


@dataclass(frozen=True)
class Tile:
    label: str
    value: str
    detail: str = ""
    colour: Color = look.BLUE


def write_tiles(writer: Writer, tiles: Sequence[Tile], a_row: int = 4) -> None:
    each = (BODY_WIDTH - (a_row - 1) * _GUTTER) / a_row
    for start in range(0, len(tiles), a_row):
        if start:
            writer.space(_GUTTER)
        cells: list[object] = []
        widths: list[float] = []
        commands = cell_frame(11, 6, 10, 12)
        for tile in tiles[start : start + a_row]:
            if cells:
                cells.append("")
                widths.append(_GUTTER)
            at = (len(cells), 0)
            commands.append(("BACKGROUND", at, at, look.BLUE_PALE))
            commands.append(("LINEBEFORE", at, at, 2.5, tile.colour, "butt"))
            cells.append(_texts(writer, tile))
            widths.append(each)
        writer.story.append(layout_table(cells, widths, commands))


def _texts(writer: Writer, tile: Tile) -> list[object]:
    element = writer.document.child("P")
    value = ParagraphStyle(f"office-tile-{tile.colour}", _VALUE, textColor=tile.colour)
    lines = ((tile.label, _LABEL), (tile.value, value), (tile.detail, _DETAIL))
    return [writer.text(text, style, element=element) for text, style in lines]
