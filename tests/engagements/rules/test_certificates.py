"""Numbers of certificates: what is mistyped is found."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engagements.rules.certificates import ALPHABET, number_of, typed_number

VALUES = st.lists(st.integers(0, 31), min_size=11, max_size=11)
NUMBER = number_of([7, 3, 15, 19, 9, 15, 29, 20, 2, 13, 8])


@given(VALUES)
def test_a_number_is_read_as_it_was_made_however_it_is_typed(values):
    number = number_of(values)

    assert typed_number(number) == number
    assert typed_number(f"  {number.lower().replace('-', ' ')} ") == number
    assert typed_number(number.removeprefix("TC-")) == number
    assert typed_number(number.replace("0", "O").replace("1", "l")) == number


@given(VALUES, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(values, place, sign):
    signs = list(number_of(values).replace("-", "").removeprefix("TC"))
    assume(signs[place] != sign)
    signs[place] = sign

    assert typed_number("".join(signs)) is None


@given(VALUES, st.integers(0, 11), st.integers(0, 11))
def test_two_characters_that_changed_places_are_found(values, one, other):
    signs = list(number_of(values).replace("-", "").removeprefix("TC"))
    assume(signs[one] != signs[other])
    signs[one], signs[other] = signs[other], signs[one]

    assert typed_number("".join(signs)) is None


@pytest.mark.parametrize(
    "typed",
    (
        "",
        "TC",
        "TC-0000",
        NUMBER + "0",
        NUMBER[:-1],
        "TC-ÄÖÜß-0000-0000",
        "\N{DIGIT ONE}" * 13,
        "1" * 9999,
    ),
)
def test_what_can_be_no_number_is_none(typed):
    assert typed_number(typed) is None
