"""Markdown that our own people write, as HTML that is safe on a page and in a mail.

CommonMark with tables, struck-out text and bare addresses as links. A line break stays one. Raw
HTML is shown as the text that it is, pictures are not fetched from anywhere: `![x](y)` is a link.
"""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

from core import plain

# Beyond these a text stands as it was typed: brackets in a row are tried with each other (4 s for
# 100,000 of them, 2 ms for these).
LONGEST = 100_000
MOST_BRACKETS = 2000

_TAGS = {
    *("p", "br", "hr", "strong", "em", "s", "a", "code", "pre", "blockquote", "ul", "ol", "li"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "code": {"class"}}
_SCHEMES = {"http", "https", "mailto"}
_LINK_REL = "nofollow noopener"

# What a mail program needs on the tag itself: few read a style sheet.
_MAIL_STYLES = {
    "p": "margin: 0 0 16px;",
    "pre": (
        "margin: 0 0 16px; padding: 10px 12px; background: #f2f5f8; border-radius: 4px;"
        " font: 13px/19px Consolas, Menlo, monospace; white-space: pre-wrap;"
    ),
    "code": "font-family: Consolas, Menlo, monospace; font-size: 13px;",
    "blockquote": "margin: 0 0 16px; padding: 0 0 0 12px; border-left: 3px solid #c3ccd5;",
    "th": "padding: 4px 8px; border: 1px solid #c3ccd5; text-align: left;",
    "td": "padding: 4px 8px; border: 1px solid #c3ccd5;",
    "table": "border-collapse: collapse; margin: 0 0 16px;",
}
_OPENS = re.compile(rf"<({'|'.join(_MAIL_STYLES)})(?=[ >])")


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    reader = MarkdownIt("js-default", {"html": False, "linkify": True, "breaks": True})
    assert reader.linkify is not None
    reader.linkify.set({"fuzzy_link": False})  # README.md and store.sh are names of files
    return reader.disable("image")


def render(source: str) -> str:
    """The source as clean HTML; deterministic, half a millisecond for a page of text."""
    if len(source) > LONGEST or source.count("[") > MOST_BRACKETS:
        return plain.as_html(source)
    return clean_html(_reader().render(source))


def clean_html(html: str) -> str:
    """Only what `render` makes: anything else is taken out, whoever stored it."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=_LINK_REL,
    ).strip()


def for_mail(html: str) -> str:
    """The HTML of `render` with the few styles that a mail program needs on the tags."""
    return _OPENS.sub(lambda tag: f'{tag[0]} style="{_MAIL_STYLES[tag[1]]}"', clean_html(html))
