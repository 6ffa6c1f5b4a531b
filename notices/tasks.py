from __future__ import annotations

import time

import structlog
from celery import shared_task

from core import rls
from core.clock import database_now
from notices.actions import postpone, send_one
from notices.models import Notice

logger = structlog.get_logger(__name__)

BATCH = 200
SECONDS = 45  # one slow mail server must not hold a worker that breaches wait for


@shared_task
def send_owed() -> int:
    """Send what is owed by now, longest owed first; how many were sent.

    Safe to run twice and in parallel (`send_one` claims each row). Stops after a batch or 45
    seconds, whichever comes first; beat's next call goes on.
    """
    with rls.everything():
        owed = list(Notice.objects.owed(database_now()).values_list("pk", flat=True)[:BATCH])
    deadline = time.monotonic() + SECONDS
    sent = 0
    for notice_id in owed:
        if time.monotonic() > deadline:
            break
        sent += _send_guarded(notice_id)
    return sent


def _send_guarded(notice_id: int) -> bool:
    at = database_now()
    try:
        with rls.everything():
            return send_one(notice_id, at=at)
    except Exception as error:  # one bad row must not hide the others
        logger.exception("notice: a bug kept it from being sent", notice=notice_id)
        with rls.everything():
            postpone(notice_id, error=error, at=at)
        return False
