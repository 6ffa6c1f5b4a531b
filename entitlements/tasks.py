"""Sweeps over contracts. Each may run twice, in parallel, and late."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core import rls
from entitlements.actions import expiry, ledger


@shared_task
def prove_ledger() -> int:
    """Nightly: each pack's balance is the sum of its entries (L3); how many are not."""
    with rls.everything():
        return len(ledger.prove_ledger(at=timezone.now()))


@shared_task
def expire_packs() -> int:
    """Hourly: record as expired what packs held when Premium ended (L6); how many packs."""
    with rls.everything():
        return expiry.expire_packs(timezone.now())
