"""The sweep of the telephone. It may run twice, in parallel, and late."""

from __future__ import annotations

from functools import partial

from celery import shared_task

from core import rls
from core.clock import database_now
from core.sweeps import due_ids, in_batches
from telephone.actions import calling
from telephone.models import CallBack


@shared_task
def note_late_calls() -> int:
    """Note every call-back that was not tried by the moment that was promised; the number noted."""
    at = database_now()
    with rls.everything():
        late = due_ids(CallBack.objects.late_unnoted(at).order_by("due_at"))
    return in_batches(late, partial(calling.note_late, at=at), "call-back")
