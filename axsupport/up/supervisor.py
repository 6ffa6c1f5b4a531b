"""Starts the desk's processes, keeps them running, and stops all of them in order."""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from axsupport.up import assets, commands
from axsupport.up.options import Options
from embedded.binaries import broker_program, postgres_program
from embedded.broker import Broker
from embedded.errors import ServiceError
from embedded.folder import DataFolder
from embedded.locate import database_url, redis_url
from embedded.postgres import Postgres
from embedded.processes import Child, Family, clear_leftovers
from embedded.signals import Signals, StopAsked
from embedded.steps import Step
from embedded.watcher import Watcher, explain

_READY_WITHIN = 60.0  # seconds, for each server and for the first page
_ROTATES_EVERY = 30.0  # seconds between two looks at the size of the logs
_STOPPED_WITHIN = 20.0  # seconds, for each process, before it is killed


class Supervisor:
    """One run of `make up`. `say` prints a line of progress, `show` plain text."""

    def __init__(
        self,
        options: Options,
        *,
        signals: Signals,
        say: Callable[[str], None],
        show: Callable[[str], None],
    ) -> None:
        self._options = options
        self._signals = signals
        self._say = say
        self._show = show
        self._folder = DataFolder(options.data_dir, commands.PROJECT)
        self._watchers: list[Watcher] = []
        self._environment = {**os.environ, **options.environment}

    def run(self) -> None:
        """Return when asked to stop and all is stopped.

        Raises ServiceError, after the same stopping, when something can not be started or kept.
        """
        self._check_programs()
        self._folder.prepare()
        self._folder.lock()
        try:
            self._options.check_port()
            found = clear_leftovers(self._folder.processes)
            if found:
                self._say(f"cleared {found} processes of a run that was killed")
            with self._family() as family:
                self._run_in(family)
        except StopAsked:
            self._say("stopped; everything is kept for the next start")
        finally:
            self._folder.unlock()

    def _run_in(self, family: Family) -> None:
        self._start_servers(family)
        collecting = self._collect_static(family)
        self._prepare(family)
        if collecting is not None:
            self._finish_collecting(collecting)
        self._start_web(family)
        self._wait_until(self._page_answers, self._why_no_page)
        self._start_sweeps(family)  # after the first page, which they would slow down
        self._announce()
        rotated = time.monotonic()
        while True:
            self._signals.pause(0.2)
            if time.monotonic() - rotated > _ROTATES_EVERY:
                rotated = time.monotonic()
                self._folder.rotate()
            for watcher in self._watchers:
                watcher.look()

    def _check_programs(self) -> None:
        if not self._options.database_url:
            postgres_program("postgres")
        if not self._options.redis_url:
            broker_program()

    @contextmanager
    def _family(self) -> Iterator[Family]:
        family = Family(self._folder.processes)
        try:
            yield family
        finally:
            if family.children:
                self._say("stopping")
            for child in reversed(family.children):  # those started last need the others
                hurry = self._signals.hurry
                if not family.stop(child, patience=_STOPPED_WITHIN, hurry=hurry):
                    self._say(f"{child.name} did not stop by itself and was ended")
            family.close()
            self._folder.forget_servers()

    def _start_servers(self, family: Family) -> None:
        """Start what the environment does not name, and tell `manage.py` and our children."""
        sockets = self._folder.sockets()
        servers: dict[str, Path] = {}
        if not self._options.database_url:
            servers["database"] = sockets / "pg"
            self._start_postgres(family, servers["database"])
            self._environment["DATABASE_URL"] = database_url(servers["database"], commands.PROJECT)
        if not self._options.redis_url:
            servers["redis"] = sockets / "redis.sock"
            self._start_broker(family, servers["redis"])
            self._environment["REDIS_URL"] = redis_url(servers["redis"])
        self._folder.record_servers(servers)

    def _start_postgres(self, family: Family, sockets: Path) -> None:
        postgres = Postgres(self._folder.cluster, sockets, commands.PROJECT)
        if postgres.make():
            self._say("database made")
        postgres.clear_leftovers()
        postgres.add_roles()
        self._keep(
            family,
            "postgres",
            lambda: postgres.start(family, self._folder.log("postgres")),
            ready=postgres.answers,
        )
        self._say("database ready")

    def _start_broker(self, family: Family, socket: Path) -> None:
        broker = Broker(self._folder.redis, socket)
        broker.clear_leftovers()
        self._keep(
            family,
            "redis",
            lambda: broker.start(family, self._folder.log("redis")),
            ready=broker.answers,
        )
        self._say("queue ready")

    def _collect_static(self, family: Family) -> Step | None:
        """Begin to collect the files of the pages, unless those collected are still the same."""
        kept = self._folder.root / "static.of"
        if kept.exists() and kept.read_text() == assets.fingerprint():
            return None
        kept.unlink(missing_ok=True)
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        return self._step(family, "static", command)

    def _finish_collecting(self, collecting: Step) -> None:
        fingerprint = assets.fingerprint()
        collecting.finish(self._signals)
        (self._folder.root / "static.of").write_text(fingerprint)
        self._say("files of the pages collected")

    def _prepare(self, family: Family) -> None:
        self._accounts.unlink(missing_ok=True)
        command = [*commands.prepare(sys.executable), "--accounts", str(self._accounts)]
        if not self._options.database_url:
            command.append("--start-over")
        self._step(family, "prepare", command).finish(self._signals)

    def _step(self, family: Family, name: str, command: list[str]) -> Step:
        return Step(
            name,
            command,
            env=self._environment,
            cwd=assets.CHECKOUT,
            family=family,
            folder=self._folder,
            say=self._say,
        )

    def _start_web(self, family: Family) -> None:
        figures = self._folder.run / "metrics"  # the web processes share theirs for /metrics
        figures.mkdir(exist_ok=True)
        for stale in figures.iterdir():
            stale.unlink()
        command = commands.web(sys.executable, f"{self._options.host}:{self._options.port}")
        control = self._folder.sockets() / "gunicorn.ctl"  # for gunicornc; else in the home folder
        given = self._environment.get("GUNICORN_CMD_ARGS", "")
        more = {
            "PROMETHEUS_MULTIPROC_DIR": str(figures),
            "EVENTS_SOCKET": str(self._events),
            "GUNICORN_CMD_ARGS": f"--control-socket {shlex.quote(str(control))} {given}".strip(),
        }
        self._keep_desk(family, "web", command, more)

    def _start_sweeps(self, family: Family) -> None:
        events = commands.events(sys.executable, "--socket", str(self._events))
        self._keep_desk(family, "events", events, {})
        schedule = self._folder.run / "beat-schedule"
        for stale in self._folder.run.glob("beat-schedule*"):
            stale.unlink()  # its format differs between builds of Python; the code is the source
        self._keep_desk(family, "promises", commands.promises(sys.executable), {})
        self._keep_desk(family, "worker", commands.worker(sys.executable), {})
        self._keep_desk(family, "beat", commands.beat(sys.executable, str(schedule)), {})
        if listen := self._environment.get("LMTP_LISTEN"):
            self._keep_desk(family, "lmtp", commands.lmtp(sys.executable, listen), {})
        if self._environment.get("IMAP_URL"):
            self._keep_desk(family, "imap", commands.imap(sys.executable), {})

    def _keep_desk(
        self, family: Family, name: str, command: list[str], more: dict[str, str]
    ) -> None:
        def start() -> Child:
            environment = self._environment | more
            log = self._folder.log(name)
            return family.spawn(name, command, log=log, env=environment, cwd=assets.CHECKOUT)

        self._keep(family, name, start)

    def _keep(
        self,
        family: Family,
        name: str,
        start: Callable[[], Child],
        *,
        ready: Callable[[], bool] | None = None,
    ) -> None:
        watcher = Watcher(name, start, family=family, folder=self._folder, say=self._say)
        watcher.start()
        self._watchers.append(watcher)
        if ready is not None:
            self._wait_until(ready, lambda: f"{name} does not answer.", name)

    def _wait_until(
        self, ready: Callable[[], bool], why_not: Callable[[], str], name: str = "web"
    ) -> None:
        """Wait for `ready`; ServiceError when that takes too long or a process ends meanwhile."""
        deadline = time.monotonic() + _READY_WITHIN
        while True:
            for watcher in self._watchers:
                watcher.check()
            if ready():
                return
            if time.monotonic() > deadline:
                raise ServiceError(f"{why_not()} {explain(self._folder, name)}")
            self._signals.pause(0.05)

    def _page_answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self._options.address}healthz", timeout=5):
                return True
        except OSError:  # not listening yet, or an answer that is not 200
            return False

    def _why_no_page(self) -> str:
        said = "nothing"
        try:
            urllib.request.urlopen(f"{self._options.address}healthz", timeout=5).close()
        except urllib.error.HTTPError as answer:
            said = f"{answer.code}, {json.dumps(answer.read(500).decode(errors='replace'))}"
        except OSError as error:
            said = str(error)
        return f"{self._options.address}healthz still answers {said} after a minute."

    def _announce(self) -> None:
        accounts = self._accounts.read_text().rstrip() if self._accounts.exists() else ""
        self._say(f"ready: {self._options.address}")
        first = "No accounts yet? .venv/bin/python manage.py create_manager you@example.com"
        self._show(f"\n{accounts or first}\n\n")
        self._show(f"Logs are in {self._folder.logs}. Ctrl-C stops everything.\n")

    @property
    def _events(self) -> Path:
        return self._folder.sockets() / "events.sock"

    @property
    def _accounts(self) -> Path:
        return self._folder.run / "accounts.txt"
