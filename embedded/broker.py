"""The embedded Redis (Valkey): the queue between web, beat and worker, and the cache."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

from embedded.binaries import broker_program
from embedded.processes import Child, Family


@dataclass(frozen=True)
class Broker:
    """A server with its append-only file in `folder` that listens on the Unix socket `socket`."""

    folder: Path
    socket: Path
    durable: bool = True

    def clear_leftovers(self) -> None:
        """Remove the socket of a server that was killed; the caller holds the folder's lock."""
        self.socket.unlink(missing_ok=True)

    def start(self, family: Family, log: Path) -> Child:
        """Start the server; it does not answer yet. Raises ServiceError when there is none.

        Nothing is evicted: the queue must not lose a message because the cache is full.
        """
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        return family.spawn("redis", [str(broker_program()), *words], log=log)

    def answers(self) -> bool:
        """True when it serves commands; False while it still loads its file."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(64).startswith(b"+PONG")
            except OSError:
                return False
