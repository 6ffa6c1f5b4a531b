"""Pages of a manual: addresses, what links lead to, the nearest to a wrong one (D4). Pure."""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import unquote, urlsplit

from core.foreign_pages import ForeignPage, NoPage, cleaned, html_of_markdown, place_of
from resources.rules.archives import Contents

HOMES = ("index.html", "index.htm", "readme.html", "contents.html", "toc.html")
_MARKDOWN = re.compile(r"\.(?:md|markdown)$", re.IGNORECASE)


@dataclass(frozen=True)
class Bound:
    """A whole manual: pages by address, `home` among them; `missing` are links to nothing."""

    pages: Mapping[str, ForeignPage]
    home: str
    missing: tuple[str, ...] = ()


@dataclass
class _Links:
    """What the links of one page lead to."""

    at: str
    pages: Collection[str]
    pictures: Collection[str]
    missing: set[str] = field(default_factory=set)

    def link(self, address: str) -> str | None:
        parts = urlsplit(address)
        if parts.scheme or address.startswith("//"):
            return address if parts.scheme in ("http", "https", "mailto") else None
        place = f"#{place_of(unquote(parts.fragment)) or ''}" if parts.fragment else ""
        if not parts.path:
            return place or None
        target = self._inside(parts.path)
        if target is None or (target not in self.pages and target not in self.pictures):
            self.missing.add(f"{self.at}: {address}"[:200])
            return None
        return self._from_here(target) + place

    def picture(self, address: str) -> str | None:
        target = None if urlsplit(address).scheme else self._inside(urlsplit(address).path)
        if target in self.pictures:
            return self._from_here(str(target))
        self.missing.add(f"{self.at}: {address}"[:200])
        return None

    def _inside(self, path: str) -> str | None:
        """The address that a relative path means; None for one that leads outside."""
        if not path or path.startswith("/"):
            return None
        found = posixpath.normpath(posixpath.join(posixpath.dirname(self.at), unquote(path)))
        return None if found.startswith("..") else address_of(found)

    def _from_here(self, target: str) -> str:
        return posixpath.relpath(target, posixpath.dirname(self.at) or ".")


def bind(contents: Contents) -> Bound:
    """The pages, clean, with links that lead to each other alone. Raises `NoPage`."""
    addresses = {address_of(path): path for path in contents.pages}
    pages, missing = {}, set[str]()
    for address, path in sorted(addresses.items()):
        links = _Links(address, addresses, contents.pictures)
        try:
            source = _text(contents.pages[path])
            if _MARKDOWN.search(path):
                source = html_of_markdown(source)
            page = cleaned(source, links.link, links.picture)
        except NoPage as error:
            raise NoPage(f"“{path}” can not be shown: {error}") from error
        pages[address] = _titled(page, address)
        missing |= links.missing
    return Bound(pages, home_of(addresses), tuple(sorted(missing)))


def address_of(path: str) -> str:
    """Pages of Markdown are read as HTML, and are called so."""
    return _MARKDOWN.sub(".html", path)


def home_of(addresses: Iterable[str]) -> str:
    """The page on which a reader begins: the usual names, as far up as can be; else the first."""
    known = sorted(addresses, key=lambda one: (one.count("/"), one))
    for name in HOMES:
        found = [one for one in known if posixpath.basename(one).lower() == name]
        if found:
            return found[0]
    return known[0]


def nearest(wrong: str, addresses: Collection[str], most: int = 3) -> list[str]:
    """The pages that somebody may have meant: the same name elsewhere, then the most alike."""
    name = posixpath.basename(wrong)
    same = [one for one in sorted(addresses) if posixpath.basename(one) == name]
    alike = difflib.get_close_matches(wrong, list(addresses)[:5000], n=most, cutoff=0.5)
    return list(dict.fromkeys([*same, *alike]))[:most]


def standing_alone(page: ForeignPage, title: str) -> str:
    """A page of the zip for who has no network: no style, no script, nothing from elsewhere."""
    head = f'<meta charset="utf-8"><title>{escape(page.title)} - {escape(title)}</title>'
    return f"<!doctype html><html><head>{head}</head><body>{page.html}</body></html>"


def _titled(page: ForeignPage, address: str) -> ForeignPage:
    stem = posixpath.splitext(posixpath.basename(address))[0]
    title = page.title or stem.replace("-", " ").replace("_", " ").capitalize()
    if re.search(r"<h1\b", page.html):
        return ForeignPage(title, page.html, page.text)
    return ForeignPage(title, f"<h1>{escape(title)}</h1>\n{page.html}", page.text)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace").replace("\0", "")
