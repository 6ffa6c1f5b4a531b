"""Days, amounts and numbers as people write them in spreadsheets. Pure.

What can be read in two ways is not guessed: the day's form is asked for, an amount is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?\Z")
_OTHER = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{2}|\d{4})\Z")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?\Z")  # a day as spreadsheets count it
_AMOUNT = re.compile(r"-?\d+(?:[., '\u00a0\u202f]\d+)*\Z")
_CURRENCY = re.compile(r"(?i)\s*(?:eur|usd|gbp|ron|chf|€|\$|£)\s*")


class DayForm(StrEnum):
    """How the days of a file are written, besides 2026-12-31, which is always understood."""

    ASKED = ""
    DAY_FIRST = "day"
    MONTH_FIRST = "month"


class Unreadable(ValueError):
    """A cell that can not be read; its text says what helps."""


def is_plain_day(text: str) -> bool:
    """Whether it can be read in one way only: the year stands first."""
    return not text.strip() or _ISO.match(text.strip()) is not None


def needs_form(values: Iterable[str]) -> bool:
    """Whether somebody has to say in which order day and month stand."""
    return any(_OTHER.match(value.strip()) for value in values)


def day_of(text: str, form: DayForm) -> date:
    """A day. Error: `Unreadable` for what is none, or is written in another form than was said."""
    text = text.strip()
    found = _ISO.match(text)
    if found:
        return _date(text, int(found[1]), int(found[2]), int(found[3]))
    other = _OTHER.match(text)
    if other is None:
        if _SERIAL.match(text):
            raise Unreadable(f"{text} is no day: format the column as a date, and save it again.")
        raise Unreadable(f"“{text}” is no day. Write it as 2026-12-31.")
    if len(other[3]) == 2:
        raise Unreadable(f"{text} has a year of two digits. Write all four, as 2026-12-31.")
    first, second, year = int(other[1]), int(other[2]), int(other[3])
    if form is DayForm.DAY_FIRST:
        return _date(text, year, second, first)
    if form is DayForm.MONTH_FIRST:
        return _date(text, year, first, second)
    raise Unreadable(f"{text} can be read in two ways. Say which stands first, day or month.")


def amount_of(text: str) -> Decimal:
    """An amount of money. Error: `Unreadable`, also for 1,234, which is one or a thousand."""
    plain = _CURRENCY.sub("", text.strip())
    if not _AMOUNT.match(plain):
        raise Unreadable(f"“{text.strip()}” is no amount. Write it as 1234.50.")
    plain = re.sub(r"[ '\u00a0\u202f]", "", plain)
    marks = [one for one in plain if one in ".,"]
    if not marks:
        return Decimal(plain)
    last = marks[-1]
    if marks.count(last) > 1 and len(set(marks)) > 1:
        raise Unreadable(f"“{text.strip()}” is no amount. Write it as 1234.50.")
    if marks.count(last) > 1:  # 1.234.567
        return Decimal(plain.replace(last, ""))
    whole, _, cents = plain.rpartition(last)
    if len(marks) == 1 and len(cents) == 3:
        raise Unreadable(f"{text.strip()} can be read in two ways. Write 1234.00 or 1.234.")
    whole = whole.replace(".", "").replace(",", "")
    if len(cents) > 2:
        raise Unreadable(f"{text.strip()} has more than two digits of cents. Round it.")
    return Decimal(f"{whole}.{cents}")


def whole_of(text: str) -> int:
    """A whole number that is not negative. Error: `Unreadable`."""
    plain = text.strip()
    plain = plain.removesuffix(".0")  # as spreadsheets keep a 10
    if not plain.isascii() or not plain.isdigit() or len(plain) > 9:
        raise Unreadable(f"“{text.strip()}” is no whole number.")
    return int(plain)


def _date(text: str, year: int, month: int, day: int) -> date:
    if not 1970 <= year <= 2200:
        raise Unreadable(f"{text} is of the year {year}. Check it.")
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable(
            f"There is no day {text} in the form that was chosen. Check it, or choose the other."
        ) from None
