import unicodedata

import pytest

from core.pdf import scripts, typeface


def shown(text):
    ready = scripts.printable(text, typeface.register())  # the typeface of the package alone
    return scripts.visual(ready, right_to_left=scripts.reads_right_to_left(ready))


@pytest.mark.parametrize(
    "text",
    (
        "Știință și țară, Întâlnire",
        "Καθυστέρηση στην παράδοση",
        "Общество «Ромашка» Їжак Ђурђевић",
        "Zażółć gęślą jaźń Þórður Ağaoğlu Nguyễn Văn Đức",
        "Հայաստան საქართველო",
        "€ № … – — “quoted” ✓",
    ),
)
def test_the_typeface_has_the_letters_of_our_customers(text):
    assert shown(text) == text


def test_separate_accents_are_composed_and_white_space_is_single():
    assert shown("s\u0326i  Cafe\u0301\n\tau lait") == "și Café au lait"


def test_control_and_format_characters_vanish():
    assert shown("a\x00b\x1b[31m\u202ec\u200b\ufeff") == "ab[31mc"


def test_what_the_typeface_lacks_is_visibly_replaced():
    assert shown("株式会社 Contoso") == "���� Contoso"


@pytest.mark.parametrize(
    ("typed", "drawn"),
    (
        ("שלום", "םולש"),
        ("שלום עולם (בע״מ)", "(מ״עב) םלוע םולש"),
        ("IMAP 4.2 (שלום)", "IMAP 4.2 (םולש)"),
        ("שלום IMAP 143", "IMAP 143 םולש"),
        ("שלום 12.5 עולם", "םלוע 12.5 םולש"),
    ),
)
def test_right_to_left_text_is_turned_round_but_not_its_numbers_nor_its_latin_words(typed, drawn):
    assert shown(typed) == drawn


def test_arabic_letters_are_joined_and_lam_alef_is_one():
    forms = [unicodedata.name(c).rpartition(" ")[0] for c in reversed(shown("شركة لا"))]

    assert forms == [
        "ARABIC LETTER SHEEN INITIAL",
        "ARABIC LETTER REH FINAL",
        "ARABIC LETTER KAF INITIAL",
        "ARABIC LETTER TEH MARBUTA FINAL",
        "",
        "ARABIC LIGATURE LAM WITH ALEF ISOLATED",
    ]


@pytest.mark.parametrize(
    ("text", "units"),
    (
        ("IMAP stops", ["IMAP ", "stops"]),
        ("日本語、です", ["日", "本", "語、", "で", "す"]),
        ("「受信」ok go", ["「受", "信」", "ok ", "go"]),
        ("เซิร์ฟเวอร์", ["เซิ", "ร์", "ฟ", "เว", "อ", "ร์"]),
        ("", [""]),
    ),
)
def test_lines_end_between_words_and_between_the_signs_of_scripts_without_blanks(text, units):
    found = list(scripts.units(text))

    assert found == units
    assert "".join(found) == text


def test_how_an_emoji_is_coloured_is_left_out():
    assert scripts.printable("✅\ufe0f👍🏽", {ord("✅"), ord("👍")}) == "✅👍"
