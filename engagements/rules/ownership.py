"""What the platform costs in five years, by year and by kind, in whole units of the currency (N8).

Pure. The first purchase carries until the end of the horizon; the second, a year later, what is
missing until the end of the fifth year. Each figure is rounded, sums are of rounded figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from engagements.rules.assumptions import Values
from engagements.rules.sizing import YEARS, Capacity, Growth

KINDS = ("Hardware", "Licences", "Support", "Line, power, space", "Work")
_TB = 1024  # GB


@dataclass(frozen=True)
class Cost:
    """Of one year, in the order of `KINDS`."""

    year: int
    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.parts)


@dataclass(frozen=True)
class Ownership:
    """All years of a case."""

    growth: Growth
    years: tuple[Cost, ...]

    @property
    def total(self) -> int:
        return sum(one.total for one in self.years)

    @property
    def by_kind(self) -> list[tuple[str, int]]:
        return [(kind, sum(y.parts[at] for y in self.years)) for at, kind in enumerate(KINDS)]

    @property
    def a_mailbox_and_month(self) -> Decimal:
        """To the cent, over all five years, of the users at each year's end."""
        users = sum(one.users for one in self.growth.years[1:])
        if not users:
            return Decimal(0)
        return (Decimal(self.total) / users / 12).quantize(Decimal("0.01"), ROUND_HALF_UP)


def cost_of(growth: Growth, values: Values) -> Ownership:
    return Ownership(growth, tuple(_year(growth, values, year) for year in range(1, YEARS + 1)))


def _year(growth: Growth, values: Values, year: int) -> Cost:
    now = growth.years[year]
    before = growth.years[year - 1].licences if year > 1 else 0
    price = values["licence_price"]
    nodes = _nodes_there(growth, values, year)
    parts = (
        _bought(growth.years, values, year),
        max(0, now.licences - before) * price,
        now.licences * price * values["support"] / 100,
        now.line * values["line_price"] * 12 + nodes * values["power_price"],
        Decimal(now.users) / 1000 * values["work"] * values["day_price"],
    )
    return Cost(year, tuple(_whole(one) for one in parts))


def _nodes_there(growth: Growth, values: Values, year: int) -> int:
    horizon = int(values["horizon"])
    first = growth.years[horizon].nodes
    return first if year <= horizon else max(first, growth.years[YEARS].nodes)


def _bought(years: Sequence[Capacity], values: Values, year: int) -> Decimal:
    """What is paid for hardware in a year."""
    horizon = int(values["horizon"])
    first, last = years[horizon], years[YEARS]
    if year == 1:
        return _hardware(first.nodes, first.storage, first.backup, values)
    if year == horizon + 1:
        more = (last.nodes - first.nodes, last.storage - first.storage, last.backup - first.backup)
        nodes, storage, backup = (max(0, one) for one in more)
        return _hardware(nodes, storage, backup, values)
    return Decimal(0)


def _hardware(nodes: int, storage: int, backup: int, values: Values) -> Decimal:
    return (
        nodes * values["node_price"]
        + Decimal(storage) / _TB * values["storage_price"]
        + Decimal(backup) / _TB * values["backup_price"]
    )


def _whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))
