"""Markdown that our own people write, as HTML that is safe on a page and in a mail.

CommonMark with tables, struck-out text and bare addresses as links. A line break stays one. Raw
HTML is shown as the text that it is, pictures are not fetched from anywhere: `![x](y)` is a link.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import nh3
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

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


# Pages: articles and manuals, which have pictures, headings to link to, and files of their own.


@dataclass(frozen=True)
class Heading:
    """A heading of a page: `level` is 2 to 6, `anchor` what links name after the "#"."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Page:
    """A text as a page. `used` and `missing` are names of files that it shows or links to."""

    html: str
    headings: tuple[Heading, ...] = ()
    used: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _page_reader() -> MarkdownIt:
    reader = MarkdownIt("js-default", {"html": False, "linkify": True})
    assert reader.linkify is not None
    reader.linkify.set({"fuzzy_link": False})
    return reader


def render_page(source: str, files: Mapping[str, str]) -> Page:
    """A page of Markdown whose pictures and files are its own: name and address of each.

    A picture from anywhere else is never fetched: it counts as missing, like a name that is not
    among the files. Headings begin at the second level, since the page's title is the first.
    """
    if len(source) > LONGEST or source.count("[") > MOST_BRACKETS:
        return Page(plain.as_html(source))
    reader = _page_reader()
    tokens = reader.parse(source)
    used, missing = dict[str, None](), dict[str, None]()
    for token in tokens:
        for child in token.children or ():
            _place_file(child, files, used, missing)
    headings = tuple(_headings(tokens))
    html = reader.renderer.render(tokens, reader.options, {})
    return Page(clean_page(html, frozenset(files.values())), headings, tuple(used), tuple(missing))


def clean_page(html: str, pictures: Collection[str]) -> str:
    """Only what pages are made of, and no picture but these."""

    def checked(tag: str, name: str, value: str) -> str | None:
        return value if (tag, name) != ("img", "src") or value in pictures else None

    return nh3.clean(
        html,
        tags=_TAGS | {"img"},
        attributes=_ATTRIBUTES
        | {"img": {"src", "alt", "title"}}
        | {f"h{level}": {"id"} for level in range(2, 7)},
        attribute_filter=checked,
        url_schemes=_SCHEMES,
        link_rel=_LINK_REL,
    ).strip()


def _place_file(
    token: Token, files: Mapping[str, str], used: dict[str, None], missing: dict[str, None]
) -> None:
    """Put the address of a file where its name stands."""
    name = {"image": "src", "link_open": "href"}.get(token.type)
    if name is None:
        return
    said = str(token.attrs.get(name, ""))
    if said in files:
        token.attrs[name] = files[said]
        used[said] = None
    elif token.type == "image" or _is_a_name(said):
        token.attrs[name] = ""
        missing[said] = None


def _is_a_name(address: str) -> bool:
    """Whether a link means a file of the page: no address, no path, no place on the page."""
    return bool(address) and not re.search(r"[:/#?]", address)


def _headings(tokens: Sequence[Token]) -> Iterator[Heading]:
    taken: dict[str, int] = {}
    for place, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        level = min(int(token.tag[1]) + 1, 6)
        token.tag = f"h{level}"
        if token.type == "heading_open":
            children = tokens[place + 1].children or []
            text = "".join(one.content for one in children).strip()
            anchor = f"s-{slugify(text) or 'part'}"
            taken[anchor] = taken.get(anchor, 0) + 1
            anchor = anchor if taken[anchor] == 1 else f"{anchor}-{taken[anchor]}"
            token.attrs["id"] = anchor
            yield Heading(level, anchor, text)
