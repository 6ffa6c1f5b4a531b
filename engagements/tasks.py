"""The sweeps of this room; the beat table is in `axsupport/celery.py`."""

from __future__ import annotations

from functools import partial

from celery import shared_task

from core import rls
from core.clock import database_now
from core.sweeps import due_ids, each, in_batches
from engagements.actions.promises import tell_due
from engagements.actions.shipping import ship
from engagements.actions.training.sessions import remind
from engagements.models import Promise, RoadmapItem, TrainingSession
from engagements.querysets.training import TO_REMIND


@shared_task
def tell_of_promises() -> int:
    """Tell of what nears its end or is late; how many were told."""
    at = database_now()
    with rls.everything():
        due = due_ids(Promise.objects.to_tell(at).order_by("next_at"))
    return in_batches(due, partial(tell_due, at=at), "promises")


@shared_task
def remind_of_trainings() -> int:
    """Remind those who have a seat in a training that begins within two days; how many sessions."""
    at = database_now()
    with rls.everything():
        due = TrainingSession.objects.filter(TO_REMIND, remind_at__lte=at)
        found = due_ids(due.order_by("remind_at"))
    return each(found, lambda pk: remind(pk, at=at), "trainings")


@shared_task
def ship_roadmap() -> int:
    """Tell who asked for it that it is there, once its release is published; how many items."""
    at = database_now()
    with rls.everything():
        found = due_ids(RoadmapItem.objects.to_ship().order_by("pk"))
    return each(found, lambda pk: ship(pk, at=at), "roadmap")
