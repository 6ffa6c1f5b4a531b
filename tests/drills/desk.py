"""A whole desk by `make up`, with the demo's people, that drills may hurt."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import psycopg2

from axsupport.up.commands import PROJECT
from embedded.locate import embedded_database
from embedded.processes import birth
from tests.drills.browser import Browser

ROOT = Path(__file__).resolve().parents[2]
CUSTOMER, ENGINEER = "contact@northwind.example", "ts1@axsupport.example"
STARTS_WITHIN = 400.0  # on a machine that does much else; alone it takes 40
NO_ANSWER = 0  # as a status: the connection broke, or nothing came in time


@dataclass(frozen=True)
class Answer:
    """`status` 0 where none came."""

    status: int
    seconds: float
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def taken(self) -> bool:
        return self.status in (200, 201)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Desk:
    """Started in `folder`; `close` stops it. Its people are those of the demo."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.port, self.lmtp_port = free_port(), free_port()
        self.log = folder / "up.log"
        hidden = ("DATABASE_URL", "REDIS_URL", "DATA_DIR", "PYTHONWARNINGS")
        self.environment = {name: value for name, value in os.environ.items() if name not in hidden}
        self.environment |= {
            "PORT": str(self.port),
            "DATA_DIR": str(self.data),
            "DEMO": "1",
            "DEMO_INCIDENTS": "20",
            "LMTP_LISTEN": f"127.0.0.1:{self.lmtp_port}",
            "API_REQUESTS_A_MINUTE": "100000",
            "MAILS_AN_HOUR": "100000",
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "axsupport.up"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Until it is ready. Raises RuntimeError with what it said when it is not in time."""
        ends = time.monotonic() + STARTS_WITHIN
        while "] ready: " not in self.log.read_text():
            if self.process.poll() is not None or time.monotonic() > ends:
                raise RuntimeError(self.log.read_text())
            time.sleep(0.2)
        self.token = self.manage("api_token", CUSTOMER).strip().splitlines()[-1]
        self.engineer_token = self.manage("api_token", ENGINEER).strip().splitlines()[-1]
        found = self.api("GET", "/api/v1/licences/").json["results"]
        self.licence = next(one["key"] for one in found)

    def close(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()  # its watchdog ends the others

    def manage(self, *words: str, given: str = "") -> str:
        """What `manage.py` prints. Raises CalledProcessError."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def sql(self, question: str) -> list[tuple[Any, ...]]:
        """Rows that the database answers, all organisations' among them; a change is committed."""
        where = embedded_database(self.data, PROJECT)
        assert where is not None, "the database does not answer"
        line = psycopg2.connect(host=where["HOST"], user=where["USER"], dbname=where["NAME"])
        try:
            with line, line.cursor() as cursor:
                cursor.execute("SELECT set_config('app.scope', 'all', true)")
                cursor.execute(question)
                return cursor.fetchall() if cursor.description else []
        finally:
            line.close()

    def count(self, question: str) -> int:
        return int(self.sql(question)[0][0])

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        patience: float = 90,
    ) -> Answer:
        """One request on a connection of its own."""
        started = time.monotonic()
        line = HTTPConnection("127.0.0.1", self.port, timeout=patience)
        try:
            line.request(method, path, body or None, headers or {})
            got = line.getresponse()
            said = got.read().decode(errors="replace")
            return Answer(got.status, time.monotonic() - started, said, tuple(got.getheaders()))
        except (OSError, HTTPException) as error:
            return Answer(NO_ANSWER, time.monotonic() - started, repr(error))
        finally:
            line.close()

    def api(
        self,
        method: str,
        path: str,
        asked: dict[str, Any] | None = None,
        *,
        token: str = "",
        key: str = "",
        patience: float = 90,
    ) -> Answer:
        headers = {"Authorization": f"Token {token or self.token}", "Accept": "application/json"}
        headers |= {"Content-Type": "application/json"} if asked is not None else {}
        headers |= {"Idempotency-Key": key} if key else {}
        body = json.dumps(asked).encode() if asked is not None else b""
        return self.ask(method, path, body, headers, patience)

    def file(self, subject: str, *, key: str = "", patience: float = 90) -> Answer:
        """A report of the customer over the API."""
        asked = {
            "licence": self.licence,
            "service": "troubleshooting",
            "priority": 3,
            "subject": subject,
            "body": "It does not work since this morning.",
        }
        return self.api("POST", "/api/v1/incidents/", asked, key=key, patience=patience)

    def browser(self, email: str = CUSTOMER) -> Browser:
        """A browser of that person, not signed in yet."""
        return Browser(f"http://127.0.0.1:{self.port}", email)

    def processes(self, *words: str) -> list[int]:
        """Ids of the desk's processes whose command line has all of the words."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                ours = str(self.data).encode() in (folder / "environ").read_bytes()
            except OSError:
                continue
            if (ours or str(self.data) in line) and all(word in line for word in words):
                found.append(int(folder.name))
        return [pid for pid in found if birth(pid)]

    @contextmanager
    def frozen(self, *words: str) -> Iterator[None]:
        """The processes with these words on their command line do not move meanwhile."""
        found = self.processes(*words)
        assert found, words
        for pid in found:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in found:
                if birth(pid):
                    os.kill(pid, signal.SIGCONT)

    def back_within(self, seconds: float) -> float:
        """The seconds until `/readyz` is 200 again; so many and more when it is not."""
        started = time.monotonic()
        while self.ask("GET", "/readyz", patience=5).status != 200:
            if time.monotonic() - started > seconds:
                break
            time.sleep(0.2)
        return time.monotonic() - started


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def eventually(ask: Any, *, within: float, step: float = 0.5) -> float:
    """The seconds until `ask()` is true; so many and more when it is not."""
    started = time.monotonic()
    while not ask() and time.monotonic() - started < within:
        time.sleep(step)
    return time.monotonic() - started
