"""What the planning assumes where nobody said it: load, growth, platform, prices. Pure.

A manager keeps the values, a project may have others. Where the programme states a value,
`source` says so; everything else is assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

CURRENCY = "EUR"
ASSUMED_HINT = "assumed"


@dataclass(frozen=True)
class Assumption:
    """`money` is in the currency of the planning; `low` and `high` are what makes sense."""

    key: str
    name: str
    unit: str
    value: Decimal
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(1_000_000)
    money: bool = False
    source: str = ""

    def unit_in(self, currency: str) -> str:
        return f"{currency} {self.unit}".strip() if self.money else self.unit


@dataclass(frozen=True)
class Group:
    name: str
    items: tuple[Assumption, ...]


def _plain(
    key: str, name: str, unit: str, value: str, low: int = 0, high: int = 1_000_000
) -> Assumption:
    return Assumption(key, name, unit, Decimal(value), Decimal(low), Decimal(high))


def _price(key: str, name: str, unit: str, value: str) -> Assumption:
    return Assumption(key, name, unit, Decimal(value), money=True)


GROUPS = (
    Group(
        "Load",
        (
            _plain("filled", "Share of its quota that a mailbox uses today", "%", "40", 0, 100),
            _plain("retention", "How long deleted mail is kept", "days", "14", 0, 3650),
            _plain("overhead", "Overhead of a mailbox, of its quota", "%", "7", 0, 100),
            _plain("index", "Index, of what is stored", "%", "15", 0, 200),
            _plain("busy", "Mail of the busiest hour, of a day's", "%", "15", 1, 100),
            _plain("passes", "Times that a message crosses the line", "", "2", 1, 20),
            _plain("active", "Users at the same time, where nobody said", "%", "25", 0, 100),
            _plain("clients", "Sessions of an active user", "", "2", 1, 50),
            _plain("session", "Traffic of a session besides its mail", "kbit/s", "8", 0, 10_000),
        ),
    ),
    Group(
        "Growth",
        (
            _plain("growth", "More users a year, where nobody said", "%", "5", 0, 300),
            _plain("volume", "More messages and mail of a user, a year", "%", "10", 0, 300),
            _plain("slow", "The low case, of the expected growth", "%", "50", 0, 100),
            _plain("fast", "The high case, of the expected growth", "%", "200", 100, 1000),
        ),
    ),
    Group(
        "Platform",
        (
            _plain("units", "Units of a user: 1 mail, 2 collaboration, 5 MAPI", "", "1", 1, 20),
            _plain("node", "Units that a node carries", "", "5000", 100, 100_000),
            _plain("spare", "Nodes more than needed, for fail-over", "", "1", 0, 50),
            _plain("full", "How full anything may be", "%", "75", 10, 100),
            _plain("lead", "From order to use", "weeks", "8", 0, 104),
            _plain("horizon", "The first purchase carries until the end of year", "", "3", 1, 5),
            _plain("copies", "Full copies in the backup", "", "2", 1, 20),
            _plain("change", "What changes in a day, of what is stored", "%", "2", 0, 100),
            _plain("history", "Days that the backup goes back", "days", "30", 0, 3650),
            _plain("pack", "Licences are sold in steps of", "", "100", 1, 100_000),
        ),
    ),
    Group(
        "Prices",
        (
            _price("node_price", "A node, with its rack and system", "", "9500"),
            _price("storage_price", "Storage, mirrored", "a TB", "320"),
            _price("backup_price", "Backup", "a TB", "90"),
            _price("licence_price", "A licence", "a mailbox, once", "18"),
            Assumption(
                "support",
                "Support, of the licences’ price",
                "% a year",
                Decimal(35),
                Decimal(0),
                Decimal(100),
                source="Programme: Premium",
            ),
            _price("line_price", "Line", "a Mbit/s and month", "4"),
            _price("power_price", "Power, cooling and space", "a node and year", "850"),
            _plain("work", "Days of work for 1,000 mailboxes", "days a year", "6", 0, 1000),
            _price("day_price", "A day of work", "", "520"),
        ),
    ),
)
ALL = {one.key: one for group in GROUPS for one in group.items}
Values = Mapping[str, Decimal]


class AssumptionFault(ValueError):
    """A value that makes no sense; the text says which would."""


def as_delivered() -> dict[str, Decimal]:
    return {key: one.value for key, one in ALL.items()}


def checked(values: Mapping[str, object]) -> dict[str, Decimal]:
    """All values, those that are missing as delivered. Raises `AssumptionFault`."""
    return {key: _checked(one, values.get(key, one.value)) for key, one in ALL.items()}


def _checked(one: Assumption, given: object) -> Decimal:
    try:
        value = Decimal(str(given))
    except InvalidOperation:
        raise AssumptionFault(f"“{one.name}” is a number.") from None
    if not value.is_finite() or not one.low <= value <= one.high:
        raise AssumptionFault(f"“{one.name}” lies between {one.low:,} and {one.high:,}.")
    return value


def written(values: Values) -> dict[str, str]:
    """As they are kept: plain figures, without trailing zeros."""
    return {key: plain(value) for key, value in values.items()}


def plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
