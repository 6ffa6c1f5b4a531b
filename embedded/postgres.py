"""The embedded PostgreSQL: made once, run over a Unix socket, stopped fast and clean.

The cluster's own superuser, `postgres`, bypasses row-level security; the project never connects
as it. The role of the project owns the database of the same name, so that migrations may install
trusted extensions, and may create databases, for the tests.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from embedded import identity as identities
from embedded.binaries import postgres_program
from embedded.errors import ServiceError
from embedded.identity import Identity
from embedded.locate import POSTGRES_SOCKET
from embedded.processes import Child, Family, command_line, wait_until

# Whatever the machine's locale: with LANG unset `'É' ILIKE 'é'` would be false, and trigrams of
# anything but ASCII empty. docker-compose.yml gives its PostgreSQL the same.
INITDB_ARGS = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--lc-ctype=C.UTF-8",
    "--lc-collate=C",
)
_FIRST_WORDS = """\
CREATE ROLE "{name}" LOGIN NOSUPERUSER CREATEDB;
CREATE DATABASE "{name}" OWNER "{name}";
"""
# Roles beside the project's own: each owns functions that do what the project itself may not, and
# nobody signs in as one. To add one, name it here; a cluster that is there gets it with its next
# start. One line a statement, since `postgres --single` ends each with its line.
SIDE_ROLES = ("keeper", "search")
_SIDE_ROLE = (
    "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}_{role}') THEN"
    ' CREATE ROLE "{name}_{role}" NOLOGIN; END IF; END $$;\n'
    # Whose rights are its own: the project has them only where it says that it acts as the role.
    'GRANT "{name}_{role}" TO "{name}" WITH INHERIT FALSE, SET TRUE;\n'
)
_ROLES_MADE = "axsupport.roles"  # in the cluster's folder: which of them it has
_UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Postgres:
    """A cluster in `folder` whose socket is in `sockets`; `name` is that of database and role.

    `durable=False` is for throw-away clusters: it may lose everything when the machine stops.
    """

    folder: Path
    sockets: Path
    name: str
    durable: bool = True
    identity: Identity = field(default_factory=identities.for_postgres)

    @property
    def settings(self) -> tuple[str, ...]:
        return (
            "listen_addresses=",
            f"unix_socket_directories={_quoted(self.sockets)}",
            "unix_socket_permissions=0700",
            "timezone=UTC",
            "log_timezone=UTC",
            *(() if self.durable else _UNSAFE_BUT_FAST),
        )

    def make(self) -> bool:
        """Make the cluster with its role and database, unless it is there; True when made.

        It is made aside and renamed when whole, so one that is there is usable. Raises
        ServiceError with what initdb said, and for a cluster of another major version.
        """
        self.identity.let_in(self.folder.parent)
        self.identity.check_may_enter(postgres_program("initdb"), self.folder.parent)
        if self.folder.exists():
            self.identity.own(self.folder)
            self._check_version()
            return False
        fresh = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self.identity.own(fresh)
        sync = () if self.durable else ("--no-sync",)
        where = ("-D", str(fresh))
        self._run("initdb", *where, "-U", "postgres", "-A", "trust", *INITDB_ARGS, *sync)
        self._run(
            "postgres", "--single", *where, "postgres", words=_FIRST_WORDS.format(name=self.name)
        )
        self._make_roles(fresh)
        fresh.rename(self.folder)
        return True

    def add_roles(self) -> None:
        """Make the roles that a cluster of an earlier release lacks; it must not be running."""
        if not self._has_roles():
            self._make_roles(self.folder)

    def _has_roles(self) -> bool:
        made = self.folder / _ROLES_MADE
        return made.is_file() and made.read_text().split() == list(SIDE_ROLES)

    def _make_roles(self, folder: Path) -> None:
        words = "".join(_SIDE_ROLE.format(name=self.name, role=role) for role in SIDE_ROLES)
        self._run("postgres", "--single", "-D", str(folder), "postgres", words=words)
        (folder / _ROLES_MADE).write_text(" ".join(SIDE_ROLES))

    def clear_leftovers(self) -> None:
        """Remove the traces of a PostgreSQL that was killed; the caller holds the folder's lock.

        A stale postmaster.pid keeps PostgreSQL from starting whenever its process id has been
        given to somebody else. A PostgreSQL that still runs on this folder is stopped first.
        """
        pid_file = self.folder / "postmaster.pid"
        words = pid_file.read_text().split() if pid_file.exists() else []
        if words and words[0].isdigit():
            pid = int(words[0])
            if str(self.folder) in command_line(pid):
                os.kill(pid, signal.SIGINT)
                wait_until(lambda: str(self.folder) not in command_line(pid), patience=20)
        pid_file.unlink(missing_ok=True)
        for name in (POSTGRES_SOCKET, f"{POSTGRES_SOCKET}.lock"):
            (self.sockets / name).unlink(missing_ok=True)

    def start(self, family: Family, log: Path) -> Child:
        """Start the server; it does not answer yet."""
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        self.identity.own(self.sockets)
        self.identity.let_in(self.sockets.parent)
        options = [word for setting in self.settings for word in ("-c", setting)]
        return family.spawn(
            "postgres",
            [str(postgres_program("postgres")), "-D", str(self.folder), *options],
            log=log,
            env=_environment(),
            stop_signal=signal.SIGINT,
            identity=self.identity,
        )

    def answers(self) -> bool:
        program = str(postgres_program("pg_isready"))
        command = [program, "-q", "-h", str(self.sockets), "-U", self.name]
        return subprocess.run(command, check=False).returncode == 0

    def _run(self, program: str, *arguments: str, words: str = "") -> None:
        done = subprocess.run(
            [*self.identity.prefix, str(postgres_program(program)), *arguments],
            input=words,
            capture_output=True,
            text=True,
            env=_environment(),
            user=self.identity.uid,
            group=self.identity.gid,
            extra_groups=None if self.identity.gid is None else [],
        )
        said = done.stdout + done.stderr
        complaint = re.search(r"(?:FATAL|ERROR|PANIC|error): .*", said)
        if done.returncode or complaint:
            reason = complaint.group() if complaint else said.strip()[-300:]
            raise ServiceError(f"PostgreSQL's data could not be made; {program} says: {reason}")

    def _check_version(self) -> None:
        ours = re.search(r"\d+", _version())
        theirs = (self.folder / "PG_VERSION").read_text().strip()
        if ours and ours.group() != theirs:
            raise ServiceError(
                f"The data in {self.folder} was written by PostgreSQL {theirs} and this is"
                f" {ours.group()}: dump it with the old release and load it with this one"
                " (docs/operations.md, Upgrade)."
            )


def _version() -> str:
    command = [str(postgres_program("postgres")), "--version"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _quoted(path: Path) -> str:
    return '"' + str(path).replace('"', '""') + '"'  # a list: a comma would divide it


def _environment() -> dict[str, str]:
    # The caller's locale may not exist on this machine, and PG* variables are not meant for us.
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PG"))}
    return {**kept, "LC_ALL": "C"}
