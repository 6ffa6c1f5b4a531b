"""Ends the processes of a supervisor that was killed: run as `python watchdog.py FD`.

FD is the reading end of a pipe whose other end only the supervisor holds; its end of file means
that the supervisor is gone, however that happened. Lines `+PID SIGNAL` and `-PID` say who is to
be ended then, and by which signal. Works wherever there are pipes, unlike PR_SET_PDEATHSIG, and
also for those whom the kernel's signal did not make go away. Standard library only, so that it
stays small: it runs as a file of its own and imports nothing of the project.
"""

from __future__ import annotations

import os
import signal
import sys
import time

PATIENCE = 20.0  # seconds between the polite signal and SIGKILL


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def watch(fd: int) -> None:
    """Block until the pipe ends, then end whoever is still on the list."""
    wards: dict[int, int] = {}
    with os.fdopen(fd) as pipe:
        for line in pipe:
            words = line[1:].split()
            if line.startswith("+"):
                wards[int(words[0])] = int(words[1])
            else:
                wards.pop(int(words[0]), None)
    _send(wards)
    deadline = time.monotonic() + PATIENCE
    while any(map(alive, wards)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for pid in wards:
        try:
            os.killpg(pid, signal.SIGKILL)  # each ward leads a group: its children go with it
        except (ProcessLookupError, PermissionError):
            continue


def _send(wards: dict[int, int]) -> None:
    for pid, number in wards.items():
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    watch(int(sys.argv[1]))
