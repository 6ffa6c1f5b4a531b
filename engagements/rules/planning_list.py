"""The managers' list of assumptions and prices as text: a line each, `key = value`. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from engagements.rules.assumptions import (
    ALL,
    CURRENCY,
    GROUPS,
    AssumptionFault,
    Values,
    as_delivered,
    checked,
    plain,
)


@dataclass(frozen=True)
class PriceList:
    currency: str
    values: Values


def price_list_as_delivered() -> PriceList:
    return PriceList(CURRENCY, as_delivered())


def read_prices(text: str) -> PriceList:
    """Lines that begin with # are remarks; what is missing is as delivered.

    Raises `AssumptionFault` with the line that is wrong.
    """
    found: dict[str, object] = {}
    currency = CURRENCY
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.partition("#")[0].strip()
        if not line:
            continue
        key, sign, value = (part.strip() for part in line.partition("="))
        if key == "currency":
            currency = checked_currency(value)
        elif not sign or key not in ALL:
            raise AssumptionFault(f"Line {number}: write key = value, with a key of the list.")
        else:
            found[key] = value
    return PriceList(currency, checked(found))


def checked_currency(given: str) -> str:
    if len(given) != 3 or not given.isalpha() or not given.isascii():
        raise AssumptionFault("A currency has three letters, such as EUR.")
    return given.upper()


def write_prices(prices: PriceList) -> str:
    """As `read_prices` reads it, with names and units as remarks."""
    lines = [f"currency = {prices.currency}"]
    for group in GROUPS:
        lines += ["", f"# {group.name}"]
        for one in group.items:
            unit = one.unit_in(prices.currency)
            about = f"{one.name}, {unit}" if unit else one.name
            lines.append(f"{one.key} = {plain(prices.values[one.key])}  # {about}")
    return "\n".join(lines)
