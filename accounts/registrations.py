"""What grows old of people and organisations (`core.retention`)."""

from __future__ import annotations

from datetime import datetime

from accounts.actions.customers_leaving import delete_organisation
from accounts.models import Organisation
from accounts.querysets import CLOSED
from core.retention import Kept, keep


def register() -> None:
    """Safe to repeat."""
    keep(
        Kept(
            "organisations",
            "KEEP_CLOSED_ORGANISATIONS_DAYS",
            "Closed organisations",
            "All that is there of one: people, contracts, incidents, mails, reports, its ledger.",
            rows=lambda before: Organisation.objects.filter(CLOSED, closed_at__lt=before),
            moment="closed_at",
            forget=_delete,
        )
    )


def _delete(keys: list[int], at: datetime) -> int:
    return sum(delete_organisation(pk, at=at) for pk in keys)
