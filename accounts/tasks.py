"""Sweeps over people's accounts. Each may run twice, in parallel, and late."""

from __future__ import annotations

from datetime import datetime

from celery import shared_task

from accounts.actions import erasing, sessions
from accounts.models import Erasure
from accounts.querysets import ERASURE_OWED
from core import keeper, retention, rls
from core.clock import database_now
from core.sweeps import TOGETHER, due_ids, each, in_batches

STEPS = 2000  # of one erasure in a run; the next run goes on where it was
ROUNDS = 20  # batches of a kind in a run


@shared_task
def forget_sessions() -> int:
    """Nightly: delete what is left of sign-ins that ran out; how many rows."""
    with rls.everything():
        return sessions.forget_old(at=database_now())


@shared_task
def erase_owed() -> int:
    """Go on with the erasures that were asked for, a batch a transaction; how many batches."""
    at, done = database_now(), 0
    with rls.everything():
        owed = due_ids(Erasure.objects.filter(ERASURE_OWED).order_by("asked_at"))
    for pk in owed:
        for _ in range(STEPS):
            went_on = each([pk], lambda key: int(erasing.go_on(key, at=at)), "erasure")
            done += 1
            if not went_on:
                break
    return done


@shared_task
def forget_old() -> int:
    """Nightly: take away what is kept no longer, by kind; how many rows."""
    at = database_now()
    with rls.everything():
        if keeper.missing():  # `doctor` and the page of privacy say so
            return 0
    return sum(_forget(kind, at) for kind in retention.kinds())


def _forget(kind: retention.Kept, at: datetime) -> int:
    done = 0
    for _ in range(ROUNDS):
        with rls.everything():
            keys = due_ids(kind.due(at), TOGETHER)
        went = in_batches(keys, lambda some: kind.forget(some, at), kind.key)
        done += went
        if not went:  # nothing is due, or what is can not go
            break
    return done
