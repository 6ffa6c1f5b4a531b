"""The counter in front of Django: slow clients wait here, and only whole requests go in.

A thread of the server reads each request to its end, the body into memory or a temporary file,
before one of the few threads that work is asked. So a client that stalls in the middle of an upload
holds a cheap thread, no transaction and no connection of the database. What is answered is whole,
too, before it goes out: a slow reader holds nothing either.

`/livez` is answered here; `/readyz` and `/healthz` have a thread that pages can not take.
"""

from __future__ import annotations

import json
import socket
import struct
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any

import structlog
from django.conf import settings
from gunicorn.workers.gthread import TConn, ThreadWorker

from axsupport.events.doorway import hand_over, is_for_events
from core.events.passes import PREFIX

logger = structlog.get_logger(__name__)

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]

LOOKS = frozenset({"/readyz", "/healthz"})
LOOK_WITHIN = 5.0  # seconds for `/readyz`; later it is no
SILENCE = 20.0  # seconds that a client may send nothing in the middle of a request
GRACE, SLOWEST = 30.0, 2000.0  # a body has so many seconds, and one more for so many bytes
HASTE = 1.0  # seconds in which a request that is on its way begins
QUEUED = 20.0  # seconds after which a request that still waits for a thread is sent away
IN_MEMORY = 512 * 1024
PIECE = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """A whole response; the server that sends it calls `close`, whatever happened to it."""

    status: str
    headers: list[tuple[str, str]]
    body: IO[bytes]

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.body.read(PIECE):
            yield piece

    def close(self) -> None:
        self.body.close()


class TooSlow(Exception):
    """The body did not come in time."""


class TooLarge(Exception):
    """The body is larger than anything that a page takes."""


class Counter:
    """A WSGI application that hands whole requests to `application`, so many at once.

    Larger bodies than `max_bytes` are refused before they are read.
    """

    def __init__(self, application: Application, *, threads: int, max_bytes: int) -> None:
        self._application = application
        self._max_bytes = max_bytes
        # Their threads start with the first request, so after gunicorn forked its workers.
        self._pages = ThreadPoolExecutor(threads, "page")
        self._looks = ThreadPoolExecutor(1, "look")

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        answer = self._answer(environ)
        start_response(answer.status, answer.headers)
        return answer

    def _answer(self, environ: Environ) -> Answer:
        path = environ.get("PATH_INFO", "")
        if path == "/livez":
            return _short("200 OK", {"status": "ok"})
        if path.startswith(PREFIX):  # not handed over: their process is away, or elsewhere
            return _refused("503 Service Unavailable", "no_events", "Ask again in a minute.")
        try:
            body = self._read(environ)
        except TooLarge:
            words = f"This is more than {self._max_bytes // 2**20} MB at once. Send less."
            return _refused("413 Content Too Large", "too_large", words)
        except TooSlow:
            words = "The request did not arrive in time. Try again on a better line."
            return _refused("408 Request Timeout", "too_slow", words)
        with body:
            whole = environ | {"wsgi.input": body}
            del whole["wsgi.file_wrapper"]  # what it would send is read in here
            if path in LOOKS:
                return self._look(whole)
            return self._pages.submit(self._page, whole, time.monotonic()).result()

    def _look(self, environ: Environ) -> Answer:
        looked: Future[Answer] = self._looks.submit(_whole, self._application, environ)
        try:
            return looked.result(LOOK_WITHIN)
        except TimeoutError:
            looked.add_done_callback(_drop)
            return _short("503 Service Unavailable", {"status": "failing", "database": "silent"})

    def _page(self, environ: Environ, came: float) -> Answer:
        if time.monotonic() - came > QUEUED:
            logger.error("request sent away, every thread is busy", path=environ["PATH_INFO"])
            words = "The desk has more to do than it can. Try again in a minute."
            return _refused("503 Service Unavailable", "busy", words)
        return _whole(self._application, environ)

    def _read(self, environ: Environ) -> IO[bytes]:
        """The whole body, at its beginning; its true length is written into `environ`."""
        announced = environ.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced) > self._max_bytes:
            raise TooLarge
        whole = _room()
        try:
            size = self._copy(environ["wsgi.input"], whole)
            if size < int(announced if announced.isdecimal() else 0):
                raise TooSlow  # it broke off: nobody is there to read what we say
        except BaseException:
            whole.close()
            raise
        whole.seek(0)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        if size or environ.get("CONTENT_LENGTH"):
            environ["CONTENT_LENGTH"] = str(size)
        return whole

    def _copy(self, source: Any, target: IO[bytes]) -> int:
        size, started = 0, time.monotonic()
        while True:
            try:
                piece = source.read(PIECE)
            except OSError as error:  # silent for too long, or gone
                raise TooSlow from error
            if not piece:
                return size
            size += len(piece)
            if size > self._max_bytes:
                raise TooLarge
            if time.monotonic() - started > GRACE + size / SLOWEST:
                raise TooSlow
            target.write(piece)


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn carries no types
    """gunicorn's threads, which do not wait for ever for a client that says nothing."""

    def enqueue_req(self, conn: TConn) -> None:
        seconds = struct.pack("ll", int(SILENCE), 0)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, seconds)
        super().enqueue_req(conn)

    def handle(self, conn: TConn) -> Any:
        """One request; but a page that listens for events goes to their process with its socket.

        Also see the client off here: gunicorn would linger in its main thread, 2 s for each.

        Its own close, which comes later and there, has nothing left to do then.
        """
        if self._is_handed_over(conn):
            return False
        goes_on = super().handle(conn)
        if goes_on is False:
            conn.close(graceful=True)
            conn.close = _closed_already
        return goes_on

    def _is_handed_over(self, conn: TConn) -> bool:
        """Whether it is the other process's connection now, of which we keep nothing."""
        if not conn.initialized and not conn.wait_for_data(HASTE):
            return False
        read_ahead = conn.parser is not None and conn.parser.unreader.buf.getvalue()
        if read_ahead or self.cfg.is_ssl or not is_for_events(conn.sock):
            return False
        if not hand_over(conn.sock, settings.EVENTS_SOCKET):
            return False
        conn.sock.close()  # ours alone: a shutdown would end the other's, too
        conn.close = _closed_already
        return True


def _closed_already(graceful: bool = False) -> None:
    return


def _whole(application: Application, environ: Environ) -> Answer:
    """Run the application to the end of its answer, here, where its connection is."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        begun.append((status, headers))

    found = application(environ, start_response)
    body = _room()
    try:
        for piece in found:
            body.write(piece)
    except BaseException:
        body.close()
        raise
    finally:
        close = getattr(found, "close", None)
        if close is not None:
            close()
    body.seek(0)
    status, headers = begun[-1]
    return Answer(status, headers, body)


def _drop(late: Future[Answer]) -> None:
    """Nobody waits for it any more."""
    if not late.cancelled() and late.exception() is None:
        late.result().close()


def _room() -> IO[bytes]:
    """In memory while it is small, then on the disk; gone when it is closed."""
    return tempfile.SpooledTemporaryFile(IN_MEMORY)


def _short(status: str, facts: dict[str, str], *more: tuple[str, str]) -> Answer:
    said = json.dumps(facts).encode()
    body = _room()
    body.write(said)
    body.seek(0)
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(said)))]
    return Answer(status, [*headers, ("Cache-Control", "no-store"), *more], body)


def _refused(status: str, code: str, words: str) -> Answer:
    more = (("Retry-After", "30"),) if status.startswith("503") else ()
    return _short(status, {"code": code, "detail": words}, *more, ("Connection", "close"))
