"""Which numbers are called back, as E.164, and why the others are not (rule 9)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.countries import clock_there, country_name, local_times
from telephone.rules.phone import (
    E164_LENGTH,
    Fault,
    Number,
    callable_number,
    e164_of,
    region_of,
    shown,
)


@pytest.mark.parametrize(
    ("typed", "home", "e164", "region"),
    (
        ("0722 123 456", "RO", "+40722123456", "RO"),
        ("+40 (0)21 555 0100", "DE", "+40215550100", "RO"),
        ("0040215550100", "DE", "+40215550100", "RO"),
        ("+44 20 7946 0958", "RO", "+442079460958", "GB"),
        ("020 7946 0958", "GB", "+442079460958", "GB"),
        ("+1 202-555-0143", "RO", "+12025550143", "US"),
        ("tel:+358401234567", "FI", "+358401234567", "FI"),
        ("٠٧٢٢١٢٣٤٥٦", "RO", "+40722123456", "RO"),
        ("0330 123 4567", "GB", "+443301234567", "GB"),
    ),
)
def test_an_ordinary_number_is_kept_as_e164(typed, home, e164, region):
    assert callable_number(typed, home) == Number(e164, region)


def test_an_extension_is_kept_beside_the_number():
    assert callable_number("+442079460958 ext. 12", "GB") == Number("+442079460958", "GB", "12")


@pytest.mark.parametrize(
    ("typed", "home", "code"),
    (
        ("", "RO", "empty"),
        ("call me", "RO", "unreadable"),
        ("0722123456", "", "no_country"),
        ("+40 21", "RO", "too_short"),
        ("+40 21 555 0100 0100 0100", "RO", "too_long"),
        ("+40 999 123 456", "RO", "not_in_use"),
        ("0906 123 4567", "GB", "premium_rate"),
        ("+44 870 123 4567", "GB", "premium_rate"),
        ("0899 123456", "FR", "premium_rate"),
        ("+1 900 234 5678", "US", "premium_rate"),
        ("1900 123456", "AU", "premium_rate"),
        ("+979 1 2345 6789", "RO", "premium_rate"),
        ("0180 5 12345", "DE", "shared_cost"),
        ("+808 1234 5678", "RO", "shared_cost"),
        ("+1 800 555 1234", "US", "toll_free"),
        ("+800 1234 5678", "RO", "toll_free"),
        ("+44 70 1123 4567", "GB", "personal"),
        ("+881 6 123 45678", "RO", "satellite"),
        ("+870 773 123 456", "RO", "satellite"),
        ("+882 35 123 456", "RO", "worldwide"),
        ("+1 876 555 1234", "RO", "costly"),
        ("+1 (809) 555-1234", "US", "costly"),
        ("112", "RO", "emergency"),
        ("911", "US", "emergency"),
        ("118118", "GB", "short"),
        ("12345", "RO", "short"),
    ),
)
def test_what_is_not_called_back_says_why_and_what_would_help(typed, home, code):
    found = callable_number(typed, home)

    assert isinstance(found, Fault)
    assert found.code == code
    assert found.why.endswith(".")
    assert found.remedy.endswith(".")


def test_who_is_at_home_on_a_costly_island_is_called_there():
    assert callable_number("+1 876 555 1234", "JM") == Number("+18765551234", "JM")


def test_a_premium_rate_number_stays_one_at_home():
    assert isinstance(callable_number("+1 900 234 5678", "US"), Fault)


@given(st.text(max_size=80), st.sampled_from(["RO", "US", "GB", "", "XX"]))
def test_nothing_that_is_typed_breaks_it(typed, home):
    found = callable_number(typed, home)

    if isinstance(found, Number):
        assert found.e164.startswith("+")
        assert found.e164[1:].isdecimal()
        assert found.e164.isascii()
        assert len(found.e164) <= E164_LENGTH
        assert callable_number(found.e164, home) == Number(found.e164, found.region)


@pytest.mark.parametrize(
    ("typed", "e164"),
    (
        ("0722 123 456", "+40722123456"),
        ("+44 906 123 4567", "+449061234567"),
        ("12", ""),
        ("Nora", ""),
        ("", ""),
    ),
)
def test_a_caller_is_known_by_any_possible_number(typed, e164):
    assert e164_of(typed, "RO") == e164


def test_a_number_is_shown_in_groups():
    assert shown("+40215550100") == "+40 21 555 0100"
    assert shown("nonsense") == "nonsense"


def test_the_country_of_a_number():
    assert [region_of(one) for one in ("+40722123456", "+12025550143", "+881612345678", "x")] == [
        "RO",
        "US",
        "",
        "",
    ]
    assert (country_name("RO"), country_name("ZZ")) == ("Romania", "")


def test_the_local_time_is_that_of_the_number_s_country_summer_and_winter():
    winter, summer = (datetime(2026, month, 15, 12, tzinfo=UTC) for month in (1, 7))

    assert clock_there("RO", winter) == "Romania, where it is 14:00"
    assert clock_there("RO", summer) == "Romania, where it is 15:00"


def test_a_country_of_many_zones_gives_a_span():
    assert clock_there("US", datetime(2026, 1, 15, 12, tzinfo=UTC)) == (
        "United States, where it is 02:00 to 07:00"
    )
    assert local_times("ZZ", datetime(2026, 1, 15, 12, tzinfo=UTC)) == ()
