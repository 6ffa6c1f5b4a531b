"""Sweeps over contracts. Each may run twice, in parallel, and late."""

from __future__ import annotations

import structlog
from celery import shared_task

from core import rls
from core.clock import database_now
from entitlements.actions import claims, expiry, key_checks, ledger, reminders, renewals
from entitlements.models import Licence, Subscription

logger = structlog.get_logger(__name__)

RENEWALS = 500  # a run drafts; the next one goes on
CLAIMS = 20  # a run asks about: a service that hangs takes a few seconds for each


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


@shared_task
def propose_renewals() -> int:
    """Hourly: draft the renewals of what ends within 90 days (RN1); how many."""
    at = database_now()
    with rls.everything():
        ending = list(Subscription.objects.to_propose(at).values_list("pk", flat=True)[:RENEWALS])
    done = 0
    for pk in ending:
        try:
            with rls.everything():
                done += renewals.propose(pk, at=at)
        except Exception:  # the next sweep tries this one again; the others must not wait for it
            logger.exception("sweep failed", sweep="renewals", row=pk)
    return done


@shared_task
def check_claims() -> int:
    """Ask the vendor's check about claimed licences; how many are confirmed by it (K1).

    The check is asked outside of any transaction: a service may take its time.
    """
    with rls.everything():
        due = Licence.objects.check_owed(database_now()).order_by("check_at")
        waiting = list(due.values_list("pk", flat=True)[:CLAIMS])
    check, done = key_checks.key_check(), 0
    for pk in waiting:
        try:
            with rls.everything():
                claim = claims.lease_check(pk, at=database_now())
                asked = key_checks.asked_of(claim) if claim else None
                said = check.check(asked) if asked and not check.asks_others else None
            if claim is None or asked is None:
                continue
            said = said or check.check(asked)
            with rls.everything():
                done += claims.note_check(claim, said, at=database_now())
        except Exception:  # the lease ends, and the next sweep asks; the others must not wait
            logger.exception("sweep failed", sweep="claims", row=pk)
    return done
