"""The sweep of the duty rota. It may run twice, in parallel, and late."""

from __future__ import annotations

import structlog
from celery import shared_task

from core import rls
from core.clock import database_now
from rota.actions import gaps
from rota.actions.patterns import horizon
from rota.actions.patterns import plan_ahead as plan_one
from rota.models import Pattern

logger = structlog.get_logger(__name__)


@shared_task
def plan_ahead() -> int:
    """Hourly: lay out shifts eight weeks ahead, then tell of fresh gaps; how many patterns."""
    at = database_now()
    with rls.everything():
        due = list(Pattern.objects.to_plan(horizon(at)).order_by().values_list("pk", flat=True))
    done = 0
    for pk in due:
        try:
            with rls.everything():
                done += plan_one(pk, at=at)
        except Exception:  # the next sweep tries this pattern again; the others must not wait
            logger.exception("sweep failed", sweep="rota", row=pk)
    with rls.everything():
        gaps.notify_gaps(at=at)
    return done
