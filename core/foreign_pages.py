"""HTML that somebody wrote elsewhere, as a part of our own page: no script, no style, no frame.

Links and pictures go through whoever knows what they may lead to. Names of places get a beginning
of their own, so that none is taken for a part of our page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import nh3
from markdown_it import MarkdownIt

LONGEST = 2 * 2**20  # characters of a page
_DEEPEST = 200  # elements inside of each other; deeper ones are a trap, no page
PLACE = "d-"  # before the names of places

_TAGS = {
    *("p", "br", "hr", "strong", "b", "em", "i", "u", "s", "a", "code", "pre", "blockquote", "q"),
    *("ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "div", "span"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "img", "figure"),
    *("figcaption", "sup", "sub", "kbd", "samp", "var", "abbr", "section", "article"),
}
_ATTRIBUTES = {
    "a": {"href", "title", "id"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "abbr": {"title"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    **{one: {"id"} for one in ("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "dt")},
    **{one: {"id"} for one in ("section", "figure", "table", "li", "pre")},
}
# Gone with all that is in them: what runs, what is laid out elsewhere, what our frame has itself.
_GONE = {
    *("script", "style", "title", "nav", "header", "footer", "aside", "form", "button", "select"),
    *("textarea", "iframe", "object", "embed", "noscript", "template", "svg", "math", "head"),
}
_TITLE = re.compile(r"<title[^<>]*>([^<]*)</title>", re.IGNORECASE)
_FIRST = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_OPENS = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>")
_EMPTY = {"br", "hr", "img", "meta", "link", "input", "col", "wbr", "area", "base", "source"}
_CLOSES_ITSELF = {"p", "li", "dt", "dd", "tr", "td", "th", "option", "thead", "tbody"}


class NoPage(ValueError):
    """It can not be shown; the text says why, to follow a colon."""


@dataclass(frozen=True)
class ForeignPage:
    """`html` is clean; `text` what it says, without tags."""

    title: str
    html: str
    text: str


def cleaned(
    source: str, link: Callable[[str], str | None], picture: Callable[[str], str | None]
) -> ForeignPage:
    """The page as it may be shown. `link` and `picture` give the address to use, or None.

    Raises `NoPage`.
    """
    if len(source) > LONGEST:
        raise NoPage("it is longer than any page may be.")
    if _depth(source) > _DEEPEST:
        raise NoPage(f"more than {_DEEPEST} elements stand inside of each other.")

    def checked(tag: str, name: str, value: str) -> str | None:
        if name == "id":
            return place_of(value)
        if (tag, name) == ("a", "href"):
            return link(value.strip())
        return picture(value.strip()) if (tag, name) == ("img", "src") else value

    html = nh3.clean(
        source,
        tags=_TAGS,
        clean_content_tags=_GONE,
        attributes=_ATTRIBUTES,
        attribute_filter=checked,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    ).strip()
    first, named = _FIRST.search(html), _TITLE.search(source)
    title = _words(first[1]) if first else _words(named[1]) if named else ""
    return ForeignPage(title[:200], html, _words(html))


def html_of_markdown(source: str) -> str:
    """CommonMark with tables; raw HTML stays the text that it is. Clean it like any other."""
    if len(source) > LONGEST or source.count("[") > 5000:
        raise NoPage("it is longer than any page may be.")
    reader = MarkdownIt("js-default", {"html": False, "linkify": False})
    tokens = reader.parse(source)
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            said = "".join(one.content for one in tokens[number + 1].children or [])
            token.attrs["id"] = re.sub(r"[^\w]+", "-", said.lower()).strip("-")
    return str(reader.renderer.render(tokens, reader.options, {}))


def place_of(name: str) -> str | None:
    """How a place of a foreign page is called on ours; None for what is no name."""
    kept = re.sub(r"[^\w.:-]+", "-", name.strip())[:100]
    return f"{PLACE}{kept}" if kept else None


def _words(html: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def _depth(source: str) -> int:
    """How deep elements stand in each other, at most; those that close themselves do not count."""
    deep = deepest = 0
    for closes, tag, alone in _OPENS.findall(source):
        name = tag.lower()
        if alone or name in _EMPTY or name in _CLOSES_ITSELF:
            continue
        deep = max(deep - 1, 0) if closes else deep + 1
        deepest = max(deepest, deep)
    return deepest
