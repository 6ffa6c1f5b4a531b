"""Which VAT stands on an order, and how much (OR2). Pure; money is exact.

The seller is one company in one country. Rates are data of the desk, by country.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from core.choices import Choice

CENT = Decimal("0.01")
_MEMBERS = """
    AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK
"""
EU = frozenset(_MEMBERS.split())
_PREFIX = {"GR": "EL"}  # with which VAT numbers begin where it is not the country's code


@dataclass(frozen=True)
class _Facts:
    label: str
    words: str


class VatRule(Choice):
    """Why an order has the VAT that it has; `words` stand on the paper."""

    DOMESTIC = (
        "domestic",
        _Facts("Domestic", "VAT of the seller's country, where the customer is, too."),
    )
    REVERSE_CHARGE = (
        "reverse",
        _Facts(
            "Reverse charge",
            "Reverse charge: the customer accounts for the VAT (Article 196 of Directive"
            " 2006/112/EC).",
        ),
    )
    EU_WITHOUT_NUMBER = (
        "eu",
        _Facts("EU without VAT number", "VAT is charged, since no VAT number was given."),
    )
    OUTSIDE_EU = (
        "outside",
        _Facts(
            "Outside the EU",
            "Outside the scope of EU VAT: the customer is established outside of the EU.",
        ),
    )

    @property
    def words(self) -> str:
        return str(self.facts.words)


@dataclass(frozen=True)
class Seller:
    """`rates` are percentages by country; the seller's own is among them."""

    country: str
    rates: Mapping[str, Decimal]


@dataclass(frozen=True)
class Buyer:
    """`vat_number` is "" or one that `checked_number` gave."""

    country: str
    vat_number: str = ""


@dataclass(frozen=True)
class Amounts:
    """What is asked for: `net` and `vat` make the total. All in one currency, exact to a cent."""

    net: Decimal
    rule: VatRule
    percent: Decimal
    vat: Decimal

    @property
    def total(self) -> Decimal:
        return self.net + self.vat


def amounts_of(net: Decimal, buyer: Buyer, seller: Seller) -> Amounts:
    """The VAT on `net`, rounded to cents once, halves up.

    In the seller's country its rate; elsewhere in the EU none with a VAT number (reverse charge),
    and without one the rate of the buyer's country where the desk has it, else the seller's;
    outside of the EU none. A seller outside of the EU charges at home alone.
    """
    rule = rule_of(buyer, seller)
    if rule in (VatRule.REVERSE_CHARGE, VatRule.OUTSIDE_EU):
        percent = Decimal(0)
    elif rule == VatRule.EU_WITHOUT_NUMBER:
        percent = seller.rates.get(buyer.country, seller.rates[seller.country])
    else:
        percent = seller.rates[seller.country]
    return Amounts(net, rule, percent, (net * percent / 100).quantize(CENT, ROUND_HALF_UP))


def rule_of(buyer: Buyer, seller: Seller) -> VatRule:
    if buyer.country == seller.country:
        return VatRule.DOMESTIC
    if buyer.country not in EU or seller.country not in EU:
        return VatRule.OUTSIDE_EU
    return VatRule.REVERSE_CHARGE if buyer.vat_number else VatRule.EU_WITHOUT_NUMBER


def checked_number(given: str, country: str) -> str | None:
    """A VAT number as it is printed, "DE136695976"; None for one that `country` can not have.

    In the EU form and check digits have to be right, and the country's letters may be left out;
    elsewhere any number is taken as it is.
    """
    number = "".join(given.split()).upper()
    if country not in EU:
        return number
    prefix = _PREFIX.get(country, country)
    for one in (number, prefix + number):
        try:
            valid = str(vat.validate(one))
        except ValidationError:
            continue
        if valid.startswith(prefix):
            return valid
    return None
