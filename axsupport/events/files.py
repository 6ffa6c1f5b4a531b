"""Large files for who has a link: which part, how often, for how long. Knows no socket.

A link begins within a minute of its signing (D3). Who began goes on where a broken line left off
for hours: by this process' memory, or, after it was started anew, by the entity tag that only who
began was told. All that is fetched by one link is a few times its file: more is no broken line.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from axsupport.events.ranges import Unsatisfiable, part_of
from core.events.file_passes import (
    BEGIN_WITHIN,
    FILES,
    GO_ON_WITHIN,
    BadLink,
    FilePass,
    FilePasses,
    OldLink,
)

MOST = 200  # files at once; who comes then is asked to come again
TIMES = 4  # as many bytes as the file has leave by one link
REMEMBERED = 20_000  # links


@dataclass(frozen=True)
class Answer:
    """What goes out: a status, headers, `said`, and `count` bytes of the file from `start` on."""

    status: int
    headers: tuple[tuple[str, str], ...]
    said: bytes = b""
    path: Path | None = None
    start: int = 0
    count: int = 0
    once: str = ""


class Files:
    """The files of one store. `root` is its folder, `clock` gives seconds that only grow."""

    def __init__(
        self, root: Path, passes: FilePasses, key: str, clock: Callable[[], float]
    ) -> None:
        self._root, self._passes, self._clock = root.resolve(), passes, clock
        self._key = key.encode()
        self._begun: dict[str, float] = {}
        self._left: dict[str, int] = {}  # bytes that may still leave by a link
        self.at_work = 0

    def answer(self, method: str, path: str, headers: Mapping[str, str]) -> Answer:
        """`path` begins with FILES; names of `headers` are in lower case."""
        if method not in ("GET", "HEAD"):
            return _words(405, "Only GET and HEAD.", ("Allow", "GET, HEAD"))
        signed = path.removeprefix(FILES).partition("/")[0]
        try:
            granted = self._passes.read(signed, within=GO_ON_WITHIN)
        except OldLink:
            return _words(410, _OLD)
        except BadLink:
            return _words(404, _NONE)
        if not self._may_go(granted, signed, headers):
            return _words(410, _OLD)
        file = (self._root / granted.path).resolve()
        if not file.is_relative_to(self._root) or not _is_whole(file, granted.size):
            return _words(404, _GONE)
        if self.at_work >= MOST:
            return _words(503, _BUSY, ("Retry-After", "60"))
        return self._part(granted, file, method, headers)

    def spent(self, once: str, count: int) -> None:
        """So many bytes left by the link."""
        if once in self._left:
            self._left[once] -= count

    def _part(
        self, granted: FilePass, file: Path, method: str, headers: Mapping[str, str]
    ) -> Answer:
        tag, size = self._tag(granted), granted.size
        wanted = headers.get("range", "")
        if "if-range" in headers and headers["if-range"].strip() != tag:
            wanted = ""
        fixed = _headers(granted, tag)
        try:
            part = part_of(wanted, size) if method == "GET" else None
        except Unsatisfiable:
            return _words(416, "The file ends before.", ("Content-Range", f"bytes */{size}"))
        start, count = (0, size) if part is None else (part.start, part.count)
        length = ("Content-Length", str(count))
        if method == "HEAD":
            return Answer(200, (*fixed, length))
        self._note(granted)
        if part is None:
            return Answer(200, (*fixed, length), b"", file, 0, size, granted.once)
        where = ("Content-Range", f"bytes {start}-{start + count - 1}/{size}")
        return Answer(206, (*fixed, length, where), b"", file, start, count, granted.once)

    def _may_go(self, granted: FilePass, signed: str, headers: Mapping[str, str]) -> bool:
        """Whether it begins in time, or goes on with what began in time."""
        if granted.once in self._begun:
            return self._left.get(granted.once, 0) > 0
        try:
            self._passes.read(signed, within=BEGIN_WITHIN)
        except BadLink:
            return headers.get("if-range", "").strip() == self._tag(granted)
        return True

    def _note(self, granted: FilePass) -> None:
        if granted.once in self._begun:
            return
        now = self._clock()
        if len(self._begun) >= REMEMBERED:
            for once in [one for one, at in self._begun.items() if now - at > GO_ON_WITHIN]:
                self._forget(once)
        if len(self._begun) >= REMEMBERED:
            self._forget(next(iter(self._begun)))
        self._begun[granted.once] = now
        self._left[granted.once] = TIMES * granted.size

    def _forget(self, once: str) -> None:
        del self._begun[once]
        self._left.pop(once, None)

    def _tag(self, granted: FilePass) -> str:
        """The entity tag: told to who began, and to nobody else."""
        said = f"{granted.once}:{granted.sha256}".encode()
        return f'"{hmac.new(self._key, said, hashlib.sha256).hexdigest()[:32]}"'


def _is_whole(file: Path, size: int) -> bool:
    try:
        return file.stat().st_size == size
    except OSError:
        return False


def _headers(granted: FilePass, tag: str) -> tuple[tuple[str, str], ...]:
    """What each answer with a part of the file says."""
    return (
        ("Content-Type", "application/octet-stream"),
        ("Content-Disposition", f"attachment; filename*=UTF-8''{quote(granted.name)}"),
        ("Accept-Ranges", "bytes"),
        ("ETag", tag),
        ("X-Checksum-Sha256", granted.sha256),
        ("Cache-Control", "private, no-store"),
        ("Content-Security-Policy", "sandbox; default-src 'none'"),
    )


def _words(status: int, said: str, *more: tuple[str, str]) -> Answer:
    page = _PAGE.format(said=said).encode()
    kept = (("Cache-Control", "no-store"), ("Content-Type", "text/html; charset=utf-8"))
    policy = ("Content-Security-Policy", "default-src 'none'")
    return Answer(status, (*kept, policy, ("Content-Length", str(len(page))), *more), page)


_BACK = '<a href="/downloads/">Go to Downloads</a>'
_OLD = f"This link has ended: it is good for a minute, and for one download. {_BACK} for a new one."
_NONE = f"There is no such link. {_BACK}."
_GONE = f"The file is not in the store any more. Tell us, please. {_BACK}."
_BUSY = "So many files are being fetched that this one has to wait. Try again in a minute."
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Download</title>'
    '<meta name="viewport" content="width=device-width"></head>'
    "<body><h1>Download</h1><p>{said}</p></body></html>"
)
