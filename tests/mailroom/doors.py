"""The desk's mail processes, as an operator runs them, on the database of the tests."""

from __future__ import annotations

import os
import re
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds, on a busy machine


def environment(**more: str) -> dict[str, str]:
    """What a process needs to work on the database of the tests."""
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    name = str(connection.settings_dict["NAME"])
    return os.environ | {"DATABASE_URL": f"{server}/{name}", "PYTHONUNBUFFERED": "1"} | more


@contextmanager
def running(*command: str, until: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """`manage.py command`, once it said a line with `until`; ended with the block."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if re.search(until, line):
                break
        else:
            raise AssertionError(f"{command} ended before it said {until!r}")
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stdout.close()


@contextmanager
def lmtp(folder: Path, *options: str, **more: str) -> Iterator[Path]:
    """The LMTP server on a socket in `folder`."""
    socket = folder / "lmtp.sock"
    with running("lmtpd", "--listen", str(socket), *options, until="LMTP on", **more):
        yield socket


def client(socket: Path) -> smtplib.LMTP:
    return smtplib.LMTP(str(socket), timeout=PATIENCE)


def eventually(truth: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if truth():
            return True
        time.sleep(0.05)
    return False
