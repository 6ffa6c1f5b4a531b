"""Ctrl-C, SIGTERM and SIGHUP, noticed only where it is safe to stop."""

from __future__ import annotations

import signal
import time
from types import FrameType


class StopAsked(Exception):
    """Somebody asked us to stop."""


_ONE_REQUEST = 1.5  # seconds: `make` passes on a SIGTERM that its whole group has had already


class Signals:
    """Counts the requests to stop. The second one means that somebody is in a hurry."""

    def __init__(self) -> None:
        self._asked = 0
        self._asked_at = 0.0  # on the monotonic clock

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue  # started by nohup, which is to survive its terminal
            signal.signal(number, self._note)

    def pause(self, seconds: float) -> None:
        """Sleep; raises StopAsked at once, or after at most a tenth of a second."""
        deadline = time.monotonic() + seconds
        while True:
            if self._asked:
                raise StopAsked
            left = deadline - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, 0.1))

    def hurry(self) -> bool:
        return self._asked > 1

    def _note(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if not self._asked or now - self._asked_at > _ONE_REQUEST:
            self._asked += 1
            self._asked_at = now
