"""Pure rules: addresses, names of files, what bytes are, what changed."""

from __future__ import annotations

import pytest

from core.markdown import render_page
from core.search.alike import words_of
from resources.rules.addresses import LONGEST, counted_up, is_slug, slug_of
from resources.rules.differences import Line, differences
from resources.rules.files import file_name, kind_of


@pytest.mark.parametrize(
    ("title", "slug"),
    (
        ("Why does IMAP hang?", "why-does-imap-hang"),
        ("Größe der Postfächer", "groe-der-postfacher"),
        ("日本語", "article"),
        ("x" * 200, "x" * LONGEST),
        ("word " * 40, ("word-" * 16)[:-1]),
    ),
)
def test_an_address_is_made_of_the_words(title, slug):
    assert slug_of(title) == slug
    assert is_slug(slug)


@pytest.mark.parametrize("slug", ("", "Feed", "feed", "a--b", "-a", "a/b", "ä", "x" * 81))
def test_what_is_no_address(slug):
    assert not is_slug(slug)


def test_a_number_fits_behind_a_long_address():
    assert len(counted_up("x" * LONGEST, 12)) == LONGEST


@pytest.mark.parametrize(
    ("given", "name"),
    (
        ("Screen Shot 1.PNG", "screen-shot-1.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\log.txt", "log.txt"),
        (".png", "file.png"),
        ("日本.jpg", "file.jpg"),
        ("article.pdf", "article.pdf"),
    ),
)
def test_a_file_has_a_name_that_markdown_can_write(given, name):
    assert file_name(given) == name


def test_only_bytes_say_what_a_file_is():
    assert kind_of(b"%PDF-1.7") == "application/pdf"
    assert kind_of(b"RIFF\0\0\0\0WEBP") == "image/webp"
    assert kind_of(b"<svg xmlns=") == kind_of(b"<html>") == "application/octet-stream"


def test_what_changed_stands_between_what_did_not():
    before = "\n".join("abcdefghijklmnop")
    lines = differences(before, before.replace("b", "B").replace("o", "O"))

    assert [one.text for one in lines if one.kind == "new"] == ["B", "O"]
    assert Line("gap") in lines
    assert differences(before, before) == []


def test_a_page_shows_its_own_pictures_alone():
    page = render_page(
        "# Ports\n![in](a.png) ![out](https://evil.example/x.png) [log](b.log)"
        " [site](https://ok.example) <script>x</script>\n\n## Ports",
        {"a.png": "/help/files/1/"},
    )

    assert page.used == ("a.png",)
    assert page.missing == ("https://evil.example/x.png", "b.log")
    assert 'src="/help/files/1/"' in page.html
    assert "evil.example" not in page.html
    assert "<script" not in page.html
    assert 'href="https://ok.example"' in page.html
    assert [one.anchor for one in page.headings] == ["s-ports", "s-ports-2"]
    assert page.html.startswith('<h2 id="s-ports">')


def test_of_a_report_the_words_that_say_something_are_looked_for():
    assert words_of("IMAP hangs", "it hangs at 10:30 since the update") == [
        *("imap", "hangs", "since", "the", "update")
    ]
