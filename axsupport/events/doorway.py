"""How a connection goes from the web server to the events' process, which lives beside it.

Pages listen at the web server's own address, so that the browser's policy needs no second one. But
a stream held by it would hold a thread. So whoever accepted the connection looks at its first
bytes without taking them, and hands the socket itself over, by the rights of a Unix socket.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from pathlib import Path

from core.events.passes import PREFIX

_BEGINNINGS = tuple(f"{method} {PREFIX}".encode() for method in ("GET", "POST", "HEAD"))
_LOOKS_AT = max(map(len, _BEGINNINGS))
WITHIN = 0.5  # seconds that the other side may take
AT_ONCE = 50  # connections that are taken over before anything else is looked at


def is_for_events(line: socket.socket) -> bool:
    """Whether the request that begins on the socket is one; nothing is read from it."""
    try:
        begins = line.recv(_LOOKS_AT, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except OSError:
        return False
    return begins.startswith(_BEGINNINGS)


def hand_over(line: socket.socket, place: str) -> bool:
    """Give the connection to the process that listens at `place`; False where nobody does."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
            door.settimeout(WITHIN)
            door.connect(place)
            socket.send_fds(door, [b"."], [line.fileno()])
    except OSError:
        return False
    return True


def answers(place: str) -> bool:
    """Whether the process at `place` speaks: asked over a connection that we hand to it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        if not hand_over(theirs, place):
            return False
        theirs.close()
        ours.settimeout(2)
        try:
            ours.sendall(b"GET /events/health HTTP/1.1\r\nHost: desk\r\n\r\n")
            return ours.recv(12) == b"HTTP/1.1 200"
        except OSError:
            return False


@contextlib.contextmanager
def opened(place: Path, make: Callable[[], asyncio.Protocol]):  # type: ignore[no-untyped-def]
    """Take connections over at `place` while inside, each with a protocol of its own."""
    loop = asyncio.get_running_loop()
    place.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.setblocking(False)
        door.bind(str(place))
        os.chmod(place, 0o600)
        begun: set[asyncio.Task[object]] = set()

        def take() -> None:
            for _ in range(AT_ONCE):
                try:
                    _, taken, _, _ = socket.recv_fds(door, 1, 4)
                except OSError:
                    return
                for number in taken:
                    line = socket.socket(fileno=number)
                    line.setblocking(False)
                    task = loop.create_task(loop.connect_accepted_socket(make, line))
                    begun.add(task)
                    task.add_done_callback(begun.discard)

        loop.add_reader(door, take)
        try:
            yield
        finally:
            loop.remove_reader(door)
            place.unlink(missing_ok=True)
