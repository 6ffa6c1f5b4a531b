"""Very many customers with a Gold pack each, as years of spending leave them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from accounts.models import Organisation
from bench.tools.desk import CHUNK
from entitlements.enums import Edition
from entitlements.models import IncidentPack, LedgerEntry, Licence

ENTRIES = 4  # of each pack

_PACKS = """
    INSERT INTO {pack} (organisation_id, licence_id, quantity, available, purchased_at, price,
        currency)
    SELECT organisation_id, id, 5, 4, %(at)s, 750, 'EUR' FROM {licence}
    WHERE NOT EXISTS (SELECT FROM {pack} WHERE licence_id = {licence}.id)
"""
_MOVES = """
    INSERT INTO {entry} (organisation_id, pack_id, kind, debit, credit, quantity, balance,
        refund_reason, reason, at)
    SELECT organisation_id, pack.id, move.kind, move.debit, move.credit, move.quantity,
        move.balance, '', '', %(at)s
    FROM {pack} pack, (VALUES
        (1, 'purchase', 'issued', 'available', 5, 5),
        (2, 'consume', 'available', 'consumed', 1, 4),
        (3, 'consume', 'available', 'consumed', 1, 3)
    ) AS move (place, kind, debit, credit, quantity, balance)
    WHERE NOT EXISTS (SELECT FROM {entry} WHERE pack_id = pack.id)
    ORDER BY pack.id, move.place
"""
_REFUNDS = """
    INSERT INTO {entry} (organisation_id, pack_id, kind, debit, credit, quantity, balance,
        reverses_id, refund_reason, reason, at)
    SELECT organisation_id, pack_id, 'refund', 'consumed', 'available', 1, 4, max(id),
        'defect', 'A defect of ours', %(at)s
    FROM {entry} WHERE kind = 'consume'
    GROUP BY organisation_id, pack_id
    HAVING NOT EXISTS (SELECT FROM {entry} given
        WHERE given.kind = 'refund' AND given.pack_id = {entry}.pack_id)
"""


def sell_packs(customers: int, at: datetime) -> None:
    """Add customers until there are so many with a pack: bought, spent from twice, given back."""
    held = IncidentPack.objects.count()
    organisations = Organisation.objects.bulk_create(
        (
            Organisation(name=f"Gold {n}", slug=f"gold-{n}", created_at=at)
            for n in range(held, customers)
        ),
        batch_size=CHUNK,
    )
    Licence.objects.bulk_create(
        (
            Licence(
                organisation=one,
                key=f"GOLD-{one.pk}",
                edition=Edition.BUSINESS,
                registered_on=date(at.year - 2, 1, 1),
                made_at=at,
            )
            for one in organisations
        ),
        batch_size=CHUNK,
    )
    names = {
        "pack": IncidentPack._meta.db_table,
        "licence": Licence._meta.db_table,
        "entry": LedgerEntry._meta.db_table,
    }
    with connection.cursor() as cursor:
        for statement in (_PACKS, _MOVES, _REFUNDS):
            cursor.execute(statement.format(**names), {"at": at})
