"""The real events' process over the tests' Redis, and a page of it that listens."""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from axsupport.events import doorway
from axsupport.up import commands
from core.events.passes import Pass, Passes
from embedded.processes import Child, Family, wait_until

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30  # seconds, on a busy machine


@dataclass
class Process:
    """The process; `port` is where it listens, `door` where connections are handed to it."""

    family: Family
    folder: Path
    port: int
    door: str
    child: Child | None = None

    def start(self) -> None:
        where = ("--listen", f"127.0.0.1:{self.port}", "--socket", self.door)
        self.child = self.family.spawn(
            "events",
            commands.events(sys.executable, *where),
            log=self.folder / "events.log",
            env={**os.environ, "SECRET_KEY": settings.SECRET_KEY},
            cwd=ROOT,
        )
        assert wait_until(lambda: doorway.answers(self.door), patience=PATIENCE), self.said()

    def kill(self) -> None:
        """kill -9."""
        assert self.child is not None
        self.child.process.kill()
        self.child.process.wait()
        self.family.forget(self.child)

    def said(self) -> str:
        return (self.folder / "events.log").read_text()

    def ask(self, path: str, method: str = "GET") -> http.client.HTTPResponse:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        line.request(method, path)
        return line.getresponse()

    @contextmanager
    def listening(self, granted: Pass, tab: str = "a") -> Iterator[Listener]:
        signed = Passes(settings.SECRET_KEY).sign(granted)
        answer = self.ask(f"/events/?pass={signed}&tab={tab}")
        assert answer.status == 200, answer.status
        try:
            yield Listener(answer)
        finally:
            answer.close()


class Listener:
    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self._answer = answer

    def next(self, wanted: str) -> Any:
        """The data of the next event of this name."""
        until = time.monotonic() + PATIENCE
        name = ""
        while time.monotonic() < until:
            line = self._answer.readline().decode().strip()
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            if line.startswith("data: ") and name == wanted:
                return json.loads(line.removeprefix("data: "))
        raise AssertionError(f"no {wanted} came")
