"""HTTP of the pages that listen: one protocol object a connection.

`GET /events/?pass=...&tab=...` is a stream of events until somebody leaves; `POST /events/doing/`
and `POST /events/leave/` say what the person of the page does. `GET /events/files/...` is a large
file (`files.py`), which the kernel copies to the line. Requests are read by h11.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import h11

from axsupport.events.files import Answer, Files
from axsupport.events.hub import Ear, Hub
from core.events.file_passes import FILES
from core.events.passes import BadPass, Pass, Passes

HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    b"Cache-Control: no-store\r\nX-Accel-Buffering: no\r\nX-Content-Type-Options: nosniff\r\n"
    b"Connection: close\r\n\r\nretry: 3000\n\n"
)
BEGINS_WITHIN = 10.0  # seconds that a connection may say nothing
LINE_DEAD = 30_000  # milliseconds after which what nobody acknowledged ends a connection
UNREAD = 64 * 1024  # bytes that wait for a page that does not read; then it comes again
REQUEST = 16 * 1024  # bytes of a whole request
MOST = 5000  # pages at once
_STATUS = {200: "OK", 204: "No Content", 400: "Bad Request", 403: "Forbidden", 404: "Not Found"}
_STATUS |= {405: "Method Not Allowed", 503: "Service Unavailable", 206: "Partial Content"}
_STATUS |= {410: "Gone", 416: "Range Not Satisfiable"}
AT_ONCE = 4 * 2**20  # bytes of a file that are asked of the kernel in one go


class Wire(asyncio.Protocol):
    """One connection, from its request to its end."""

    def __init__(self, hub: Hub, passes: Passes, files: Files, clock: Callable[[], float]) -> None:
        self._hub, self._passes, self._files, self._clock = hub, passes, files, clock
        self._sending: asyncio.Task[None] | None = None
        self._parser = h11.Connection(h11.SERVER, max_incomplete_event_size=REQUEST)
        self._ear: Ear | None = None
        self._transport: asyncio.Transport | None = None
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._patience = asyncio.get_running_loop().call_later(BEGINS_WITHIN, transport.abort)
        line = transport.get_extra_info("socket")
        if line is not None and line.family != socket.AF_UNIX:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, LINE_DEAD)

    def data_received(self, data: bytes) -> None:
        if self._ear is not None or self._sending is not None:
            return  # a page that listens has nothing more to say
        try:
            self._parser.receive_data(data)
            request = self._parser.next_event()
        except h11.RemoteProtocolError:
            self._say(400)
            return
        if isinstance(request, h11.Request):
            self._asked(request)

    def eof_received(self) -> bool:
        return False  # a browser never half closes: it is gone

    def connection_lost(self, error: Exception | None) -> None:
        self._calm()
        if self._sending is not None:
            self._sending.cancel()
        if self._ear is not None:
            self._hub.part(self._ear, self._clock())

    def _asked(self, request: h11.Request) -> None:
        self._calm()
        parts = urlsplit(request.target.decode("ascii", "replace"))
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path.startswith(FILES):
            return self._give(request, parts.path)
        if parts.path == "/events/health":
            return self._say(200, {"pages": len(self._hub.ears)})
        method, what = request.method, parts.path.removeprefix("/events/").strip("/")
        if what not in ("", "doing", "leave"):
            return self._say(404)
        if method != (b"POST" if what else b"GET"):
            return self._say(405)
        try:
            granted = self._passes.read(asked.get("pass", ""))
        except BadPass:
            return self._say(403)
        tab, now = asked.get("tab", "")[:40], self._clock()
        if what == "doing":
            self._hub.do(granted, tab, asked.get("doing", ""), now)
        elif what == "leave":
            self._hub.leave(granted, tab, now)
        else:
            return self._listen(granted, tab, now)
        return self._say(204)

    def _listen(self, granted: Pass, tab: str, now: float) -> None:
        assert self._transport is not None
        if len(self._hub.ears) >= MOST:
            return self._say(503)
        self._transport.write(HEAD)
        self._ear = Ear(granted, tab, self._send, self._transport.close, now)
        return self._hub.join(self._ear, now)

    def _give(self, request: h11.Request, path: str) -> None:
        """A part of a file, or why not. The last on this connection."""
        assert self._transport is not None
        heads = {name.decode("ascii"): value.decode("latin-1") for name, value in request.headers}
        found = self._files.answer(request.method.decode("ascii"), path, heads)
        lines = [f"HTTP/1.1 {found.status} {_STATUS[found.status]}", "Connection: close"]
        lines += ["X-Content-Type-Options: nosniff"]
        lines += [f"{name}: {value}" for name, value in found.headers]
        said = b"" if request.method == b"HEAD" else found.said
        self._transport.write("\r\n".join([*lines, "", ""]).encode("ascii") + said)
        if found.path is None:
            self._transport.close()
        else:
            self._sending = asyncio.get_running_loop().create_task(self._copy(found, found.path))

    async def _copy(self, found: Answer, path: Path) -> None:
        """Let the kernel copy the bytes; it waits for the line, and this process for nobody."""
        assert self._transport is not None
        loop, sent = asyncio.get_running_loop(), 0
        self._files.at_work += 1
        try:
            with contextlib.suppress(OSError, RuntimeError), path.open("rb") as file:
                while sent < found.count and not self._transport.is_closing():
                    part = min(AT_ONCE, found.count - sent)
                    # Read ahead by the kernel, so that a slow disk holds up no page that listens.
                    ahead = found.start + sent
                    if hasattr(os, "posix_fadvise"):
                        os.posix_fadvise(file.fileno(), ahead, 2 * part, os.POSIX_FADV_WILLNEED)
                    self._files.spent(found.once, part)
                    sent += await loop.sendfile(self._transport, file, ahead, part)
        finally:
            self._files.at_work -= 1
            if sent < found.count:
                self._transport.abort()  # short of its length: a broken line, and no whole file
            else:
                self._transport.close()

    def _send(self, data: bytes) -> None:
        assert self._transport is not None
        if self._transport.get_write_buffer_size() > UNREAD:
            self._transport.abort()
        elif not self._transport.is_closing():
            self._transport.write(data)

    def _say(self, status: int, facts: dict[str, int] | None = None) -> None:
        """A short answer, the last on this connection."""
        assert self._transport is not None
        body = json.dumps(facts).encode() if facts is not None else b""
        lines = [f"HTTP/1.1 {status} {_STATUS[status]}", "Connection: close"]
        lines += ["Cache-Control: no-store", "X-Content-Type-Options: nosniff"]
        if status != 204:
            lines += [f"Content-Length: {len(body)}", "Content-Type: application/json"]
        self._transport.write("\r\n".join([*lines, "", ""]).encode() + body)
        self._transport.close()

    def _calm(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
