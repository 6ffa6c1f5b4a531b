"""A site behind the real server, and what answering costs it: CPU of its processes, not the clock.

The machine that runs a bench has other things to do; the seconds that a process was computing are
the same on a busy one.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.tools import databases

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Ask:
    """One request; the parts of a page that a browser fetches by themselves are asks, too."""

    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cost:
    """Of one opening: milliseconds of CPU, median of the clock, statements, bytes."""

    web: float
    database: float
    wall: float
    asked: int
    size: int

    @property
    def cpu(self) -> float:
        return self.web + self.database


class Site:
    """A gunicorn that answers on `port`."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process, self.port = process, port

    def cost(self, *asks: Ask, times: int = 20) -> Cost:
        """What it costs to be asked all of `asks` one after the other, `times` times."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for _ in range(8):  # both processes warm their caches and compile their templates
            self._answers(line, asks)
            line.close()
        walls, size = [], 0
        before = self._computed()
        for _ in range(times):
            started = time.perf_counter()
            size = self._answers(line, asks)
            walls.append((time.perf_counter() - started) * 1000)
        after = self._computed()
        with databases.statements() as asked:
            self._answers(line, asks)
        line.close()
        web, database = ((b - a) * 1000 / times for a, b in zip(before, after, strict=True))
        return Cost(web, database, median(walls), len(asked), size)

    def _answers(self, line: http.client.HTTPConnection, asks: Sequence[Ask]) -> int:
        size = 0
        for ask in asks:
            line.request(ask.method, ask.path, ask.body, dict(ask.headers))
            answer = line.getresponse()
            content = answer.read()
            assert answer.status in (200, 201), f"{ask.path}: {answer.status} {content[:300]!r}"
            size += len(content)
        return size

    def _computed(self) -> tuple[float, float]:
        return _seconds(self._process.pid), _seconds(databases.postmaster())


@contextmanager
def serving(
    command: Sequence[str], port: int, environment: Mapping[str, str], log: Path
) -> Iterator[Site]:
    """Run the command, which listens on `port`, until the block ends."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=file, stderr=file
        )
    try:
        _wait_for(port, process, log)
        yield Site(process, port)
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def gunicorn(command: Sequence[str]) -> list[str]:
    """The words of a command of `services.commands` as this Python runs it."""
    return [sys.executable if one == "python" else one for one in command]


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"The site does not answer; it says:\n{log.read_text()[-2000:]}")


def _seconds(parent: int) -> float:
    """CPU that a process and its children used, those that have ended included."""
    fields = _stat(parent)
    ticks = sum(fields[11:15])  # of itself, and of the children that it has reaped
    for path in Path("/proc").glob("[0-9]*"):
        try:
            one = _stat(int(path.name))
        except OSError:  # it has ended meanwhile
            continue
        if one[1] == parent:
            ticks += one[11] + one[12]
    return ticks / _TICK


def _stat(pid: int) -> list[int]:
    """The fields of /proc/PID/stat from the third on; its state is 0 here."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [0, *(int(one) for one in words[1:])]
