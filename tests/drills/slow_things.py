"""A row that somebody holds, uploads that stall, posts sent by half: other pages stay quick."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.drills.browser import Browser, Page
from tests.drills.desk import ENGINEER, ROOT, Answer, Desk
from tests.drills.report import Line

LOCKED, STALLED = 45.0, 25.0
ALLOWED = 2.0  # seconds for every page that has nothing to do with it
WRITERS, UPLOADS, HALVES = 6, 10, 40
HOLD = """
import time
from django.db import connection
from core import rls
with rls.everything(), connection.cursor() as cursor:
    cursor.execute("SELECT 1 FROM tickets_incident WHERE number = '{number}' FOR UPDATE")
    print("held", flush=True)
    time.sleep({seconds})
"""


def run(desk: Desk) -> list[Line]:
    customer, engineer = desk.browser(), desk.browser(ENGINEER)
    customer.sign_in(), engineer.sign_in()
    for path in ("/", "/incidents/"):  # templates are read once, before anybody measures
        customer.get(path)
    engineer.get("/admin/queue/")
    return [_locked(desk, customer, engineer), _stalled(desk, customer, engineer)]


def _locked(desk: Desk, customer: Browser, engineer: Browser) -> Line:
    line = Line("a row locked 45 s: other pages")
    number = desk.file("locked row").json["number"]
    refused: list[Answer] = []
    ends = time.monotonic() + LOCKED

    def write() -> None:
        """Wants what somebody else holds, again and again."""
        while time.monotonic() < ends:
            answer = desk.api("POST", f"/api/v1/incidents/{number}/messages/", {"body": "now!"})
            refused.append(answer)
            time.sleep(0.3)

    with _held(desk, number), _threads(write, WRITERS):
        _look_around(desk, line, customer, engineer, until=ends)
    statuses = {one.status for one in refused}
    slowest = max(one.seconds for one in refused)
    line.said = (
        f"{len(refused)} writers of that row answered in {slowest:.1f} s at most: {statuses}"
    )
    line.check(statuses <= {503, 201}, f"who wants the row is answered {statuses}")
    line.check(all(one.header("Retry-After") for one in refused if one.status == 503), "no hint")
    line.within(ALLOWED)
    return line


def _stalled(desk: Desk, customer: Browser, engineer: Browser) -> Line:
    line = Line("10 stalled uploads, 40 half posts")
    head = (
        "POST /api/v1/incidents/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Token {desk.token}\r\nContent-Type: application/json\r\n"
        "Content-Length: {length}\r\n\r\n"
    )
    upload = head.format(length=9_000_000).encode() + b"x" * 200_000
    half = head.format(length=2000).encode() + b'{"subject": "hal'
    lines = [socket.create_connection(("127.0.0.1", desk.port)) for _ in range(UPLOADS + HALVES)]
    try:
        for number, one in enumerate(lines):
            some = upload if number < UPLOADS else half
            one.sendall(some if number % 2 else some[: random.randrange(30, len(some))])
        until = time.monotonic() + STALLED
        _look_around(desk, line, customer, engineer, until=until)
    finally:
        for one in lines:
            one.close()
    line.within(ALLOWED)
    return line


def _look_around(
    desk: Desk, line: Line, customer: Browser, engineer: Browser, *, until: float
) -> None:
    looks: dict[str, Callable[[], Answer | Page]] = {
        "overview": lambda: customer.get("/"),
        "incidents": lambda: customer.get("/incidents/"),
        "queue": lambda: engineer.get("/admin/queue/"),
        "API list": lambda: desk.api("GET", "/api/v1/incidents/"),
        "API filing": lambda: desk.file("beside it"),
        "livez": lambda: desk.ask("GET", "/livez"),
        "readyz": lambda: desk.ask("GET", "/readyz"),
        "healthz": lambda: desk.ask("GET", "/healthz"),
    }
    while time.monotonic() < until:
        for name, look in looks.items():
            answer = look()
            if answer.seconds > line.seconds:
                line.said = f"the slowest was {name}"
            line.took(answer.seconds)
            line.check(answer.status in (200, 201), f"{name} answered {answer.status}")
        time.sleep(0.2)


@contextmanager
def _held(desk: Desk, number: str) -> Iterator[None]:
    """Another process has the incident's row locked meanwhile."""
    holder = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c"]
        + [HOLD.format(number=number, seconds=LOCKED)],
        cwd=ROOT,
        env=desk.environment,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    with holder.stdout as said:
        assert b"held" in said.readline()
        try:
            yield
        finally:
            holder.kill()
            holder.wait()


@contextmanager
def _threads(work: Callable[[], None], count: int) -> Iterator[None]:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for one in threads:
        one.start()
    try:
        yield
    finally:
        for one in threads:
            one.join()
