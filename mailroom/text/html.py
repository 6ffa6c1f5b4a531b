"""HTML of strangers: cleaned for a browser, and rendered as text."""

import re
from html import escape, unescape

import lxml.html
import nh3
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from lxml import etree

from mailroom.text.text import clean, decode

MAX_HTML = 2_000_000
MAX_RENDERED = 1_000_000

_TAGS = {
    *[
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
    ],
    *[
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
    ],
    *[
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
    ],
    *["tr", "tt", "u", "ul", "var"],
}
_CELL = {"align", "valign", "width", "height", "colspan", "rowspan", "bgcolor"}
_ATTRIBUTES = {
    "*": {"style", "dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "size", "face"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "width", "align", "bgcolor"},
    "td": _CELL,
    "th": _CELL,
    "tr": {"align", "valign", "bgcolor"},
    "div": {"align"},
    "p": {"align"},
}
# Properties that neither load nor cover anything: no position, no background image, no content.
_STYLES = {
    *[
        "color",
        "background-color",
        "font-family",
        "font-size",
        "font-style",
        "font-weight",
        "line-height",
    ],
    *["text-align", "text-decoration", "text-indent", "vertical-align", "white-space", "direction"],
    *["margin", "margin-top", "margin-right", "margin-bottom", "margin-left"],
    *["padding", "padding-top", "padding-right", "padding-bottom", "padding-left"],
    *[
        "border",
        "border-top",
        "border-right",
        "border-bottom",
        "border-left",
        "border-color",
        "border-style",
    ],
    *[
        "border-width",
        "border-collapse",
        "border-spacing",
        "width",
        "max-width",
        "height",
        "list-style-type",
    ],
}
_DROPPED_WITH_CONTENT = {"script", "style", "title", "noscript", "template", "textarea", "select"}
_LOADING_STYLE = re.compile(r"url|image|expression|import|\\|/\*|@", re.IGNORECASE)
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE
)
# Elements that must be closed; the parser closes the others by itself.
_NESTING = re.compile(
    r"<(/?)(?!(?:br|img|hr|p|li|td|th|tr|dd|dt|col|meta|link|input|wbr|base|area)\b)[a-z]",
    re.IGNORECASE,
)
MAX_DEPTH = 200
_OPEN, _CLOSE = "\ue000", "\ue001"
_TAG = re.compile(r"<[^<>]*>")


def decode_html(data: bytes, charset: str | None) -> str:
    """`data` as text by the part's charset, else by the one the page names itself."""
    if not charset and (meta := _META_CHARSET.search(data[:4096])):
        charset = meta[1].decode("ascii", "replace")
    return decode(data, charset)


def clean_html(html: str) -> str:
    """`html` with nothing that runs or loads: no script, no event handler, no remote image.

    Images by Content-ID (`cid:`) stay, for the page to point at the attachment. Links stay,
    without a referrer.
    """
    html = clean(html[:MAX_HTML])
    if _too_deep(html):
        # 100,000 open elements take the parser 20 seconds, and no reader needs them.
        return f"<pre>{escape(as_text(html))}</pre>"
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep_attribute,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        filter_style_properties=_STYLES,
        strip_comments=True,
    ).strip()


def _too_deep(html: str) -> bool:
    depth = 0
    for match in _NESTING.finditer(html):
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > MAX_DEPTH:
            return True
    return False


def _keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "src":
        return value if value.strip().lower().startswith("cid:") else None
    if attribute == "href":
        # A cid link or a relative one would point into our own pages.
        scheme = value.strip().lower().partition(":")[0]
        return value if scheme in ("http", "https", "mailto", "tel") else None
    if attribute == "style":
        kept = [rule for rule in value.split(";") if not _LOADING_STYLE.search(rule)]
        return ";".join(kept) or None
    return value


def as_text(html: str) -> str:
    """`html` as a reader sees it, quotations marked by `> ` as in a plain mail.

    Rendered from at most MAX_RENDERED characters. Never raises: what no parser takes is
    given without its tags.
    """
    html = clean(html[:MAX_RENDERED])
    if not html.strip():
        return ""
    text = ""
    try:
        tree = lxml.html.document_fromstring(html.encode(), parser=_parser())
        _mark_quotations(tree)
        text = get_text(lxml.html.tostring(tree, encoding="unicode"), _CONFIG)
    except (etree.LxmlError, RecursionError, ValueError, AssertionError, TypeError, IndexError):
        # inscriptis trips over tables that end before they begin, and the like.
        text = unescape(_TAG.sub(" ", html))
    if not text.strip() and _too_deep(html):
        # libxml2 drops what lies deeper than 256 elements.
        text = unescape(_TAG.sub(" ", html))
    return _quoted("\n".join(line.rstrip() for line in clean(text).split("\n"))).strip("\n")


_CONFIG = ParserConfig(css=CSS_PROFILES["strict"], display_links=False, display_images=False)


def _parser() -> lxml.html.HTMLParser:
    return lxml.html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)


def _mark_quotations(tree: lxml.html.HtmlElement) -> None:
    """Put a line before and after each quotation, which survives the rendering."""
    for element in list(tree.iter("blockquote")):
        element.tag = "div"
        before, after = etree.Element("div"), etree.Element("div")
        before.text, after.text = _OPEN, _CLOSE
        before.tail, element.text = element.text, None
        element.insert(0, before)
        element.append(after)


def _quoted(text: str) -> str:
    depth = 0
    lines = []
    for line in text.split("\n"):
        mark = line.strip()
        if mark == _OPEN:
            depth = min(depth + 1, 20)
        elif mark == _CLOSE:
            depth = max(depth - 1, 0)
        else:
            plain = line.replace(_OPEN, "").replace(_CLOSE, "")
            lines.append(f"{'>' * depth} {plain}".rstrip() if depth else plain)
    return "\n".join(lines)
