"""Sweeps over people's accounts. Each may run twice, in parallel, and late."""

from __future__ import annotations

from celery import shared_task

from accounts.actions import sessions
from core import rls
from core.clock import database_now


@shared_task
def forget_sessions() -> int:
    """Nightly: delete what is left of sign-ins that ran out; how many rows."""
    with rls.everything():
        return sessions.forget_old(at=database_now())
