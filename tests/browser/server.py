"""A desk for a browser test that is at rest when it stops: no request outlives its test.

Django's own live server answers each request in a thread that nobody waits for. A page still
keeps a draft, says what was read or asks for its icon when a test ends; such a request would meet
tables that are being emptied (a deadlock) or the settings of no test (another storage of styles).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from pytest_django.live_server_helper import LiveServer

REST_SECONDS = 20


class Gate:
    """Counts the requests under way; once closed it lets nobody in and waits for the last."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app
        self._changed = threading.Condition()
        self._under_way = 0
        self._closed = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        with self._changed:
            if self._closed:
                start_response("503 Service Unavailable", [("Content-Length", "0")])
                return []
            self._under_way += 1
        try:
            # Read here to its end: Django lets go of the request when its answer is closed.
            answer = self.app(environ, start_response)
            try:
                return [b"".join(answer)]
            finally:
                getattr(answer, "close", lambda: None)()
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            rested = self._changed.wait_for(lambda: not self._under_way, REST_SECONDS)
        assert rested, f"a request is still under way {REST_SECONDS} s after its test"


class RestingServer(LiveServer):
    """The live server, whose `stop` comes back when nothing of it touches the database any more."""

    def start(self) -> None:
        super().start()
        app = self.thread.httpd.get_app()
        assert app is not None
        self.gate = Gate(app)
        self.thread.httpd.set_app(self.gate)

    def stop(self) -> None:
        self.gate.close()
        super().stop()
