"""The ledger's own moves: the only code that writes `IncidentPack.available` (L1, L2).

Whatever runs at once, a pack gives away what it holds and no more: every taking is one guarded
UPDATE, and its ledger entry is written in the same transaction, under the pack's row lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from accounts.models import Person
from core.journal import record
from entitlements.enums import EntryKind
from entitlements.models import IncidentPack, LedgerEntry
from entitlements.rules.ledger import MOVES
from notices.outbox import notify

# One query: what the entries say is available in each pack, where the pack says otherwise.
DIFFERENCES = """
    SELECT pack.id, pack.available, coalesce(sum(CASE
        WHEN entry.credit = 'available' THEN entry.quantity
        WHEN entry.debit = 'available' THEN -entry.quantity
        ELSE 0 END), 0) AS proven
    FROM entitlements_incidentpack pack
    LEFT JOIN entitlements_ledgerentry entry ON entry.pack_id = pack.id
    GROUP BY pack.id
    HAVING pack.available <> coalesce(sum(CASE
        WHEN entry.credit = 'available' THEN entry.quantity
        WHEN entry.debit = 'available' THEN -entry.quantity
        ELSE 0 END), 0)
    ORDER BY pack.id
"""


@dataclass(frozen=True)
class Difference:
    """A pack whose `available` is not what its ledger entries prove."""

    pack: int
    available: int
    proven: int


def take(pack: IncidentPack, quantity: int) -> bool:
    """The guarded UPDATE: of any number at once, only as many get through as there are (L2)."""
    held = IncidentPack.objects.filter(pk=pack.pk, available__gte=quantity)
    return bool(held.update(available=F("available") - quantity))


def give(pack: IncidentPack, quantity: int) -> None:
    IncidentPack.objects.filter(pk=pack.pk).update(available=F("available") + quantity)


def lock(pack: IncidentPack) -> IncidentPack:
    """The pack as it is now, locked to the end of the transaction."""
    return IncidentPack.objects.select_for_update(no_key=True).get(pk=pack.pk)


def enter(
    pack: IncidentPack,
    kind: EntryKind,
    quantity: int,
    *,
    at: datetime,
    by: Person | None,
    move: tuple[str, str] | None = None,
    **facts: object,
) -> LedgerEntry:
    """One ledger entry with the balance after it: our transaction holds the pack's row lock."""
    debit, credit = move or MOVES[kind]
    balance = IncidentPack.objects.values_list("available", flat=True).get(pk=pack.pk)
    return LedgerEntry.objects.create(
        organisation_id=pack.organisation_id,
        pack=pack,
        kind=kind,
        debit=debit,
        credit=credit,
        quantity=quantity,
        balance=balance,
        at=at,
        by=by,
        **facts,
    )


@transaction.atomic
def prove_ledger(*, at: datetime) -> list[Difference]:
    """Check that each pack holds what its entries sum up to; journal and tell what differs (L3).

    One statement, so that it sees one state of all packs. Corrects nothing. Safe to repeat: the
    leads are notified once a day of each pack.
    """
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES)
        found = [Difference(*row) for row in cursor.fetchall()]
    packs = IncidentPack.objects.select_related("organisation", "licence")
    held = packs.in_bulk([one.pack for one in found])
    for one in found:
        facts = {"available": one.available, "proven": one.proven}
        record("ledger.differs", held[one.pack], at=at, by=None, rule="L3", **facts)
    if found:
        numbers = "-".join(str(one.pack) for one in found)
        notify(
            Person.objects.leads(),
            "ledger_differs",
            key=f"ledger:{at:%Y-%m-%d}:{numbers}"[:120],
            at=at,
            packs=[_in_words(one, held[one.pack]) for one in found],
        )
    return found


def _in_words(one: Difference, pack: IncidentPack) -> str:
    return (
        f"{pack.organisation}, {pack.licence.key}, {pack}: balance {one.available},"
        f" ledger {one.proven}"
    )
