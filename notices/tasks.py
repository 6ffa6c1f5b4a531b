from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

import structlog
from celery import shared_task

from core import rls
from core.clock import database_now, running_clock
from core.sweeps import again
from notices.digests.daily import send_digest
from notices.models import Notice
from notices.sending import line
from notices.sending.ahead import AT_ONCE, FRESH, Ready, read_ahead
from notices.sending.delivery import postpone, send_one

logger = structlog.get_logger(__name__)

BATCH = 200
SECONDS = 5  # then others have their turn at the worker: mails, and the next run of this


@shared_task(at_once=2)
def send_owed() -> int:
    """Send what is owed by now, longest owed first; how many were sent.

    Safe to run twice and in parallel (`send_one` claims each row). Stops after a batch or some
    seconds, whichever comes first; the next run goes on at once, with what is most urgent by then.
    """
    now = running_clock()
    with rls.everything():
        found = Notice.objects.owed(now())
        owed = list(found.values_list("pk", "is_collected", "to")[:BATCH])
    deadline = time.monotonic() + SECONDS
    sent = 0
    for reader in {to for _pk, is_collected, to in owed if is_collected}:
        _digest_guarded(reader)
    with line.kept_open():
        for notice_id, ready in _in_turn(
            [pk for pk, is_collected, _to in owed if not is_collected], now
        ):
            if time.monotonic() > deadline:
                again()
                break
            sent += _send_guarded(notice_id, ready, at=now())
    if len(owed) == BATCH and sent:
        again()
    return sent


def _in_turn(owed: list[int], now: Callable[[], datetime]) -> Iterator[tuple[int, Ready | None]]:
    """Each with what is known of it, read ahead for some; without, where that failed.

    Leaves out what is not owed any more: another run, which has the same list, sent it.
    """
    waiting = deque(owed)
    while waiting:
        some = list(islice(waiting, AT_ONCE))
        known, read_at = _read_guarded(some, at=now()), time.monotonic()
        for place, notice_id in enumerate(some):
            if place and time.monotonic() - read_at > FRESH:
                break
            waiting.popleft()
            if known is None:
                yield notice_id, None
            elif notice_id in known:
                yield notice_id, known[notice_id]


def _read_guarded(notices: list[int], *, at: datetime) -> dict[int, Ready] | None:
    try:
        with rls.everything():
            return read_ahead(notices, at=at)
    except Exception:  # whichever it was, the others must not wait for it: each reads its own
        logger.exception("notices: a bug kept them from being read together")
        return None


def _digest_guarded(person_id: int) -> None:
    """Put a person's mail of the day together; it is sent as any other notice."""
    try:
        with rls.everything():
            send_digest(person_id, at=database_now())
    except Exception:  # one bad digest must not hide the others; it is due again at once
        logger.exception("digest: a bug kept it from being made", person=person_id)


def _send_guarded(notice_id: int, ready: Ready | None, *, at: datetime) -> bool:
    try:
        with rls.everything():
            return send_one(notice_id, at=at, ready=ready)
    except Exception as error:  # one bad row must not hide the others
        logger.exception("notice: a bug kept it from being sent", notice=notice_id)
        with rls.everything():
            postpone(notice_id, error=error, at=at)
        return False
