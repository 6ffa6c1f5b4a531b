"""How long the old incidents of another desk take: laid out, looked through, kept; and the memory.

An export of Zammad with four messages an incident, one of them in HTML, of 200 customers. Bound of
the desk: 50,000 incidents in half an hour.

`python -m bench.history [INCIDENTS]`, 5,000 unless said.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Person
from bench.tools.desk import open_desk
from bench.tools.measure import print_table
from core import rls
from office.actions.history import working
from office.actions.imports import steps

SIZE = 5_000
BOUND = 50_000 / (30 * 60)  # incidents a second
CUSTOMERS = 200
TEXT = "The server answers with a timeout as soon as a mailbox has more than 20,000 mails. " * 4
FOREVER = 3600.0


def export_of(count: int) -> io.BytesIO:
    """As `/api/v1` gives it, one object a line."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("organizations.json", _lines(_organisations()))
        packed.writestr("tickets.json", _lines(_tickets(count)))
        packed.writestr("articles.json", _lines(_articles(count)))
    kept.seek(0)
    return kept


def _lines(rows: Iterator[dict[str, object]]) -> str:
    return "\n".join(json.dumps(row) for row in rows)


def _organisations() -> Iterator[dict[str, object]]:
    yield from ({"id": n, "name": f"Customer {n}"} for n in range(CUSTOMERS))


def _tickets(count: int) -> Iterator[dict[str, object]]:
    for n in range(1, count + 1):
        yield {
            "id": n,
            "number": f"2{n:06}",
            "title": f"Timeout {n} of a large mailbox",
            "organization_id": n % CUSTOMERS,
            "created_at": "2023-05-04T08:00:00Z",
            "close_at": "2023-05-06T08:00:00Z",
            "state": "closed",
        }


def _articles(count: int) -> Iterator[dict[str, object]]:
    for n in range(1, count + 1):
        for part in range(4):
            is_html = part == 1
            yield {
                "id": n * 10 + part,
                "ticket_id": n,
                "from": f"Ana {n % 900} <ana{n % 900}@former{n % CUSTOMERS}.example>",
                "body": f"<p>{TEXT}</p>" if is_html else TEXT,
                "content_type": "text/html" if is_html else "text/plain",
                "internal": part == 3,
                "created_at": f"2023-05-0{4 + part}T08:00:00Z",
            }


def main() -> None:
    count, at = int(sys.argv[1]) if len(sys.argv) > 1 else SIZE, timezone.now()
    rls.everything_from_now_on()
    open_desk(at, organisations=CUSTOMERS)
    manager = Person.objects.create(
        email="manager@bench.example", name="Manager", role=Role.MANAGER, joined_at=at
    )
    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = settings.DATA_DIR = folder
        raw = export_of(count)
        size = len(raw.getbuffer())
        one = steps.send_file("zammad", raw, name="z.zip", size=size, by=manager, at=at)
        raw.close()
        began = time.perf_counter()
        working.look_through(one.pk, at=at, seconds=FOREVER)
        looked = time.perf_counter() - began
        steps.bring_in(one, leaves_out_bad=False, by=manager, at=at)
        began = time.perf_counter()
        working.keep(one.pk, at=at, seconds=FOREVER)
        took = time.perf_counter() - began
        kept = one.old_incidents.count()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        rate = kept / (looked + took)
        print_table(
            f"Old incidents of an archive of {size / 2**20:.1f} MB",
            ("what", "figure"),
            [
                ("incidents, with four messages each", f"{kept:,}"),
                ("laid out and looked through", f"{looked:.1f} s"),
                ("kept", f"{took:.1f} s"),
                ("incidents a second, all in all", f"{rate:.0f} (bound {BOUND:.0f})"),
                ("50,000 would take", f"{50_000 / rate / 60:.1f} minutes"),
                ("memory of the process at its peak", f"{memory} MB"),
            ],
        )


if __name__ == "__main__":
    main()
