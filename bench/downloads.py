"""What it costs to give 500 MB to 8 readers at once, while the desk's pages are asked for.

The whole desk as `make up` starts it, beside its database; the file is of the bench, its links are
signed as a view signs them. Pages are asked one after the other, first with no download, then with
eight: the time of each, and CPU and memory of the events' process.
"""

from __future__ import annotations

import http.client
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bench.live import _cpu, _free_port, _memory
from core.events.file_passes import FilePass, FilePasses

SIZE, READERS = 500 * 2**20, 8
SECONDS = 10  # for the pages alone
PAGE = "/accounts/login/"
PIECE = 1 << 18


def main() -> None:
    key, port = secrets.token_urlsafe(40), _free_port()
    with tempfile.TemporaryDirectory(prefix="axsupport-bench-") as name:
        env = os.environ | {"DATA_DIR": name, "PORT": str(port), "SECRET_KEY": key, "DEMO": "0"}
        with Path(name, "up.log").open("wb") as log:
            desk = subprocess.Popen(
                [sys.executable, "-m", "axsupport.up"], env=env, stdout=log, stderr=log
            )
        try:
            assert _comes(port), Path(name, "up.log").read_text()[-2000:]
            _measure(port, Path(name), key)
        finally:
            desk.terminate()
            desk.wait()


def _measure(port: int, data: Path, key: str) -> None:
    place = data / "files" / "bench.rpm"
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as file:
        for _ in range(SIZE >> 20):
            file.write(os.urandom(1 << 20))
    alone = _pages(port, lambda started: time.monotonic() - started < SECONDS)
    pid = _pid_of_events(data)
    before, memory, began = _cpu(pid), _memory(pid), time.monotonic()
    got = [0] * READERS
    granted = FilePass("bench.rpm", "bench.rpm", SIZE, "0" * 64)
    links = [FilePasses(key).link(FilePass(**vars(granted) | {"once": str(n)})) for n in range(8)]
    readers = [
        threading.Thread(target=_read, args=(port, link, got, number))
        for number, link in enumerate(links)
    ]
    for one in readers:
        one.start()
    meanwhile = _pages(port, lambda started: any(one.is_alive() for one in readers))
    took, cpu = time.monotonic() - began, _cpu(pid) - before
    assert got == [SIZE] * READERS, got
    print(f"{READERS} readers of {SIZE >> 20} MB: {took:.1f} s, {8 * SIZE / took / 2**20:.0f} MB/s")
    print(f"  events' process: {cpu:.1f} s of CPU, {_memory(pid):.0f} MB ({memory:.0f} MB before)")
    for what, times in (("alone", alone), ("meanwhile", meanwhile)):
        each = sorted(1000 * one for one in times)
        print(
            f"  pages {what:9}: {statistics.median(each):.0f} ms median,"
            f" {each[int(len(each) * 0.95)]:.0f} ms of 95 in 100, {len(each)} pages"
        )


def _read(port: int, link: str, got: list[int], number: int) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", link)
    answer = line.getresponse()
    while piece := answer.read(PIECE):
        got[number] += len(piece)


def _pages(port: int, goes_on: Callable[[float], bool]) -> list[float]:
    found: list[float] = []
    started = time.monotonic()
    while goes_on(started) or len(found) < 5:
        asked = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        line.request("GET", PAGE)
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        found.append(time.monotonic() - asked)
        time.sleep(0.05)
    return found


def _comes(port: int) -> bool:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/healthz")
            if line.getresponse().status == 200:
                return True
        except OSError:
            pass
        time.sleep(0.5)
    return False


def _pid_of_events(data: Path) -> int:
    """The process whose command line names the socket in our folder."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            said = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"axsupport.events" in said and any(str(data).encode() in one for one in said):
            return int(folder.name)
    raise AssertionError("the events' process is not there")


if __name__ == "__main__":
    main()
