"""Plain text on pages: to the letter, whatever it looks like."""

import pytest

from core.plain import as_html, blocks_of
from core.text import clean_block

LOG = """2026-01-12 10:00:01 smtp[12]: *error* max_log_size __init__
    at line 3
\tindented by a tab   and columns"""


def test_a_log_keeps_white_space_stars_and_underscores_in_fixed_pitch():
    assert as_html(f"Hello,\n\n{LOG}") == f'<p class="kept">Hello,</p><pre>{LOG}</pre>'


@pytest.mark.parametrize(
    "log",
    (
        LOG,
        "$ ls -l\ntotal 5\n-rw-r--r--  1 root   5",
        "Jan 12 10:00:00 mx1 axigen[3]: gone\nJan 12 10:00:01 mx1 axigen[3]: back",
        "Caused by: java.io.IOException: x\n  at com.axigen.Store.open(Store.java:7)",
    ),
)
def test_logs_listings_and_stacks_are_recognised(log):
    assert blocks_of(log) == [(log, True)]


@pytest.mark.parametrize("prose", ("IMAP stops.\nIt began at ten.", "Ana\n- one\n- two", "a  b"))
def test_prose_is_prose(prose):
    assert blocks_of(prose) == [(prose, False)]


def test_two_logs_with_a_blank_line_between_them_are_one():
    assert blocks_of("$ a\n  x\n\n$ b\n  y") == [("$ a\n  x\n\n$ b\n  y", True)]


def test_html_stays_text_and_addresses_become_links():
    shown = as_html("<b>x</b> https://example.com/")

    assert "&lt;b&gt;x&lt;/b&gt;" in shown
    assert '<a href="https://example.com/" rel="nofollow">' in shown


def test_the_first_line_keeps_its_indentation_where_more_follow():
    assert clean_block("\r\n\n    at a\r\n    at b  \n\n") == "    at a\n    at b"
    assert clean_block("  Hello  ") == "Hello"
    assert clean_block(" \n\x00 \n") == ""
