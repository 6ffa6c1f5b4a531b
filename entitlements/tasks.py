"""Sweeps over contracts. Each may run twice, in parallel, and late."""

from __future__ import annotations

import structlog
from celery import shared_task

from core import rls
from core.clock import database_now
from entitlements.actions import expiry, ledger, reminders

logger = structlog.get_logger(__name__)


@shared_task
def prove_ledger() -> int:
    """Nightly: each pack's balance is the sum of its entries (L3); how many are not."""
    with rls.everything():
        return len(ledger.prove_ledger(at=database_now()))


@shared_task
def expire_packs() -> int:
    """Hourly: record as expired what packs held when Premium ended (L6); how many packs."""
    at = database_now()
    with rls.everything():
        lapsed = expiry.lapsed_packs(at)
    done = 0
    for pk in lapsed:
        try:
            with rls.everything():
                done += expiry.expire_pack(pk, at=at)
        except Exception:  # the next sweep tries this pack again; the others must not wait for it
            logger.exception("sweep failed", sweep="pack expiry", row=pk)
    return done


@shared_task
def remind() -> int:
    """Hourly: tell in each organisation's morning what support ends or ended; of how many."""
    at = database_now()
    with rls.everything():
        paid, basic = reminders.due_reminders(at), reminders.due_basic_reminders(at)
    done = 0
    for due, tell_of in ((paid, reminders.remind), (basic, reminders.remind_of_basic)):
        for one in due:
            try:
                with rls.everything():
                    done += tell_of(one.pk, at=at)
            except Exception:  # the next sweep tries this one again; the others must not wait
                logger.exception("sweep failed", sweep="reminder", row=one.key)
    return done
