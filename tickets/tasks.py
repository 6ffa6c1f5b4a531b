"""The sweeps of the incident desk.

Each works off rows that are due in the database, over the partial index built on the same Q. Any
number of workers may run any of them at once, and twice: the actions claim each row. The moment is
the database's (T2), whatever the clock of the worker's machine says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import TypeVar

import structlog
from celery import shared_task
from django.db import connection
from django.db.models import Model, QuerySet

from core import rls
from core.clock import database_now
from tickets.actions import alarms, calling, internal_alarms
from tickets.actions.audit import audit
from tickets.actions.dispatching import dispatch, pass_on, settle_taken
from tickets.actions.lifecycle import close_solved as close_one
from tickets.actions.mail_intake import handle
from tickets.actions.mailboxes import SILENT_AFTER, tell_of_silence
from tickets.actions.redispatching import redispatch_owed
from tickets.actions.upgrades import apply_subscription, subscriptions_to_apply
from tickets.models import (
    CallBack,
    Dispatch,
    InboundMail,
    Incident,
    InternalTarget,
    Mailbox,
    OwedRedispatch,
    ResponseTarget,
    TargetWarning,
)

logger = structlog.get_logger(__name__)

M = TypeVar("M", bound=Model)

BATCH = 500  # rows a run looks at; the rest is the next run's, seconds later
MANY = 5000  # breaches or warnings a run looks at: a few seconds of work after a long outage
TOGETHER = 100  # of them in one transaction


@shared_task
def note_breaches() -> int:
    """Note every response target that was breached; the number noted."""
    at = database_now()
    with rls.everything():
        due = _ids(ResponseTarget.objects.breached_unnoted(at).order_by("due_at"), MANY)
    return _in_batches(due, partial(alarms.note_breaches, at=at), "breach")


@shared_task
def tell_warnings() -> int:
    """Tell of every response target that nears its end; the number told."""
    at = database_now()
    with rls.everything():
        due = _ids(TargetWarning.objects.due(at).order_by("due_at"), MANY)
    return _in_batches(due, partial(alarms.tell_warnings, at=at), "warning")


@shared_task
def note_late_calls() -> int:
    """Note every call-back that was not tried by the moment that was promised; the number noted."""
    at = database_now()
    with rls.everything():
        late = _ids(CallBack.objects.late_unnoted(at).order_by("due_at"))
    return _in_batches(late, partial(calling.note_late, at=at), "call-back")


@shared_task
def note_internal_breaches() -> int:
    """Note every target of a tier that was breached; the number noted."""
    at = database_now()
    with rls.everything():
        due = _ids(InternalTarget.objects.breached_unnoted(at).order_by("due_at"), MANY)
    return _in_batches(due, partial(internal_alarms.note_internal_breaches, at=at), "tier breach")


@shared_task
def tell_internal_warnings() -> int:
    """Tell each tier of its targets that near their end; the number told."""
    at = database_now()
    with rls.everything():
        due = _ids(InternalTarget.objects.to_warn(at).order_by("warn_at"), MANY)
    return _in_batches(due, partial(internal_alarms.tell_internal_warnings, at=at), "tier warning")


@shared_task
def dispatch_waiting() -> int:
    """Give incidents that found nobody with room to whoever has some now; the number given."""
    at = database_now()
    with rls.everything():
        waiting = _ids(Incident.objects.unassigned().order_by("priority", "received_at"))
    return _each(waiting, lambda pk: bool(dispatch(_incident(pk), at=at)), "dispatch")


@shared_task
def pass_on_untaken() -> int:
    """Give fresh incidents that their engineer did not take to another; the number passed on."""
    at = database_now()
    with rls.everything():
        due = Dispatch.objects.due(at).order_by("take_by")
        if not (lying := _ids(due)):
            return 0
        settle_taken(lying, at=at)
        lying = _ids(due)
    return _each(lying, lambda pk: pass_on(pk, at=at), "passing on")


@shared_task
def redispatch_alarmed() -> int:
    """Give incidents to another where the policy of an alarm says so; the number given."""
    at = database_now()
    with rls.everything():
        owed = _ids(OwedRedispatch.objects.owed().order_by("owed_at"))
    return _each(owed, lambda pk: redispatch_owed(pk, at=at), "redispatch")


@shared_task
def apply_subscriptions() -> int:
    """Look at the incidents of subscriptions that took effect; how many of those did."""
    at = database_now()
    with rls.everything():
        begun = subscriptions_to_apply(at)[:BATCH]
    return _each(begun, lambda pk: apply_subscription(pk, at=at), "subscription")


@shared_task
def close_solved() -> int:
    """Close what was solved a week ago and not written on since; the number closed."""
    at = database_now()
    with rls.everything():
        solved = _ids(Incident.objects.solved_before(at).order_by("solved_at"))
    return _each(solved, lambda pk: close_one(_incident(pk), at=at), "closing")


@shared_task
def handle_mails() -> int:
    """Handle every mail that was stored and not yet handled; the number handled."""
    at = database_now()
    with rls.everything():
        stored = _ids(InboundMail.objects.unhandled().order_by("received_at"))
    return _each(stored, lambda pk: handle(pk, at=at).handled_at is not None, "mail")


@shared_task
def watch_mailboxes() -> int:
    """Tell of each mailbox that nothing was fetched from for ten minutes; the number told."""
    at = database_now()
    with rls.everything():
        silent = _ids(Mailbox.objects.silent(at - SILENT_AFTER))
    return _each(silent, lambda pk: tell_of_silence(pk, at=at), "mailbox")


@shared_task
def audit_yesterday() -> int:
    """Nightly: tell every verdict of the day before (UTC) again; the differences found."""
    at = database_now()
    with rls.everything():
        return audit(at.date() - timedelta(days=1), at=at).differences


def _ids(rows: QuerySet[M], limit: int = BATCH) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:limit])


def _incident(pk: int) -> Incident:
    return Incident.objects.select_related("organisation", "decision").get(pk=pk)


def _in_batches(rows: list[int], work: Callable[[list[int]], int], name: str) -> int:
    """Work off the rows a hundred to a transaction, which costs a tenth of one for each.

    A hundred that fail are done one by one, so that the row which is to blame stays owed alone.
    """
    done = 0
    for start in range(0, len(rows), TOGETHER):
        together = rows[start : start + TOGETHER]
        try:
            with rls.everything():
                done += work(together)
        except Exception:  # whichever row it was, the others must not wait for it
            logger.warning("sweep goes on row by row", sweep=name, rows=len(together))
            connection.ensure_connection()
            done += _each(together, lambda pk: work([pk]), name)
    return done


def _each(rows: Iterable[int], work: Callable[[int], int], name: str) -> int:
    """Work off each row in a transaction of its own; one that fails is logged and left owed."""
    done = 0
    for pk in rows:
        try:
            with rls.everything():
                done += work(pk)
        except Exception:  # the next sweep tries this row again; the others must not wait for it
            logger.exception("sweep failed", sweep=name, row=pk)
            connection.ensure_connection()  # the database is away: so would be every other row
    return done
