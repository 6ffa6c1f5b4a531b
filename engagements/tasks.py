"""The sweeps of this room; the beat table is in `axsupport/celery.py`."""

from __future__ import annotations

from functools import partial

from celery import shared_task

from core import rls
from core.clock import database_now
from core.sweeps import due_ids, in_batches
from engagements.actions.promises import tell_due
from engagements.models import Promise


@shared_task
def tell_of_promises() -> int:
    """Tell of what nears its end or is late; how many were told."""
    at = database_now()
    with rls.everything():
        due = due_ids(Promise.objects.to_tell(at).order_by("next_at"))
    return in_batches(due, partial(tell_due, at=at), "promises")
