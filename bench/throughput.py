"""How much a whole desk takes in: reports over the API, mails, and what waits for dispatch.

`python -m bench.throughput` starts `make up` in a folder of its own and ends it. The clients share
the machine's cores with it. The load beside the figures says who else did.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count
from json import dumps
from pathlib import Path

from bench.tools.measure import print_table
from tests.drills.desk import CUSTOMER, Desk, eventually

SECONDS = float(os.environ.get("BENCH_SECONDS", "15"))
CLIENTS = (1, 4)
MAILS = int(os.environ.get("BENCH_MAILS", "300"))
BACKLOG = int(os.environ.get("BENCH_BACKLOG", "1000"))
PATIENCE = 300
STEADY = 20  # reports a second, among which each is to be given out within a second

REPORTS = ("clients", "a second", "ms each", "CPU ms each", "load")
GIVEN = ("what", "reports", "seconds", "of it the median", "load")
HANDLED = ("stored", "handled a second", "CPU ms each", "load")

ROOM = """
from core import rls
from accounts.models import Person
from tickets.models import EngineerProfile
with rls.everything():
    for one in Person.objects.filter(role="ts1"):
        EngineerProfile.objects.update_or_create(person=one, defaults={"capacity": 30000})
    Person.objects.filter(role="ts1").update(is_on_duty=True)
"""
STORE = f"""
from django.utils import timezone
from core import rls
from mailroom.actions.intake import store
text = "IMAP stops answering since this morning.\\n" * 20
with rls.everything():
    for n in range({MAILS}):
        raw = (f"From: {CUSTOMER}\\nTo: support@axigen.example\\nSubject: Letter {{n}}\\n"
            f"Message-ID: <{{n}}.bench@customer.example>\\n\\n{{text}}")
        store(raw.encode(), at=timezone.now(), wakes=n == {MAILS} - 1)
"""
FILED = "SELECT count(*) FROM tickets_incident WHERE subject LIKE 'Bench %'"
UNHANDLED = "SELECT count(*) FROM tickets_inboundmail WHERE handled_at IS NULL"
WAITING = FILED + " AND owner_id IS NULL"
LATEST = """
    SELECT coalesce(extract(epoch FROM max(first - received_at)), 0), coalesce(extract(epoch
        FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY first - received_at)), 0)
    FROM (SELECT incident_id, min(at) AS first FROM tickets_dispatch GROUP BY 1) AS given
    JOIN tickets_incident ON id = incident_id WHERE subject LIKE '{}%'
"""


class Reporter:
    """A program that files over one connection which it keeps, as clients of an API do."""

    def __init__(self, desk: Desk, words: str) -> None:
        self.desk, self.words = desk, words
        self.line = HTTPConnection("127.0.0.1", desk.port, timeout=60)
        self.took: list[float] = []

    def file(self, number: int) -> None:
        asked = {"licence": self.desk.licence, "service": "troubleshooting", "priority": 3}
        asked |= {"subject": f"{self.words} {number}", "body": "It stopped this morning."}
        headers = {"Authorization": f"Token {self.desk.token}", "Content-Type": "application/json"}
        headers["Idempotency-Key"] = f"{self.words} {number}"
        began = time.monotonic()
        self.line.request("POST", "/api/v1/incidents/", dumps(asked).encode(), headers)
        answer = self.line.getresponse()
        body = answer.read()
        assert answer.status == 201, (answer.status, body[:300])
        self.took.append(time.monotonic() - began)


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="axsupport-bench-"))
    desk = Desk(folder)
    try:
        desk.wait()
        desk.manage("shell", "-v", "0", "-c", ROOM)
        rows = [_reports(desk, clients) for clients in CLIENTS]
        print_table("Reports over the API, until all are given out", REPORTS, rows)
        print_table("Given out", GIVEN, [_steady(desk), _backlog(desk)])
        print_table("Mails, by two processes", HANDLED, [_mails(desk)])
    finally:
        desk.close()
        shutil.rmtree(folder, ignore_errors=True)


def _reports(desk: Desk, clients: int) -> tuple[int, float, float, float, str]:
    spent = _spent(desk)
    reporters = [Reporter(desk, f"Bench {clients} {n}") for n in range(clients)]
    ends = time.monotonic() + SECONDS

    def work(one: Reporter) -> None:
        for number in count():
            if time.monotonic() > ends:
                return
            one.file(number)

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(work, reporters))
    took = [one for reporter in reporters for one in reporter.took]
    while desk.count(WAITING):
        time.sleep(0.5)
    each = 1000 / len(took)
    return clients, len(took) / SECONDS, each * sum(took), each * (_spent(desk) - spent), _load()


def _steady(desk: Desk) -> tuple[str, int, float, float, str]:
    """How long a report waits for its engineer while twenty come a second."""
    many = int(STEADY * SECONDS)
    began = time.monotonic()

    def work(part: int) -> None:
        reporter = Reporter(desk, f"Bench steady {part}")
        for number in range(part, many, 4):
            time.sleep(max(0, began + number / STEADY - time.monotonic()))
            reporter.file(number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    took = time.monotonic() - began
    eventually(lambda: not desk.count(WAITING), within=PATIENCE)
    latest, median = desk.sql(LATEST.format("Bench steady"))[0]
    return f"{many / took:.0f} a second", many, float(latest), float(median), _load()


def _backlog(desk: Desk) -> tuple[str, int, float, float, str]:
    """A worker that stood still comes back."""
    with _still(desk):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda part: _fill(desk, part), range(4)))
        waits = desk.count(WAITING)
    began = time.monotonic()
    eventually(lambda: not desk.count(WAITING), within=PATIENCE)
    return "a backlog", waits, time.monotonic() - began, 0.0, _load()


def _fill(desk: Desk, part: int) -> None:
    reporter = Reporter(desk, f"Bench backlog {part}")
    for number in range(BACKLOG // 4):
        reporter.file(number)


@contextmanager
def _still(desk: Desk) -> Iterator[None]:
    with desk.frozen("celery", "--queues"):
        yield


def _mails(desk: Desk) -> tuple[int, float, float, str]:
    with _still(desk):
        desk.manage("shell", "-v", "0", "-c", STORE)
        spent = _spent(desk)
    began = time.monotonic()
    eventually(lambda: not desk.count(UNHANDLED), within=PATIENCE, step=0.1)
    rate = MAILS / (time.monotonic() - began)
    return MAILS, rate, 1000 * (_spent(desk) - spent) / MAILS, _load()


def _spent(desk: Desk) -> float:
    """Seconds of CPU that the desk's processes, its servers among them, have taken so far."""
    ticks = 0
    for pid in desk.processes():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _load() -> str:
    return " ".join(f"{one:.1f}" for one in os.getloadavg())


if __name__ == "__main__":
    main()
