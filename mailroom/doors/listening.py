"""Where a server listens: `host:port`, `[::1]:24`, or the path of a Unix socket."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ADDRESS = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<host>[^\s:/\[\]]+)):(?P<port>\d{1,5})")


@dataclass(frozen=True)
class Listen:
    """A TCP address, or with `path` a Unix socket."""

    host: str = ""
    port: int = 0
    path: Path | None = None

    @classmethod
    def read(cls, text: str) -> Listen:
        """Errors: `ValueError` with a sentence for the operator."""
        name = text.strip().removeprefix("unix:")
        if name.startswith("/"):
            return cls(path=Path(name))
        found = _ADDRESS.fullmatch(name)
        if found is None or int(found["port"]) > 65535:
            raise ValueError(
                f"{text!r} is no place to listen on: write 127.0.0.1:24, [::1]:24, or the path"
                " of a socket as /run/axsupport/lmtp.sock."
            )
        return cls(found["six"] or found["host"], int(found["port"]))

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return str(self.path) if self.path else f"{host}:{self.port}"

    async def serve(self, protocol: Callable[[], Any]) -> asyncio.Server:
        """Errors: `OSError` where that is not possible or somebody listens there already."""
        loop = asyncio.get_running_loop()
        if self.path is None:
            return await loop.create_server(protocol, self.host, self.port)
        self._clear_leftover(self.path)
        server = await loop.create_unix_server(protocol, self.path)
        self.path.chmod(0o660)  # for the mail server's user, who shares our group
        return server

    def clear(self) -> None:
        """Take the socket away at the end, so that nobody waits at a dead one."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    def _clear_leftover(self, path: Path) -> None:
        """A killed process leaves its socket behind; a living one answers there."""
        if not path.is_socket():
            return
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(path))
            except ConnectionRefusedError:
                path.unlink()
                return
        raise OSError(f"somebody listens on {path} already")
