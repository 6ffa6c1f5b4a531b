"""`make up` as a process: it stops, it survives a kill, it says why it can not start."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clusters import copy_cluster

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.xdist_group("up")


class Run:
    """One run on its own port and data folder, without the demo."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.log = data.parent / f"up-{time.monotonic_ns()}.log"
        ours = ("DATABASE_URL", "REDIS_URL")
        environment = {name: value for name, value in os.environ.items() if name not in ours}
        environment |= {"PORT": str(port), "DATA_DIR": str(data), "DEMO": "0"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "axsupport.up"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text()

    def wait_until_ready(self) -> None:
        ends = time.monotonic() + 120
        while not self._answers():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < ends, self.said()
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                return True
        except OSError:
            return False


def processes_of(data: Path) -> list[str]:
    """Every process that names the data folder, in its arguments or its environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if str(data).encode() in words and state != "Z":
            found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """With all tables; test_prepare.py makes them from nothing."""
    folder = tmp_path / "data"
    folder.mkdir()
    copy_cluster(folder / "pg")
    yield folder
    assert processes_of(folder) == []


def test_sigterm_stops_everything_and_what_was_kept_is_there_again(data):
    first = Run(data, free_port())
    first.wait_until_ready()
    (data / "files").mkdir(exist_ok=True)
    first.process.send_signal(signal.SIGTERM)
    assert first.process.wait(60) == 0
    assert processes_of(data) == []

    second = Run(data, free_port())
    second.wait_until_ready()
    rival = Run(data, free_port())
    assert rival.process.wait(60) == 1
    second.process.send_signal(signal.SIGINT)

    assert second.process.wait(60) == 0
    assert "database made" not in second.said()
    assert len(rival.said().strip().splitlines()) == 1


def test_kill_9_leaves_no_orphan_and_the_next_start_works(data):
    first = Run(data, free_port())
    first.wait_until_ready()

    first.process.kill()
    first.process.wait(10)

    ends = time.monotonic() + 30
    while processes_of(data):
        assert time.monotonic() < ends, processes_of(data)
        time.sleep(0.2)
    second = Run(data, free_port())
    second.wait_until_ready()
    second.process.send_signal(signal.SIGTERM)
    assert second.process.wait(60) == 0


def test_a_busy_port_is_one_sentence_with_a_way_out(data):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        run = Run(data, busy.getsockname()[1])

        assert run.process.wait(60) == 1

    assert "is in use by another program" in run.said()
    assert len(run.said().strip().splitlines()) == 1
