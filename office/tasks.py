"""Sweeps of the office. Each may run twice, in parallel, and late."""

from collections.abc import Callable

import structlog
from celery import shared_task
from django.db import OperationalError, connection

from core import rls, sweeps
from core.clock import database_now
from office.actions import sending_out
from office.actions.figures import compare_all, keep_days, recent_days
from office.actions.health import TOGETHER, customers, keep_scores
from office.actions.history import working
from office.actions.imports.steps import halt
from office.actions.imports.trying import give_up, try_lines
from office.actions.imports.writing import undo_lines, write_lines
from office.actions.notes import remind
from office.enums import ImportState
from office.models import (
    AccountNote,
    DataImport,
    FiguresRun,
    PictureSchedule,
    ReportSchedule,
)
from office.querysets.imports import TO_WORK
from office.rules.history.systems import SYSTEMS
from reports.enums import ReportState
from reports.models import ServiceReport

logger = structlog.get_logger(__name__)

SECONDS = 20.0  # of a run: others wait for the worker
Step = Callable[..., bool]
OF_TABLES: dict[str, Step] = {
    ImportState.APPLYING: write_lines,
    ImportState.UNDOING: undo_lines,
}
OF_HISTORY: dict[str, Step] = {
    ImportState.CHECKING: working.look_through,
    ImportState.APPLYING: working.keep,
    ImportState.UNDOING: working.take_back,
}


@shared_task
def work_imports() -> int:
    """Go on with the imports that somebody asked for, one after the other; how many were worked."""
    with rls.everything():
        due = list(
            DataImport.objects.filter(TO_WORK)
            .order_by("stepped_at")
            .values_list("pk", "state", "kind")[:5]
        )
    return sum(_work(*one) for one in due)


def _work(pk: int, state: str, kind: str) -> int:
    """One step of one import; an error is logged and the others go on (`core.sweeps`)."""
    at = database_now()
    try:
        if state == ImportState.CHECKING and kind not in SYSTEMS:
            try_lines(pk, at=at)
            return 1
        steps = OF_HISTORY if kind in SYSTEMS else OF_TABLES
        if not steps[state](pk, at=at, seconds=SECONDS):
            sweeps.again()
    except OperationalError:  # the database was away: the next run tries this one again
        logger.exception("sweep failed", sweep="imports", row=pk)
        connection.ensure_connection()
        return 0
    except Exception:  # the others must not wait for it, nor its sender for ever
        logger.exception("sweep failed", sweep="imports", row=pk)
        connection.ensure_connection()
        if state == ImportState.CHECKING:
            give_up(pk)
        else:
            halt(pk)
        return 0
    return 1


@shared_task
def remind_of_steps() -> int:
    """Remind of the next steps whose day has come; how many."""
    at = database_now()
    with rls.everything():
        due = sweeps.due_ids(AccountNote.objects.to_remind(at).order_by("remind_at"))
    return sweeps.each(due, lambda pk: remind(pk, at=at), "account steps")


@shared_task
def send_scheduled() -> int:
    """Send what goes out by itself now; how many went out."""
    at = database_now()
    with rls.everything():
        pictures = sweeps.due_ids(PictureSchedule.objects.to_send(at).order_by("next_at"))
        reports = sweeps.due_ids(ReportSchedule.objects.to_send(at).order_by("next_at"))
        issued = ServiceReport.objects.filter(state=ReportState.ISSUED)
        waiting = sweeps.due_ids(ReportSchedule.objects.issued_by_now(issued).order_by("pk"))
    went = sweeps.each(pictures, lambda pk: sending_out.send_picture(pk, at=at), "pictures by mail")
    went += sweeps.each(reports, lambda pk: sending_out.send_report(pk, at=at), "reports by mail")
    return went + sweeps.each(
        waiting, lambda pk: sending_out.send_waiting(pk, at=at), "reports by mail"
    )


@shared_task
def keep_health() -> int:
    """Keep the score of each customer for today; safe to repeat."""
    at = database_now()
    with rls.everything():
        keys, kept = customers(), 0
        for start in range(0, len(keys), TOGETHER):
            kept += keep_scores(keys[start : start + TOGETHER], at=at)
    return kept


@shared_task
def keep_figures() -> int:
    """Write the managers' figures of the last days anew, all of them the first time; how many."""
    at = database_now()
    with rls.everything():
        if not FiguresRun.objects.exists():
            return compare_all(at=at).rows
        return keep_days(*recent_days(at), at=at)


@shared_task
def compare_figures() -> int:
    """Recompute all of the managers' figures; how many days differed, and were put right (O4)."""
    at = database_now()
    with rls.everything():
        return compare_all(at=at).days
