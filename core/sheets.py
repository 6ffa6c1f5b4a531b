"""Rows as a file that spreadsheets read, written row by row: a long list takes no more memory.

Nothing that somebody typed is computed when the file is opened: a text stays a text.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from zoneinfo import ZoneInfo

import xlsxwriter

from core.export import plain

ROWS_AT_ONCE = 200  # of the CSV file that are sent together
LONGEST = 32_767  # characters of a cell, says the format
WIDEST = 60  # of a column
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_pieces(
    names: Sequence[str], rows: Iterable[Sequence[Any]], *, zone: ZoneInfo
) -> Iterator[bytes]:
    """The file in pieces; moments by the clock of `zone`. The mark at its head is for Excel."""
    kept = io.StringIO()
    kept.write("\ufeff")
    writer = csv.writer(kept)
    writer.writerow([plain(name) for name in names])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_as_text(cell, zone) for cell in row])
        if number % ROWS_AT_ONCE == 0:
            yield kept.getvalue().encode()
            kept.seek(0)
            kept.truncate()
    yield kept.getvalue().encode()


def written(pieces: Iterable[bytes]) -> IO[bytes]:
    """All of them as a file at its beginning, so that no slow reader keeps a transaction open.

    Whoever closes it removes it.
    """
    made = tempfile.TemporaryFile()  # noqa: SIM115 -- its reader closes it
    made.writelines(pieces)
    made.seek(0)
    return made


def xlsx_file(
    names: Sequence[str], rows: Iterable[Sequence[Any]], *, zone: ZoneInfo, title: str
) -> IO[bytes]:
    """The file at its beginning; whoever closes it removes it. Moments by the clock of `zone`."""
    made = tempfile.TemporaryFile()  # noqa: SIM115 -- its reader closes it
    book = xlsxwriter.Workbook(made, {"constant_memory": True})
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True})
    looks = {
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    for column, name in enumerate(names):
        sheet.set_column(column, column, min(max(len(name) + 2, 16), WIDEST))
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, bold)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, (last, column), cell, looks, zone)
    sheet.autofilter(0, 0, last, max(len(names) - 1, 0))
    book.close()
    made.seek(0)
    return made


def _as_text(cell: object, zone: ZoneInfo) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(cell, int | float | Decimal):
        return str(cell)  # nobody typed it: a sum below zero is a number, no formula
    return plain(cell)


def _write(sheet: Any, place: tuple[int, int], cell: object, looks: Any, zone: ZoneInfo) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(*place, cell.astimezone(zone).replace(tzinfo=None), looks[datetime])
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, looks[date])
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(*place, cell)
    else:
        sheet.write_string(*place, str(cell)[:LONGEST])
