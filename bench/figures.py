"""What the managers' figures cost on a large desk: the night that makes them, and their pages.

The pages are asked in this process, with a manager signed in, after the sums by day were made.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from bench.pages import fill_database
from bench.tools import databases
from bench.tools.measure import print_table, queries
from core import rls
from office.actions.figures import compare_all, keep_days, recent_days
from office.models import DayFigure
from tests.factories import make_manager
from tickets.models import Incident

SIZE = 100_000
PAGES = (
    ("promises, 13 weeks", "/admin/figures/"),
    ("promises, two years", "/admin/figures/?since=2024-11-01"),
    ("in and out, with what is open", "/admin/figures/?show=flow"),
    ("causes", "/admin/figures/?show=causes"),
    ("incidents behind a number", "/admin/figures/incidents/?figure=kept"),
    ("load and rota", "/admin/figures/load/"),
    ("customers", "/admin/customers/"),
)


def main() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)
    name = f"pages_{SIZE}"
    databases.have(name, lambda: fill_database(name, SIZE))
    with databases.working_in(name):
        with rls.everything():
            DayFigure.objects.all().delete()
            at = timezone.now()
            recent = recent_days(at)
            nights = [
                ("all of them, the first night", _seconds(lambda: compare_all(at=at))),
                ("the comparison of a usual night", _seconds(lambda: compare_all(at=at))),
                (
                    "the last three days, each 5 minutes",
                    _seconds(lambda: keep_days(*recent, at=at)),
                ),
            ]
            rows, incidents = DayFigure.objects.count(), Incident.objects.count()
            manager = Person.objects.filter(role="manager").first() or make_manager()
        print_table(
            f"Managers' figures of {incidents:,} incidents, {rows:,} sums: what a sweep takes",
            ("what", "s"),
            [(what, f"{seconds:.2f}") for what, seconds in nights],
        )
        client = Client(SERVER_NAME="127.0.0.1")
        with rls.everything():
            client.force_login(manager)  # keeps when they did
        print_table(
            "Their pages, once opened: median of five",
            ("page", "ms", "statements"),
            [_page(client, what, path) for what, path in PAGES],
        )


def _page(client: Client, what: str, path: str) -> tuple[str, str, int]:
    def ask() -> None:
        assert client.get(path).status_code == 200, path

    ask()
    return what, f"{1000 * median(_seconds(ask) for _ in range(5)):.0f}", queries(ask)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
