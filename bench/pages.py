"""What the pages that people open all day cost, on a small and a large desk, beside a peer's.

Over HTTP, through the server that `make up` starts: CPU of the web's and of PostgreSQL's
processes, statements, bytes, and the median of the clock. django-helpdesk is asked the same on the
same machine in the same run; its list is its page and the rows that the page fetches.

`python -m bench.pages`; other sizes as arguments: `python -m bench.pages 1500 20000`. With
`BENCH_KEEP=1` the data is kept for the next run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.actions.tokens import make_api_token
from accounts.models import Organisation, Person
from axsupport.up import commands
from bench.tools import databases
from bench.tools.desk import fill, open_desk
from bench.tools.measure import print_table
from bench.tools.web import Ask, Cost, Site, free_port, gunicorn, serving
from core import rls
from entitlements.models import Licence
from tickets.enums import State
from tickets.models import Incident

SIZES = (1500, 100_000)
UNFINISHED = 0.25
TOOLS = Path(__file__).parent / "tools"
TOKEN = "bench" * 6 + "xy"  # of the peer's forms: as long as Django wants it
LATE = """
    UPDATE tickets_responsetarget SET opened_at = opened_at - interval '2 days',
        due_at = opened_at - interval '1 day', breach_noted_at = now()
    WHERE met_at IS NULL AND abandoned_at IS NULL AND incident_id % 10 = 0;
    SELECT setval('incident_number', 10000000);  -- what the bench made counts by itself
"""


@dataclass(frozen=True)
class Page:
    """`peer` is the name of the peer's page that does the same."""

    name: str
    asks: tuple[Ask, ...]
    peer: str = ""
    times: int = 20


def main(sizes: tuple[int, ...]) -> None:
    started = time.monotonic()
    call_command("collectstatic", interactive=False, verbosity=0)
    for size in sizes:
        ours, theirs = _ours(size), _theirs(size)
        print_table(
            f"Pages among {size:,} incidents, {UNFINISHED:.0%} unfinished:"
            " milliseconds (web, PostgreSQL: of CPU), once opened",
            ("page", "web", "PostgreSQL", "wall", "statements", "kB", "of the peer's CPU"),
            [
                *(_line(page, cost, theirs.get(page.peer)) for page, cost in ours),
                *((f"(peer) {name}", *_figures(cost), "") for name, cost in theirs.items()),
            ],
        )
    print(f"\n  the whole bench took {time.monotonic() - started:.0f} s")


def _ours(size: int) -> list[tuple[Page, Cost]]:
    name = f"pages_{size}"
    databases.have(name, lambda: fill_database(name, size))
    with databases.working_in(name), rls.everything():
        pages = _pages()
    port = free_port()
    with _serving(gunicorn(commands.web("python", f"127.0.0.1:{port}")), port, name) as site:
        return [(page, site.cost(*page.asks, times=page.times)) for page in pages]


def fill_database(name: str, size: int) -> None:
    with databases.working_in(name):
        with rls.everything():
            desk = open_desk(timezone.now())
        fill(desk, size, unfinished=UNFINISHED)
        with rls.everything(), connection.cursor() as cursor:
            cursor.execute(LATE)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _pages() -> list[Page]:
    at = timezone.now()
    engineer, contact = (
        Person.objects.get(email=f"{one}@bench.example") for one in ("ts1-0", "contact0")
    )
    largest = Organisation.objects.get(slug="customer-0")
    licence = Licence.objects.filter(organisation=largest)[0]
    unfinished = Incident.objects.filter(state=State.OPEN)
    worked_on = unfinished.filter(tier=2, owner=engineer).newest_first()[0]
    own = unfinished.filter(organisation=largest, tier=1).newest_first()[0]
    desk, portal = _signed_in(engineer), _signed_in(contact)
    api = {"Authorization": f"Token {make_api_token(contact, at=at, name='bench')}"}
    report = {"licence": licence.key, "service": "troubleshooting", "subject": "It stops"}
    posted = json.dumps({**report, "body": "Since this morning.", "priority": 3}).encode()
    sent = {**api, "Content-Type": "application/json"}
    return [
        Page("queue", (desk("/admin/queue/"),), "list"),
        Page("queue, finished", (desk("/admin/queue/?view=finished"),)),
        Page("incident", (desk(f"/admin/incidents/{worked_on.number}/"),), "ticket"),
        Page("portal: list", (portal("/incidents/"),)),
        Page("portal: incident", (portal(f"/incidents/{own.number}/"),)),
        Page("portal: overview", (portal("/"),)),
        Page("API: list", (Ask("/api/v1/incidents/", headers=api),)),
        Page("API: report", (Ask("/api/v1/incidents/", "POST", posted, sent),), "API: report"),
    ]


def _signed_in(person: Person) -> Callable[[str], Ask]:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person)
    cookies = _cookies(client.cookies)
    return lambda path: Ask(path, headers={"Cookie": cookies})


def _cookies(jar: SimpleCookie) -> str:
    return "; ".join(f"{name}={one.value}" for name, one in jar.items())


def _theirs(size: int) -> dict[str, Cost]:
    """Nothing where the peer is not installed: `make .venv/.bench` does that."""
    if find_spec("helpdesk") is None:
        return {}
    name = f"peer_{size}"
    databases.have(name, lambda: _peer(name, str(size)))
    seen = json.loads(_peer(name).splitlines()[-1])
    cookies = {"Cookie": f"sessionid={seen['session']}; csrftoken={TOKEN}"}
    ticket = {"queue": seen["queue"], "title": "It stops", "description": "Since this morning."}
    posted = json.dumps({**ticket, "submitter_email": "c@bench.example", "priority": 3}).encode()
    sent = {**cookies, "X-CSRFToken": TOKEN, "Content-Type": "application/json"}
    rows = Ask(seen["rows"], headers=cookies)
    port = free_port()
    command = gunicorn(commands.web("python", f"127.0.0.1:{port}"))
    command[command.index("axsupport.wsgi")] = "peer_site"
    with _serving([*command, "--pythonpath", str(TOOLS)], port, name) as site:
        return {
            "list": site.cost(Ask("/tickets/", headers=cookies), rows),
            "ticket": site.cost(Ask(f"/tickets/{seen['ticket']}/", headers=cookies)),
            "API: report": site.cost(Ask("/api/tickets/", "POST", posted, sent)),
        }


def _peer(name: str, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, str(TOOLS / "peer_site.py"), *arguments],
        env={**os.environ, "DATABASE_URL": databases.url_of(name)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


@contextmanager
def _serving(command: list[str], port: int, name: str) -> Iterator[Site]:
    """As the desk's supervisor serves it; what it logs goes to a file as there."""
    folder = Path(settings.DATA_DIR)
    figures = folder / f"metrics-{name}"
    figures.mkdir(parents=True, exist_ok=True)
    environment = {
        "DATABASE_URL": databases.url_of(name),
        "SECRET_KEY": settings.SECRET_KEY,  # which the sessions made here were signed with
        "PROMETHEUS_MULTIPROC_DIR": str(figures),
        "API_REQUESTS_A_MINUTE": "100000",
        "LOG_LEVEL": "INFO",
    }
    with serving(command, port, environment, folder / f"{name}.log") as site:
        yield site


def _line(page: Page, cost: Cost, theirs: Cost | None) -> tuple[Any, ...]:
    against = f"{theirs.cpu / cost.cpu:.1f} x less" if theirs else ""
    return (page.name, *_figures(cost), against)


def _figures(cost: Cost) -> tuple[Any, ...]:
    return (cost.web, cost.database, cost.wall, cost.asked, cost.size / 1000)


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
