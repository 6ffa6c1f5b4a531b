"""What licence keys look like: patterns and check digits."""

import pytest

from entitlements.rules.keys import (
    AS_DELIVERED,
    KeyScheme,
    editions_of,
    example_of,
    luhn_holds,
    mod97_holds,
    problems,
)

NAMES = {"business": "Business edition", "office": "Office edition"}


@pytest.mark.parametrize("key", ("AXG-B-7714-2201", "AXG-B-5151-1007", "AXG-B-0000-0000"))
def test_what_is_delivered_takes_the_keys_of_the_editions_and_proves_none(key):
    assert editions_of(key, AS_DELIVERED) == ["business"]
    assert not AS_DELIVERED["business"].proves(key)


@pytest.mark.parametrize(
    "key",
    ("FREE-1", "FOO", "<B>X</B>", "AXG-B-7714-220", "AXG-B-7714-22011", "", "AXG-B-７７１４-2201"),
)
def test_what_is_no_key_is_of_no_edition(key):
    assert editions_of(key, AS_DELIVERED) == []


def test_signs_of_patterns_stand_for_digits_letters_and_both_and_nothing_else_is_special():
    scheme = KeyScheme(("A.@-#*",))

    assert [
        key for key in ("A.B-1Z", "A.B-19", "AXB-1Z", "A.1-1Z", "A.B-ZZ") if scheme.fits(key)
    ] == [
        "A.B-1Z",
        "A.B-19",
    ]
    assert scheme.fits(example_of("A.@-#*"))


@pytest.mark.parametrize(
    ("key", "holds"),
    (
        ("79927398713", True),
        ("79927398710", False),
        ("AXG-B-4539-1488-0343-6467", True),
        ("AXG-B-4539-1488-0343-6476", False),  # two digits changed places
        ("AXG-B-7", False),
        ("", False),
    ),
)
def test_luhn(key, holds):
    assert luhn_holds(key) is holds


@pytest.mark.parametrize(
    ("key", "holds"),
    (
        ("WEST12345698765432GB82", True),  # as bank account numbers are proven
        ("WEST12345698765432GB83", False),
        ("WEST12345698765423GB82", False),
        ("WEST-1234-5698-7654-32GB-82", True),
        ("AB", False),
        ("", False),
    ),
)
def test_mod_97(key, holds):
    assert mod97_holds(key) is holds


@pytest.mark.parametrize(
    ("scheme", "said"),
    (
        (KeyScheme(("AXG-<b>####",)), "signs that are in no key"),
        (KeyScheme(("axg-####",)), "signs that are in no key"),
        (KeyScheme(("AXG-###",)), "fewer than four signs open"),
        (KeyScheme(("#" * 61,)), "at most 60 signs"),
        (KeyScheme(("####",) * 11), "at most 10 patterns"),
        (KeyScheme(("####",), "crc"), "no such check digit"),
        (KeyScheme(("####-@@",), "mod97"), "does not end with the two digits"),
        (KeyScheme(("####-**",), "luhn"), "does not end with the digit"),
    ),
)
def test_a_scheme_that_can_not_be_used_is_told_why(scheme, said):
    (found,) = problems({"business": scheme}, NAMES)[:1]

    assert found.startswith("Business edition: ")
    assert said in found


def test_what_is_delivered_and_good_schemes_have_no_problems():
    good = {"business": KeyScheme(("AXG-####-@@", "####-####"), "luhn"), "office": KeyScheme(())}

    assert problems(AS_DELIVERED, NAMES) == []
    assert problems(good, NAMES) == []
    assert problems({"business": KeyScheme(("AX-**-##-#",), "mod97")}, NAMES) == []


@pytest.mark.parametrize("key", ("18", "59"))
def test_luhn_proves_two_digits_and_takes_nine_from_ten(key):
    assert luhn_holds(key)


@pytest.mark.parametrize(
    ("key", "holds"),
    (
        ("195", True),  # the shortest: one sign and its two digits
        ("98", False),  # nothing that they could prove
        ("21Z", False),  # their remainder is right, but a letter is no check digit
    ),
)
def test_mod_97_needs_two_digits_behind_something(key, holds):
    assert mod97_holds(key) is holds


def test_a_key_is_proven_by_the_check_of_its_scheme_alone():
    luhn, mod97 = KeyScheme(("*****",), "luhn"), KeyScheme(("*****",), "mod97")

    assert [luhn.proves("79927398713"), mod97.proves("79927398713")] == [True, False]
    assert [luhn.proves("195"), mod97.proves("195")] == [False, True]


def test_one_of_several_patterns_is_enough():
    assert KeyScheme(("AX-####", "BX-####")).fits("BX-1234")


def test_a_scheme_is_kept_and_read_back():
    scheme = KeyScheme(("AX-####", "BX-####"), "luhn")

    assert KeyScheme.from_json(scheme.as_json()) == scheme


def test_what_is_just_allowed_has_no_problems():
    most = KeyScheme(("AXG-####",) * 9 + ("#" * 60,))

    assert problems({"business": most}, NAMES) == []
