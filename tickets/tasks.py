"""The sweeps of the incident desk.

Each works off rows that are due in the database, over the partial index built on the same Q. Any
number of workers may run any of them at once, and twice: the actions claim each row. The moment is
the database's (T2), whatever the clock of the worker's machine says.
"""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial

from celery import shared_task

from core import rls
from core.clock import database_now
from core.sweeps import again, due_ids, each, in_batches
from resources.models import FixNews
from tickets.actions import sending
from tickets.actions.dispatch.dispatching import (
    HALF,
    dispatch_together,
    pass_on,
    settle_taken,
    waiting_for_dispatch,
)
from tickets.actions.dispatch.redispatching import redispatch_owed
from tickets.actions.dispatch.workers import find_worker_for
from tickets.actions.fix_news import tell_of_fix
from tickets.actions.ladder import internal_alarms
from tickets.actions.lifecycle import close_solved as close_one
from tickets.actions.promises import alarms
from tickets.actions.promises.audit import audit
from tickets.actions.promises.upgrades import (
    apply_subscription,
    claims_to_take_up,
    subscriptions_to_apply,
    take_up,
)
from tickets.models import (
    Dispatch,
    Draft,
    Incident,
    InternalTarget,
    OwedRedispatch,
    ResponseTarget,
    TargetWarning,
)

BATCH = 500  # subscriptions a run looks at; the rest is the next run's, seconds later
SECONDS = 20  # then other tasks have their turn
MANY = 5000  # breaches or warnings a run looks at: a few seconds of work after a long outage


@shared_task
def note_breaches() -> int:
    """Note every response target that was breached; the number noted.

    Answers whose key was pressed go out first: after an outage of this very worker they may have
    been in time, and what is noted stays noted.
    """
    send_answers()
    at = database_now()
    with rls.everything():
        due = due_ids(ResponseTarget.objects.breached_unnoted(at).order_by("due_at"), MANY)
    return in_batches(due, partial(alarms.note_breaches, at=at), "breach")


@shared_task
def notify_of_warnings() -> int:
    """Tell of every response target that nears its end; the number told."""
    at = database_now()
    with rls.everything():
        due = due_ids(TargetWarning.objects.due(at).order_by("due_at"), MANY)
    return in_batches(due, partial(alarms.notify_of_warnings, at=at), "warning")


@shared_task
def note_internal_breaches() -> int:
    """Note every target of a tier that was breached, as `note_breaches`; the number noted."""
    send_answers()
    at = database_now()
    with rls.everything():
        due = due_ids(InternalTarget.objects.breached_unnoted(at).order_by("due_at"), MANY)
    return in_batches(due, partial(internal_alarms.note_internal_breaches, at=at), "tier breach")


@shared_task
def notify_of_internal_warnings() -> int:
    """Tell each tier of its targets that near their end; the number told."""
    at = database_now()
    with rls.everything():
        due = due_ids(InternalTarget.objects.to_warn(at).order_by("warn_at"), MANY)
    return in_batches(
        due, partial(internal_alarms.notify_of_internal_warnings, at=at), "tier warning"
    )


@shared_task
def send_answers() -> int:
    """Send the answers that can not be taken back any more; the number sent."""
    at = database_now()
    with rls.everything():
        due = due_ids(Draft.objects.to_send(at).order_by("send_at"))
    return each(due, lambda pk: sending.release(pk, at=at), "answer")


@shared_task
def dispatch_waiting() -> int:
    """Give out what nobody owns, to whoever should answer it and has room; the number given."""
    with rls.everything():
        waiting = waiting_for_dispatch()
    at = database_now()
    given = in_batches(waiting, partial(dispatch_together, at=at), "dispatch")
    if given and len(waiting) == 2 * HALF:
        again()
    return given


@shared_task
def find_workers() -> int:
    """Give what came up to TS2 or TS3 to whoever is on duty there now; the number given (X1)."""
    at = database_now()
    with rls.everything():
        waiting = due_ids(Incident.objects.unworked().order_by("priority", "received_at"))
    return each(waiting, lambda pk: find_worker_for(pk, at=at), "worker")


@shared_task
def pass_on_untaken() -> int:
    """Give fresh incidents that their engineer did not take to another; the number passed on."""
    at = database_now()
    with rls.everything():
        due = Dispatch.objects.due(at).order_by("take_by")
        if not (lying := due_ids(due)):
            return 0
        settle_taken(lying, at=at)
        lying = due_ids(due)
    return each(lying, lambda pk: pass_on(pk, at=at), "passing on")


@shared_task
def redispatch_alarmed() -> int:
    """Give incidents to another where the policy of an alarm says so; the number given."""
    at = database_now()
    with rls.everything():
        owed = due_ids(OwedRedispatch.objects.owed().order_by("owed_at"))
    return each(owed, lambda pk: redispatch_owed(pk, at=at), "redispatch")


@shared_task
def apply_subscriptions() -> int:
    """Look at the incidents of subscriptions that took effect; how many of those did."""
    at = database_now()
    with rls.everything():
        begun = subscriptions_to_apply(at)[:BATCH]
    return each(begun, lambda pk: apply_subscription(pk, at=at), "subscription")


@shared_task
def take_up_confirmed() -> int:
    """Take up what was reported on licences before they were confirmed; how many licences."""
    at = database_now()
    with rls.everything():
        confirmed = claims_to_take_up()[:BATCH]
    return each(confirmed, lambda pk: take_up(pk, at=at), "confirmed licence")


@shared_task
def close_solved() -> int:
    """Close what was solved a week ago and not written on since; the number closed."""
    at = database_now()
    with rls.everything():
        solved = due_ids(Incident.objects.solved_before(at).order_by("solved_at"))
    return each(solved, lambda pk: close_one(_incident(pk), at=at), "closing")


@shared_task
def tell_of_fixes() -> int:
    """Tell everybody whose incidents come from a defect what a release does for it (FX2); how many
    steps were made. A crowd is told in several, between which other tasks have their turn.
    """
    deadline, steps = time.monotonic() + SECONDS, 0
    with rls.everything():
        owed = due_ids(FixNews.objects.to_tell(database_now()))
    for pk in owed:
        while each([pk], lambda one: tell_of_fix(one, at=database_now()), "news of fixes"):
            steps += 1
            if time.monotonic() > deadline:
                again()
                return steps
    return steps


@shared_task
def audit_yesterday() -> int:
    """Nightly: tell every verdict of the day before (UTC) again; the differences found."""
    at = database_now()
    with rls.everything():
        return audit(at.date() - timedelta(days=1), at=at).differences


def _incident(pk: int) -> Incident:
    return Incident.objects.select_related("organisation", "decision").get(pk=pk)
