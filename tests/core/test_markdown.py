"""Markdown of our own people: what it makes, and what it never lets through."""

import time

import pytest

from core.markdown import MOST_BRACKETS, for_mail, render

CODE = """Please run this:

```
grep -n "offline" storage.log
    store2   offline   *since* 07:41
```
"""


def test_code_keeps_its_white_space_and_its_stars():
    assert "\n    store2   offline   *since* 07:41\n</code></pre>" in render(CODE)


def test_lists_emphasis_tables_and_line_breaks():
    html = render("one\ntwo\n\n- *a*\n- **b**\n\n| x |\n|---|\n| 1 |")

    assert "<p>one<br>\ntwo</p>" in html
    assert "<li><em>a</em></li>" in html
    assert "<strong>b</strong>" in html
    assert "<td>1</td>" in html


def test_addresses_are_links_that_vouch_for_nothing_and_file_names_are_none():
    html = render("See https://example.com/a_b_c and README.md, store.sh and [this](https://x.eu).")

    link = '<a href="https://example.com/a_b_c" rel="nofollow noopener">'
    assert link in html
    assert html.count("<a ") == 2


@pytest.mark.parametrize(
    "evil",
    (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe src=//evil></iframe>",
        '[x](https://a.eu "\\" onmouseover=alert(1) \\"")',
        "<style>*{display:none}</style>",
        "![x](https://tracker.example/pixel.gif)",
        '```"><script>alert(1)</script>\nx\n```',
    ),
)
def test_no_html_script_or_picture_comes_through(evil):
    html = render(evil)

    tags = {one.split(">")[0].split(" ")[0] for one in html.split("<")[1:]}
    assert tags <= {"p", "/p", "a", "/a", "pre", "/pre", "code", "/code", "br"}
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert "onerror=" not in html.replace("&lt;img src=x onerror=", "")


def test_underscores_inside_of_words_stay():
    assert render("set max_log_size") == "<p>set max_log_size</p>"


@pytest.mark.parametrize("piece", ("[", "![[", "[a](", "*a_ ", "> ", "- x\n", "`", "<a"))
def test_nothing_that_can_be_typed_takes_long(piece):
    source = (piece * 100_000)[:100_000]

    started = time.process_time()
    render(source)

    assert time.process_time() - started < 3


def test_what_is_too_tangled_stands_as_it_was_typed():
    assert render("[" * (MOST_BRACKETS + 1)) == f'<p class="kept">{"[" * (MOST_BRACKETS + 1)}</p>'


def test_a_mail_gets_its_styles_on_the_tags_and_is_cleaned_once_more():
    html = for_mail(render(CODE) + "<script>alert(1)</script>")

    assert '<pre style="' in html
    assert "script" not in html
