"""What the nightly proof of the ledger costs when there are very many customers."""

from __future__ import annotations

import re

from django.db import connection
from django.utils import timezone

from bench.tools.measure import once, print_table, queries
from bench.tools.packs import ENTRIES, sell_packs
from core import rls
from entitlements.actions.ledger import DIFFERENCES, prove_ledger
from entitlements.models import IncidentPack, LedgerEntry

SIZES = (1000, 100_000)


def main() -> None:
    print_table(
        "The nightly proof of the ledger: each organisation has a licence and a pack",
        ("organisations", "ledger entries", "queries", "s", "s, with one difference"),
        [_measured(size) for size in SIZES],
    )
    print(f"\n  Its plan: {_plan()}")


def _measured(size: int) -> tuple[str, str, int, float, float]:
    at = timezone.now()
    with rls.everything():
        sell_packs(size, at)
        assert LedgerEntry.objects.count() == size * ENTRIES
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # what autovacuum does within a minute of real growth
    with rls.everything():
        assert prove_ledger(at=at) == []
        asked = queries(lambda: prove_ledger(at=at))
        seconds = once(lambda: prove_ledger(at=at)) / 1000
    return f"{size:,}", f"{size * ENTRIES:,}", asked, seconds, _with_a_difference(size)


def _with_a_difference(size: int) -> float:
    """Seconds to find, to journal and to tell that one pack holds one incident too many."""
    at = timezone.now()
    with rls.everything():
        wrong = IncidentPack.objects.filter(pk=IncidentPack.objects.order_by("pk")[size // 2].pk)
        wrong.update(available=5)
        found: list[int] = []
        spent = once(lambda: found.extend(one.pack for one in prove_ledger(at=at)))
        assert found == [wrong.get().pk]
        wrong.update(available=4)
    return spent / 1000


def _plan() -> str:
    """The nodes of the plan, from the outermost in, without those that read the wall's settings."""
    with rls.everything(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {DIFFERENCES}")
        lines = [line for (line,) in cursor.fetchall() if "(cost" in line and "Result" not in line]
    return " < ".join(re.sub(r"\s+\(cost.*|^[\s>-]+", "", line) for line in lines)


if __name__ == "__main__":
    main()
