"""Queries and milliseconds of the pages that people open all day, on a small and a large desk.

`python -m bench.pages`; other sizes as arguments: `python -m bench.pages 1500 20000`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import Person
from bench.tools.desk import Desk, fill, open_desk
from bench.tools.measure import milliseconds, print_table, queries, times_as_long
from core import rls
from tickets.enums import State
from tickets.models import Incident

SIZES = (1500, 100_000)
STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def pages(desk: Desk) -> list[tuple[str, Person, str]]:
    """What is opened, by whom, where."""
    with rls.everything():
        open_ones = Incident.objects.filter(state=State.OPEN, tier=2)
        theirs = Incident.objects.filter(organisation=desk.organisations[0])
        worked_on, own = open_ones.newest_first()[0], theirs.newest_first()[0]
    staff, portal = f"/admin/incidents/{worked_on.number}/", f"/incidents/{own.number}/"
    return [
        ("queue", desk.engineer, "/admin/queue/"),
        ("queue of 40 customers", desk.assigned, "/admin/queue/"),
        ("queue of TS2", desk.beta, "/admin/queue/"),
        ("queue, finished", desk.engineer, "/admin/queue/?view=finished"),
        ("queue, finished, TS2", desk.beta, "/admin/queue/?view=finished"),
        ("queue, a word", desk.engineer, "/admin/queue/?q=calendar"),
        ("incident page", desk.engineer, staff),
        ("incident page, TS2", desk.beta, staff),
        ("portal: overview", desk.contact, "/"),
        ("portal: list", desk.contact, "/incidents/"),
        ("portal: list, a word", desk.contact, "/incidents/?q=calendar"),
        ("portal: incident", desk.contact, portal),
        ("API: list", desk.engineer, "/api/v1/incidents/"),
    ]


def measured(desk: Desk) -> list[tuple[str, int, float]]:
    return [
        (name, queries(opened), milliseconds(opened, times=11))
        for name, opened in ((name, opening(who, where)) for name, who, where in pages(desk))
    ]


def opening(person: Person, path: str) -> Callable[[], None]:
    """Opens the page as `person`, through every middleware."""
    client = Client(SERVER_NAME="127.0.0.1")
    with rls.everything():
        client.force_login(person)

    def opened() -> None:
        response = client.get(path)
        assert response.status_code == 200, f"{path}: {response.status_code}"

    return opened


def main(small: int, large: int) -> None:
    started = time.monotonic()
    with rls.everything():
        desk = open_desk(timezone.now())
    found = []
    for size in (small, large):
        fill(desk, size)
        found.append(measured(desk))
    print_table(
        f"Pages: queries, median milliseconds; {small:,} and {large:,} incidents, 4 % unfinished",
        ("page", "queries", "queries", "ms", "ms", "grows"),
        [
            (name, few, many, quick, slow, times_as_long(quick, slow))
            for (name, few, quick), (_, many, slow) in zip(*found, strict=True)
        ],
    )
    print(f"\n  the whole bench took {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    with override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": STATIC}, WHITENOISE_AUTOREFRESH=True
    ):
        main(*(int(size) for size in sys.argv[1:3] or SIZES))
