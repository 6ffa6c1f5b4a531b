"""How the text of each list that managers keep is checked, and what it is as delivered. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engagements.rules.planning_list import price_list_as_delivered, read_prices, write_prices


@dataclass(frozen=True)
class Format:
    """`check` raises `ValueError` with the line that is wrong; `help` says how it is written."""

    check: Callable[[str], object]
    delivered: Callable[[], str]
    help: tuple[str, ...]


FORMATS: dict[str, Format] = {
    "planning": Format(
        read_prices,
        lambda: write_prices(price_list_as_delivered()),
        (
            "A line each: key = value. What follows # is a remark.",
            "Every value counts as assumed, until a project sets its own.",
        ),
    ),
}
