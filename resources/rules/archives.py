"""What a manual's zip holds, read without trusting a word that its headers say (D4). Pure."""

from __future__ import annotations

import posixpath
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

from resources.rules.files import ANYTHING, kind_of

MB = 2**20
MOST_ENTRIES = 5000
MOST_BYTES = 500 * MB  # of all files, unpacked
MOST_OF_A_PAGE = 2 * MB
MOST_OF_A_PICTURE = 20 * MB
MOST_TIMES = 200  # what a packed byte may become; text is about ten
PAGES = (".html", ".htm", ".md", ".markdown")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
SVG = "image/svg+xml"
_PIECE = 1 << 16
_UNFIT = re.compile(r"[\x00-\x1f\x7f\\:]|^/|^~")
_RUNS = re.compile(
    rb"<\s*(?:\w+:)?(?:script|foreignobject|iframe|embed|object|handler)\b|\bon\w+\s*=|javascript:"
    rb"|<!entity|<\?xml-stylesheet|@import|url\s*\(\s*['\"]?\s*(?!#)|(?:href|src)\s*=\s*['\"]?\s*"
    rb"(?!#|data:image/(?:png|jpeg|gif|webp))[^'\"\s#]",
    re.IGNORECASE,
)


class UnfitArchive(ValueError):
    """The zip is refused; the text is a sentence."""


@dataclass(frozen=True)
class Contents:
    """Pages and pictures by path, pictures with their kind; `left_out` are files of other kinds."""

    pages: Mapping[str, bytes] = field(default_factory=dict)
    pictures: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def read_archive(file: IO[bytes]) -> Contents:
    """All that is of use in the zip, or nothing. Raises `UnfitArchive`."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _read(archive)
    except UnfitArchive:
        raise
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError) as error:
        raise UnfitArchive(f"It is no zip that can be read whole: {error}.") from error
    except (OSError, EOFError, ValueError, IndexError) as error:
        raise UnfitArchive("It is no zip that can be read whole.") from error
    except Exception as error:  # zlib's and lzma's own, whatever stands in the file
        raise UnfitArchive("It is no zip that can be read whole.") from error


def _read(archive: zipfile.ZipFile) -> Contents:
    entries = [one for one in archive.infolist() if not one.is_dir()]
    if len(archive.infolist()) > MOST_ENTRIES:
        raise UnfitArchive(f"It has more than {MOST_ENTRIES:,} entries.")
    if sum(one.file_size for one in entries) > MOST_BYTES:
        raise UnfitArchive(f"Unpacked it is more than {MOST_BYTES // MB} MB.")
    paths = dict(_checked(entries))
    top = _top_of(paths)
    pages: dict[str, bytes] = {}
    pictures: dict[str, tuple[str, bytes]] = {}
    left_out, left = [], MOST_BYTES
    for path, entry in paths.items():
        name, ending = path.removeprefix(top), posixpath.splitext(path)[1].lower()
        if _is_hidden(name) or ending not in (*PAGES, *PICTURES):
            left_out.append(name)
            continue
        most = MOST_OF_A_PAGE if ending in PAGES else MOST_OF_A_PICTURE
        content = _content(archive, entry, name, min(most, left))
        left -= len(content)
        if ending in PAGES:
            pages[name] = content
        else:
            pictures[name] = (_kind(name, ending, content), content)
    if not pages:
        raise UnfitArchive("It has no page: none of its files ends in .html or .md.")
    return Contents(pages, pictures, tuple(left_out))


def _checked(entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Each entry under a path that stays inside, once."""
    seen: set[str] = set()
    for one in entries:
        name = one.orig_filename or one.filename
        path = posixpath.normpath(name)
        if _UNFIT.search(name) or path.startswith("..") or ".." in name.split("/"):
            raise UnfitArchive(f"“{_shown(name)}” is a path that leads outside.")
        if stat.S_ISLNK(one.external_attr >> 16):
            raise UnfitArchive(f"“{_shown(name)}” is a link and no file.")
        if one.flag_bits & 0x1:
            raise UnfitArchive("It is locked by a password.")
        if len(path) > 200:
            raise UnfitArchive(f"“{_shown(name)}” is too long a path.")
        if path.lower() in seen:
            raise UnfitArchive(f"“{_shown(name)}” is in it twice.")
        seen.add(path.lower())
        yield path, one


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, most: int) -> bytes:
    """Counted while it is unpacked: what a header says of the size proves nothing."""
    found = bytearray()
    limit = min(most, max(entry.compress_size, 1024) * MOST_TIMES)
    with archive.open(entry) as opened:
        while piece := opened.read(_PIECE):
            found += piece
            if len(found) > limit:
                raise UnfitArchive(f"“{_shown(name)}” is too large, or packed like a bomb.")
    return bytes(found)


def _kind(name: str, ending: str, content: bytes) -> str:
    """What the picture is by its bytes, which its ending has to fit."""
    if ending == ".svg":
        if b"<svg" not in content[:4096].lower() or content.startswith(b"\x1f\x8b"):
            raise UnfitArchive(f"“{_shown(name)}” is no SVG.")
        if _RUNS.search(content) or b"\0" in content:
            raise UnfitArchive(f"“{_shown(name)}” is an SVG that runs or fetches something.")
        return SVG
    kind = kind_of(content[:16])
    if kind in (ANYTHING, "application/pdf"):
        raise UnfitArchive(f"“{_shown(name)}” is no picture, whatever its name says.")
    return kind


def _top_of(paths: Mapping[str, zipfile.ZipInfo]) -> str:
    """The folder in which everything lies, where there is one, with its slash."""
    tops = {path.partition("/")[0] for path in paths if not _is_hidden(path)}
    inside = all("/" in path for path in paths if not _is_hidden(path))
    return f"{tops.pop()}/" if len(tops) == 1 and inside else ""


def _is_hidden(path: str) -> bool:
    return any(one.startswith((".", "__MACOSX")) for one in path.split("/"))


def _shown(name: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", "?", name)[:80]
