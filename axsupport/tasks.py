"""The desk's own nightly work."""

from __future__ import annotations

from celery import shared_task

from axsupport.operating import housekeeping
from core import rls
from core.clock import database_now


@shared_task
def keep_house() -> int:
    """Nightly: remove ended sessions, old notices and drafts, files without a row; how many."""
    at, done = database_now(), 0
    for clear in (
        housekeeping.clear_sessions,
        housekeeping.clear_notices,
        housekeeping.clear_drafts,
        housekeeping.clear_uploads,
        housekeeping.clear_files,
    ):
        with rls.everything():
            done += clear(at)
    return done
