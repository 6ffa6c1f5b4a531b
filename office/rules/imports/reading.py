"""Tables as people save them: CSV of any separator and encoding, and spreadsheets. Pure.

A CSV is read line by line, however long it is. What a spreadsheet unpacks to is looked at before
it is opened, since a small file may hold a huge one.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from python_calamine import CalamineError, CalamineWorkbook

ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252 (Western Europe)",
    "cp1250": "Windows-1250 (Central Europe)",
    "iso8859-15": "ISO 8859-15",
}
SEPARATORS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar"}
UNPACKED_MOST = 300 * 1024 * 1024  # bytes of a spreadsheet
LOOKED_AT = 64 * 1024  # bytes in which the separator is looked for
CELL_MOST = 100_000  # characters
COLUMNS_MOST = 200
CELLS_MOST = 5_000_000  # of a sheet, with the empty ones between
_CELL = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')


class UnreadableFile(ValueError):
    """The whole file can not be read; its text says what helps."""


@dataclass(frozen=True)
class Shape:
    """How a file is written. A spreadsheet has neither encoding nor separator."""

    encoding: str = ""
    separator: str = ""

    @property
    def is_sheet(self) -> bool:
        return not self.encoding


@dataclass(frozen=True)
class Row:
    """One line of the table; `number` is that of the file, counted from 1."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


def shape_of(file: IO[bytes]) -> Shape:
    """Guessed from its bytes; people see it and may choose otherwise."""
    file.seek(0)
    head = file.read(LOOKED_AT)
    if head.startswith(b"PK\x03\x04"):
        return Shape()
    encoding = _encoding(file, head)
    text = head.decode(encoding, errors="replace")
    return Shape(encoding, _separator(text))


def rows_of(file: IO[bytes], shape: Shape) -> Iterator[Row]:
    """All rows that are not blank, the head first. Error: `UnreadableFile`."""
    file.seek(0)
    found = _sheet_rows(file) if shape.is_sheet else _csv_rows(file, shape)
    return (row for row in found if not row.is_blank)


def heads_of(rows: Iterator[Row]) -> tuple[str, ...]:
    """The names of the columns: takes the first row. Error: `UnreadableFile`."""
    head = next(rows, None)
    if head is None:
        raise UnreadableFile("The file is empty. Its first line has to name the columns.")
    heads = tuple(" ".join(cell.split())[:100] for cell in head.cells)
    while heads and not heads[-1]:
        heads = heads[:-1]
    if len(heads) > COLUMNS_MOST:
        raise UnreadableFile(f"The file has {len(heads)} columns: at most {COLUMNS_MOST} are read.")
    return heads


def why_odd(row: Row, heads: Sequence[str]) -> str:
    """What is wrong with the shape of a row; "" where nothing is."""
    more = row.cells[len(heads) :]
    if any(more):
        return (
            f"This line has {len(row.cells)} columns, the head has {len(heads)}. A text that holds"
            " the separator stands in quotation marks."
        )
    return ""


def _encoding(file: IO[bytes], head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while piece := file.read(1 << 20):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _separator(text: str) -> str:
    """The one that stands equally often in the first lines, outside of quotation marks."""
    lines = [_unquoted(line) for line in text.splitlines()[:20] if line.strip()]
    if not lines:
        return ","

    def weight(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines]
        alike = sum(1 for count in counts if count and count == counts[0])
        return (alike, counts[0])

    best = max(SEPARATORS, key=weight)
    return best if weight(best)[1] else ","


def _unquoted(line: str) -> str:
    return "".join(part for index, part in enumerate(line.split('"')) if index % 2 == 0)


def _csv_rows(file: IO[bytes], shape: Shape) -> Iterator[Row]:
    text = io.TextIOWrapper(file, encoding=shape.encoding, newline="")
    csv.field_size_limit(CELL_MOST)
    reader = csv.reader(text, delimiter=shape.separator, strict=True)
    number = 0
    try:
        while True:
            begins = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            number = begins
            yield Row(begins, tuple(cell.replace("\0", "").strip() for cell in cells))
    except UnicodeError as error:  # UTF-16 without its mark is no UnicodeDecodeError
        raise UnreadableFile(
            f"After line {number} stands something that is not"
            f" {ENCODINGS.get(shape.encoding, shape.encoding)}. Choose another encoding."
        ) from error
    except csv.Error as error:
        raise UnreadableFile(
            f"Line {number + 1} can not be read: a quotation mark is not closed, or a cell is"
            f" longer than {CELL_MOST:,} characters."
        ) from error
    finally:
        text.detach()


def _sheet_rows(file: IO[bytes]) -> Iterator[Row]:
    _check_unpacked(file)
    _check_extent(file)
    file.seek(0)
    try:
        with CalamineWorkbook.from_filelike(file) as book:
            for number, cells in enumerate(book.get_sheet_by_index(0).iter_rows(), start=1):
                yield Row(number, tuple(_words(cell) for cell in cells))
    except (CalamineError, IndexError, OSError) as error:
        raise UnreadableFile(
            "This spreadsheet can not be opened. Save it as .xlsx without a password, or as CSV."
        ) from error


def _check_unpacked(file: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(file) as packed:
            size = sum(one.file_size for one in packed.infolist())
    except zipfile.BadZipFile as error:
        raise UnreadableFile("This is no spreadsheet. Send it as .xlsx or as CSV.") from error
    if size > UNPACKED_MOST:
        raise UnreadableFile(
            f"This spreadsheet unpacks to {size // 2**20} MB. Save it as CSV, which is read line by"
            " line."
        )


def _check_extent(file: IO[bytes]) -> None:
    """Refuse a sheet that is nearly empty and huge: it is laid out whole, cell by cell."""
    with zipfile.ZipFile(file) as packed:
        sheets = [name for name in packed.namelist() if name.startswith("xl/worksheets/sheet")]
        if not sheets:
            raise UnreadableFile("This is no .xlsx. Save it as .xlsx or as CSV.")
        for name in sheets:
            wide = tall = 0
            with packed.open(name) as sheet:
                rest = b""
                while piece := sheet.read(1 << 20):
                    for column, row in _CELL.findall(rest + piece):
                        wide, tall = max(wide, _number(column)), max(tall, int(row))
                    rest = piece[-40:]
            if wide * tall > CELLS_MOST:
                raise UnreadableFile(
                    f"This sheet reaches to row {tall:,} and column {wide:,}, most of it empty."
                    " Delete what stands far away, or save it as CSV."
                )


def _number(column: bytes) -> int:
    """1 for A, 27 for AA."""
    found = 0
    for letter in column:
        found = 26 * found + letter - 64
    return found


def _words(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute) else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell).replace("\0", "").strip()


def first_of(rows: Iterable[Row], count: int) -> list[Row]:
    """So many of them, for the preview."""
    return [row for row, _ in zip(rows, range(count), strict=False)]
