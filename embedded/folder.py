"""The data folder: what lies where, who may use it, whether there is room.

pg/        the PostgreSQL cluster           redis/   the queue's append-only file
log/       one log a process                static/  the collected files of the pages
run/       sockets and what only matters while `make up` runs
What else lies there is the project's.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

from embedded.errors import ServiceError
from embedded.locate import POSTGRES_SOCKET, RECORD

FIRST_START_BYTES = 600_000_000  # cluster, write-ahead log and first rows, with room to work
LATER_START_BYTES = 100_000_000
_SOCKET_PATH_MAX = 100  # the system's limit is 108 bytes, 104 on macOS
_FULL_BELOW = 20_000_000  # a server that starts writes a segment of 16 MB first
_LOG_MAX_BYTES = 10_000_000


class DataFolder:
    """An opened data folder of the project `name`. `root` is absolute."""

    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        self.root = root.resolve()
        self.cluster = self.root / "pg"
        self.redis = self.root / "redis"
        self.logs = self.root / "log"
        self.run = self.root / "run"
        self.static = self.root / "static"
        self.processes = self.run / "processes.json"
        self._lock: IO[str] | None = None

    def prepare(self) -> None:
        """Make the folders and check that there is room; ServiceError when that fails.

        Ours below it are closed to other users: whoever reaches the socket is let in.
        """
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.root.stat().st_uid != os.geteuid():
                raise ServiceError(
                    f"The data folder {self.root} belongs to another user: run `make up` as that"
                    " user, or set DATA_DIR to a folder of your own."
                )
            for one in (self.redis, self.logs, self.run):
                one.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise ServiceError(
                f"The data folder {self.root} can not be written ({error.strerror}): make it"
                " writable, or set DATA_DIR to another folder."
            ) from error
        self._check_room()

    def lock(self) -> None:
        """Keep the folder to ourselves until this process ends; ServiceError if it is taken."""
        lock = open(self.run / "lock", "a+")  # noqa: SIM115 - open means held
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "?"
            lock.close()
            raise ServiceError(
                f"The data folder {self.root} is in use by another `make up` (process {holder}):"
                " stop that one first, or set DATA_DIR and PORT to run a second desk."
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        self._lock = lock

    def unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def sockets(self) -> Path:
        """Where sockets go: `run`, or a private folder elsewhere if libpq can not take that."""
        path = os.fsencode(self.run / "pg" / POSTGRES_SOCKET)
        if len(path) <= _SOCKET_PATH_MAX and b"," not in path:  # libpq reads a list of hosts
            return self.run
        name = f"{self.name}-" + hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        folder = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / name
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid != os.geteuid() or found.st_mode & 0o066:
            raise ServiceError(
                f"The folder for sockets, {folder}, is not only ours: remove it, or set DATA_DIR"
                f" to a folder with a path shorter than {_SOCKET_PATH_MAX - 40} bytes."
            )
        return folder

    def record_servers(self, servers: dict[str, Path]) -> None:
        """Tell `manage.py` where the "database" and "redis" listen (`locate.py`)."""
        fresh = self.root / RECORD.with_suffix(".new")
        fresh.write_text(json.dumps({name: str(path) for name, path in servers.items()}))
        fresh.rename(self.root / RECORD)

    def forget_servers(self) -> None:
        (self.root / RECORD).unlink(missing_ok=True)

    @property
    def is_full(self) -> bool:
        """Whether hardly anything can be written any more."""
        return shutil.disk_usage(self.root).free < _FULL_BELOW

    def log(self, name: str) -> Path:
        """The log file of `name`; one that has grown large is put aside, replacing the last."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > _LOG_MAX_BYTES:
            path.rename(path.with_suffix(".log.1"))
        return path

    def rotate(self) -> None:
        """Put what the logs say aside where one has grown large, while its process writes on.

        Their writers append to what they have open, so it is copied and emptied, not renamed. With
        no room for the copy it is only emptied: a full disk needs that more than old lines.
        """
        for path in self.logs.glob("*.log"):
            if path.stat().st_size <= _LOG_MAX_BYTES:
                continue
            aside = path.with_suffix(".log.1")
            try:
                shutil.copyfile(path, aside)
            except OSError:
                aside.unlink(missing_ok=True)
            os.truncate(path, 0)

    def log_end(self, name: str, lines: int = 8) -> str:
        """The last lines that `name` logged, indented."""
        path = self.logs / f"{name}.log"
        text = path.read_text(errors="replace") if path.exists() else ""
        return "\n".join(f"    {line[:300]}" for line in text.splitlines()[-lines:])

    def _check_room(self) -> None:
        needed = LATER_START_BYTES if self.cluster.exists() else FIRST_START_BYTES
        free = shutil.disk_usage(self.root).free
        if free < needed:
            raise ServiceError(
                f"The disk of the data folder {self.root} has {free // 1_000_000} MB free and"
                f" {self.name} needs {needed // 1_000_000}: free some room, or set DATA_DIR to a"
                " folder on another disk."
            )
