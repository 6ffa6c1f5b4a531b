"""Taking apart what people type into a search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search.words import MOST, Chosen, Field, Word, as_typed, one_of, parse

STATES = one_of("state", {"new": "new", "open": "open"})
FIELDS = {
    "state": Field("state", STATES, "state:open"),
    "customer": Field("customer", as_typed, "customer:northwind"),
}


def read(text):
    return parse(text, FIELDS)


def words_of(text):
    return [(one.text, one.is_phrase, one.is_without) for one in read(text).words]


def test_words_phrases_and_what_must_not_be_there():
    assert words_of('relay "smart host" -queue -"time out"') == [
        ("relay", False, False),
        ("smart host", True, False),
        ("queue", False, True),
        ("time out", True, True),
    ]


def test_a_phrase_of_one_word_is_a_word():
    assert words_of('"relay"') == [("relay", False, False)]


def test_quotes_of_phones_and_editors_are_quotes():
    assert words_of("„smart host“ “time out”") == [
        ("smart host", True, False),
        ("time out", True, False),
    ]


def test_fields_with_a_value_several_and_in_quotes():
    found = read('state:new,open -customer:"North Wind" imap')
    assert found.chosen == (
        Chosen("state", ("new", "open"), "state:new,open"),
        Chosen("customer", ("North Wind",), '-customer:"North Wind"', is_without=True),
    )
    assert found.words == (Word("imap", "imap"),)


def test_case_of_names_and_of_known_values_is_nothing():
    assert read("STATE:Open").chosen[0].values == ("open",)


@pytest.mark.parametrize(
    ("text", "sentence"),
    (
        ("state:opne", "state: knows new, open, not “opne”."),
        ("state:", "state: waits for a value, such as state:open."),
        ('state:""', "state: waits for a value, such as state:open."),
        ("state:,", "state: waits for a value, such as state:open."),
        ("stat:open", "“stat:” is no field and was looked for as words; state: is one."),
    ),
)
def test_what_is_not_understood_is_said(text, sentence):
    found = read(f"imap {text}")
    assert found.problems == (sentence,)
    assert found.words[0].text == "imap"
    assert found.chosen == ()


@pytest.mark.parametrize("text", ("421:4.7.0", "http://state/x", "error:5"))
def test_what_merely_holds_a_colon_is_a_word(text):
    assert words_of(text) == [(text, False, False)]
    assert read(text).problems == ()


def test_ten_thousand_words_are_trimmed_and_it_is_said():
    found = read("word " * 10_000)
    assert len(found.terms) == MOST
    assert found.problems == (
        "Only the first 2,000 characters were looked at.",
        "Only the first 30 words were looked at.",
    )


@pytest.mark.parametrize("text", ("", " ", "\0", "-", "& | ! : * ( ) '", '"', '""', "--", ":"))
def test_signs_alone_say_nothing(text):
    assert not read(text)
    assert read(text).problems == ()


def test_nul_parts_words_and_marks_of_direction_are_nothing():
    assert words_of("a\0b \u200fخادم\u200e البريد") == [
        ("a", False, False),
        ("b", False, False),
        ("خادم", False, False),
        ("البريد", False, False),
    ]


def test_a_chip_leads_to_the_search_without_it():
    found = read('imap state:open "smart host"')
    assert found.without(found.chosen[0]) == 'imap "smart host"'
    assert found.text == 'imap state:open "smart host"'


@given(st.text())
def test_nothing_is_an_error_and_what_was_understood_reads_the_same_again(text):
    found = read(text)
    again = read(found.text)
    assert again.terms == found.terms
    assert "\0" not in found.text


@given(st.text(alphabet="\"'-:,& \tstateopnew\0", max_size=60))
def test_signs_in_any_order_are_no_error(text):
    read(text)
