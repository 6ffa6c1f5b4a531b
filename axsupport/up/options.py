"""What the environment says about `make up`; docs/operations.md lists it for operators."""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from embedded.addresses import check_addresses
from embedded.errors import ServiceError


@dataclass(frozen=True)
class Options:
    """`host` and `port` of the web server; URLs of servers to use instead of the embedded ones."""

    data_dir: Path
    host: str
    port: int
    demo: bool
    database_url: str
    redis_url: str

    @classmethod
    def read(cls, environment: Mapping[str, str], *, checkout: Path) -> Options:
        """Raises ServiceError for a port or an address that is none."""
        port = environment.get("PORT") or "8000"
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise ServiceError(f"PORT is {port!r}: it has to be a number from 1 to 65535.")
        database, redis = environment.get("DATABASE_URL", ""), environment.get("REDIS_URL", "")
        check_addresses(database, redis)
        return cls(
            data_dir=Path(environment.get("DATA_DIR") or checkout / ".data").resolve(),
            host=environment.get("HOST") or "127.0.0.1",
            port=int(port),
            demo=(environment.get("DEMO") or "1").lower() not in ("0", "no", "off", "false"),
            database_url=database,
            redis_url=redis,
        )

    @property
    def environment(self) -> dict[str, str]:
        """What the children are to know, whatever folder and defaults we were started with."""
        return {
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "DEMO": str(int(self.demo)),
            "PYTHONUNBUFFERED": "1",
        }

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the desk, with a slash at the end."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host
        return f"http://{host}:{self.port}/"

    def check_port(self) -> None:
        """Raise ServiceError when the web server could not listen there."""
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
            family, kind, protocol, _, address = found[0]
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
        except OSError as error:
            raise ServiceError(self._why_not(error)) from error

    def _why_not(self, error: OSError) -> str:
        if error.errno == errno.EADDRINUSE:
            return (
                f"Port {self.port} is in use by another program: stop that one, or choose"
                " another port, for example `make up PORT=8001`."
            )
        if error.errno == errno.EACCES:
            return (
                f"Port {self.port} may only be used by root: choose another, for example"
                " `make up PORT=8001`."
            )
        return f"HOST {self.host} is no address of this machine: set it to 127.0.0.1 or 0.0.0.0."
