"""What 200 projects of 50 tasks cost: their lists, one page, the calendar of all as a file.

The pages are asked in this process: the desk's as a manager, the portal's as the customer who has
all of them.
"""

from __future__ import annotations

import time
from datetime import timedelta
from statistics import median

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from bench.tools import databases
from bench.tools.measure import print_table, queries
from core import rls
from engagements.models import Engagement, Task
from tests.factories import (
    make_admin_contact,
    make_engagement,
    make_manager,
    make_organisation,
    make_phase,
    make_promise,
)

PROJECTS, TASKS, PHASES = 200, 50, 5


def main() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)
    name = f"engagements_{PROJECTS}_{TASKS}"
    databases.have(name, lambda: _fill(name))
    with databases.working_in(name):
        with rls.everything():
            manager = Person.objects.get(role="manager", name="Mara")
            contact = Person.objects.get(name="Costa")
            first = Engagement.objects.order_by("pk")[0].number
            tasks = Task.objects.count()
        desk, portal = _signed_in(manager), _signed_in(contact)
        pages = (
            ("list of the desk", desk, "/admin/engagements/"),
            ("page of the desk", desk, f"/admin/engagements/{first}/"),
            ("calendar of the desk, .ics", desk, "/admin/engagements/calendar.ics"),
            ("list of the portal", portal, "/engagements/"),
            ("page of the portal", portal, f"/engagements/{first}/"),
            ("calendar of one, .ics", portal, f"/engagements/{first}/calendar.ics"),
        )
        print_table(
            f"{PROJECTS} projects, {tasks:,} tasks: once opened, median of five",
            ("page", "ms", "statements", "kB"),
            [_page(*one) for one in pages],
        )


def _fill(name: str) -> None:
    with databases.working_in(name), rls.everything():
        make_manager(name="Mara")
        organisation = make_organisation(name="Northwind")
        contact = make_admin_contact(organisation, name="Costa")
        today = timezone.now().date()
        for _ in range(PROJECTS):
            one = make_engagement(organisation, requested_by=contact)
            make_promise(one, due_at=timezone.now() + timedelta(days=9))
            for place in range(PHASES):
                starts_on = today + timedelta(days=10 * place - 10)
                span = {"starts_on": starts_on, "ends_on": starts_on + timedelta(days=9)}
                phase = make_phase(one, place=place, name=f"Phase {place}", **span)
                of = {"organisation": organisation, "engagement": one, "phase": phase}
                Task.objects.bulk_create(
                    Task(**of, title=f"Task {number}", due_on=span["ends_on"])
                    for number in range(TASKS // PHASES)
                )


def _signed_in(person: Person) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    with rls.everything():
        client.force_login(person)  # keeps when they did
    return client


def _page(what: str, client: Client, path: str) -> tuple[str, str, int, str]:
    def ask() -> int:
        answer = client.get(path)
        assert answer.status_code == 200, path
        return len(answer.content)

    size = ask()
    return what, f"{median(_spent(ask) for _ in range(5)):.0f}", queries(ask), f"{size / 1000:.0f}"


def _spent(work: object) -> float:
    began = time.perf_counter()
    assert callable(work)
    work()
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
