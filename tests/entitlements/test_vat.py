"""VAT on orders (OR2): by country and number, exact, rounded once."""

from decimal import Decimal

import pytest

from core.countries import countries
from entitlements.rules.vat import EU, Buyer, Seller, VatRule, amounts_of, checked_number

D = Decimal
SELLER = Seller("RO", {"RO": D("21"), "HU": D("27")})


@pytest.mark.parametrize(
    ("country", "number", "rule", "percent"),
    (
        ("RO", "", VatRule.DOMESTIC, "21"),
        ("RO", "RO18547290", VatRule.DOMESTIC, "21"),
        ("DE", "DE136695976", VatRule.REVERSE_CHARGE, "0"),
        ("DE", "", VatRule.EU_WITHOUT_NUMBER, "21"),  # no rate is kept: the seller's
        ("HU", "", VatRule.EU_WITHOUT_NUMBER, "27"),
        ("HU", "HU12892312", VatRule.REVERSE_CHARGE, "0"),
        ("CH", "", VatRule.OUTSIDE_EU, "0"),
        ("CH", "CHE-100.155.212", VatRule.OUTSIDE_EU, "0"),
        ("GB", "GB980780684", VatRule.OUTSIDE_EU, "0"),
        ("US", "", VatRule.OUTSIDE_EU, "0"),
    ),
)
def test_the_rule_and_rate_by_country_and_number(country, number, rule, percent):
    found = amounts_of(D("100.00"), Buyer(country, number), SELLER)

    assert (found.rule, found.percent) == (rule, D(percent))
    assert found.total == D("100.00") + D(percent)


@pytest.mark.parametrize(
    ("country", "rule", "percent"),
    (("CH", VatRule.DOMESTIC, "8.1"), ("DE", VatRule.OUTSIDE_EU, "0")),
)
def test_a_seller_outside_of_the_eu_charges_at_home_alone(country, rule, percent):
    found = amounts_of(D("10.00"), Buyer(country), Seller("CH", {"CH": D("8.1")}))

    assert (found.rule, found.percent) == (rule, D(percent))


@pytest.mark.parametrize(
    ("net", "percent", "vat"),
    (
        ("0.00", "21", "0.00"),
        ("0.01", "21", "0.00"),
        ("0.50", "5", "0.03"),  # 0.025: halves go up, also to an odd cent
        ("0.10", "5", "0.01"),  # 0.005
        ("1.50", "5", "0.08"),  # 0.075
        ("2.50", "5", "0.13"),  # 0.125: half to even would give 0.12
        ("349.99", "21", "73.50"),  # 73.4979
        ("9999999999.99", "27", "2700000000.00"),
        ("1240.00", "5.5", "68.20"),
    ),
)
def test_money_is_exact_and_rounded_once_halves_up(net, percent, vat):
    found = amounts_of(D(net), Buyer("RO"), Seller("RO", {"RO": D(percent)}))

    assert (found.vat, found.total) == (D(vat), D(net) + D(vat))


@pytest.mark.parametrize(
    ("given", "country", "checked"),
    (
        ("DE136695976", "DE", "DE136695976"),
        (" de 136.695.976 ", "DE", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("DE136695978", "DE", None),  # a wrong check digit
        ("RO18547290", "DE", None),  # of another country
        ("EL094259216", "GR", "EL094259216"),
        ("094259216", "GR", "EL094259216"),
        ("yes", "RO", None),
        ("", "RO", None),
        ("che-100.155.212 mwst", "CH", "CHE-100.155.212MWST"),
        ("", "US", ""),
    ),
)
def test_a_vat_number_has_the_form_and_the_check_digits_of_its_country(given, country, checked):
    assert checked_number(given, country) == checked


def test_the_countries_of_the_eu_are_countries():
    assert len(EU) == 27
    assert set(countries()) >= EU
