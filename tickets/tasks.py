"""The sweeps of the incident desk.

Each works off rows that are due in the database, over the partial index built on the same Q. Any
number of workers may run any of them at once, and twice: the actions claim each row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import structlog
from celery import shared_task
from django.db import connection
from django.utils import timezone

from core import rls
from tickets.actions.dispatching import dispatch
from tickets.actions.lifecycle import close_solved as close_one
from tickets.actions.mail_intake import handle
from tickets.actions.targets import note_breach, tell_warning
from tickets.models import InboundMail, Incident, ResponseTarget, TargetWarning

logger = structlog.get_logger(__name__)

BATCH = 500  # rows a run looks at; the rest is the next run's, seconds later


@shared_task
def note_breaches() -> int:
    """Note every response target that was breached; the number noted."""
    at = database_now()
    with rls.everything():
        due = _ids(ResponseTarget.objects.breached_unnoted(at).order_by("due_at"))
    return _each(due, lambda pk: note_breach(pk, at=at), "breach")


@shared_task
def tell_warnings() -> int:
    """Tell of every response target that nears its end; the number told."""
    at = database_now()
    with rls.everything():
        due = _ids(TargetWarning.objects.due(at).order_by("due_at"))
    return _each(due, lambda pk: tell_warning(pk, at=at), "warning")


@shared_task
def dispatch_waiting() -> int:
    """Give incidents that found nobody with room to whoever has some now; the number given."""
    at = timezone.now()
    with rls.everything():
        waiting = _ids(Incident.objects.unassigned().order_by("priority", "received_at"))
    return _each(waiting, lambda pk: bool(dispatch(_incident(pk), at=at)), "dispatch")


@shared_task
def close_solved() -> int:
    """Close what was solved a week ago and not written on since; the number closed."""
    at = timezone.now()
    with rls.everything():
        solved = _ids(Incident.objects.solved_before(at).order_by("solved_at"))
    return _each(solved, lambda pk: close_one(_incident(pk), at=at), "closing")


@shared_task
def handle_mails() -> int:
    """Handle every mail that was stored and not yet handled; the number handled."""
    at = timezone.now()
    with rls.everything():
        stored = _ids(InboundMail.objects.unhandled().order_by("received_at"))
    return _each(stored, lambda pk: handle(pk, at=at).handled_at is not None, "mail")


def database_now() -> datetime:
    """The database's clock: one for all workers, however wrong their own run (T2). In UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def _ids(rows) -> list[int]:  # type: ignore[no-untyped-def]
    return list(rows.values_list("pk", flat=True)[:BATCH])


def _incident(pk: int) -> Incident:
    return Incident.objects.select_related("organisation", "decision").get(pk=pk)


def _each(rows: Iterable[int], work: Callable[[int], bool], name: str) -> int:
    """Work off each row in a transaction of its own; one that fails is logged and left owed."""
    done = 0
    for pk in rows:
        try:
            with rls.everything():
                done += work(pk)
        except Exception:  # the next sweep tries this row again; the others must not wait for it
            logger.exception("sweep failed", sweep=name, row=pk)
    return done
