"""The sweeps of the mailroom. Each may run twice, in parallel, and late."""

from __future__ import annotations

from collections.abc import Iterator

import structlog
from celery import shared_task

from core import rls
from core.clock import database_now
from core.sweeps import BATCH, again, due_ids, each
from mailroom.actions.intake import Seen, handle_if_free, look_at
from mailroom.actions.limits import notify_of_kept
from mailroom.actions.mailboxes import SILENT_AFTER, notify_of_silence
from mailroom.models import InboundMail, Mailbox

logger = structlog.get_logger(__name__)

SECONDS = 5  # then others have their turn at the worker, and the next run of this


@shared_task(at_once=4)
def handle_mails() -> int:
    """Handle every mail that was stored and not yet handled; the number handled.

    Several workers share them: each takes what no other has in hand.
    """
    at = database_now()
    with rls.everything():
        stored = due_ids(InboundMail.objects.unhandled().order_by("received_at"))
    seen: dict[int, Seen | None] = {}
    done = each(
        _looked_at(stored, seen),
        lambda pk: handle_if_free(pk, at=at, seen=seen.pop(pk, None)),
        "mail",
        seconds=SECONDS,
    )
    if done and len(stored) == BATCH:
        again()
    return done


def _looked_at(stored: list[int], seen: dict[int, Seen | None]) -> Iterator[int]:
    """Each mail in its turn, after the DNS was asked about it, with no transaction open."""
    for pk in stored:
        try:
            seen[pk] = look_at(pk)
        except Exception:  # what breaks here breaks in the handling again, where it is counted
            logger.warning("mail is read again as it is handled", mail=pk, exc_info=True)
        yield pk


@shared_task
def notify_of_kept_mails() -> int:
    """Tell the leads of mails kept aside since the last time, once an hour; the number told of."""
    with rls.everything():
        return notify_of_kept(at=database_now())


@shared_task
def watch_mailboxes() -> int:
    """Tell of each mailbox that nothing was fetched from for ten minutes; the number told."""
    at = database_now()
    with rls.everything():
        silent = due_ids(Mailbox.objects.silent(at - SILENT_AFTER))
    return each(silent, lambda pk: notify_of_silence(pk, at=at), "mailbox")
