"""How far behind each sweep is: told by the rows that it still has to look at (T3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import Error
from django.db.models import CharField, F, QuerySet, Value
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from core import rls
from core.clock import database_now
from core.models import JournalEntry
from core.registries import measured_sweeps
from core.runs import Run, last_runs, runs_for
from tickets.rules.promises.retelling import DIFFERENCE

LATE_AFTER = timedelta(minutes=2)  # behind: then something is wrong, not merely busy
AUDITED = timedelta(days=30)


@dataclass(frozen=True)
class Sweep:
    """One line of the beat table, and how it stands.

    `oldest_at` is the oldest due moment that it has not yet looked at, None where nothing is
    due; `every` the seconds between two runs, None for the hourly and nightly ones. `waits`: what
    is due waits for room, so that it is no fault of the sweep. `settles`: the desk has just been
    started, and the sweeps have had no time yet.
    """

    key: str
    label: str
    what: str
    now: datetime
    every: float | None
    oldest_at: datetime | None
    run: Run | None
    waits: bool = False
    settles: bool = False

    @property
    def is_measured(self) -> bool:
        """Whether the rows tell how far behind it is; else only its runs are known."""
        return self.key in measured_sweeps

    @property
    def behind(self) -> timedelta:
        return self.now - self.oldest_at if self.oldest_at else timedelta(0)

    @property
    def is_late(self) -> bool:
        """What is due was not looked at for two minutes, and the desk had two minutes to do it."""
        return not (self.waits or self.settles) and self.behind > LATE_AFTER

    @property
    def is_silent(self) -> bool:
        """It ought to run every few seconds and did not, or nobody knows that it did."""
        if self.every is None or self.settles:
            return False
        return self.run is None or self.now - self.run.ended_at > LATE_AFTER


def sweeps() -> list[Sweep]:
    """Every sweep of the beat table, in two queries and one question to the cache.

    The rows of all organisations: call it for who may see the watchdog. It shows moments alone.
    """
    table = current_app.conf.beat_schedule
    runs = last_runs(entry["task"] for entry in table.values())
    now = database_now()
    with rls.everything():
        due = dict(_oldest())
    return [_sweep(key, entry, due.get(key), runs, now) for key, entry in table.items()]


def _sweep(
    key: str,
    entry: dict[str, Any],
    oldest_at: datetime | None,
    runs: dict[str, Run],
    now: datetime,
) -> Sweep:
    measured = measured_sweeps.get(key)
    schedule = entry["schedule"]
    return Sweep(
        key,
        measured.label if measured else key.capitalize(),
        measured.what if measured else "",
        now,
        every=schedule if isinstance(schedule, float) else None,
        oldest_at=oldest_at if oldest_at and oldest_at <= now else None,
        run=runs.get(entry["task"]),
        waits=measured is not None and measured.waits,
        settles=runs_for() < LATE_AFTER,
    )


def differences_since(at: datetime) -> int:
    """How many differences the nightly audits found since."""
    with rls.everything():
        return JournalEntry.objects.filter(kind=DIFFERENCE, at__gte=at).count()


def _oldest() -> list[tuple[str, datetime]]:
    """Sweep and the oldest moment on its list: the first entry of each partial index."""
    first, *others = (_first(one.key, one.rows(), one.moment) for one in measured_sweeps.values())
    return list(first.union(*others, all=True))


def _first(sweep: str, rows: QuerySet[Any], moment: str) -> QuerySet[Any, Any]:
    named: QuerySet[Any, Any] = rows.annotate(sweep=Value(sweep, CharField()), oldest_at=F(moment))
    return named.order_by(moment).values_list("sweep", "oldest_at")[:1]


class Figures(Collector):
    """For Prometheus, at each scrape, from the rows: any web process gives the same."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            found = sweeps()
            differences = differences_since(database_now() - AUDITED)
        except Error:  # `/healthz` says that the database is away; the other figures are given
            return
        yield _gauge(
            "axsupport_sweep_behind_seconds",
            "Age of the oldest due moment that a sweep has not yet looked at",
            ((one.key, one.behind.total_seconds()) for one in found if one.is_measured),
        )
        ran = [(one.key, one.run) for one in found if one.run is not None]
        yield _gauge(
            "axsupport_sweep_last_run_timestamp_seconds",
            "When a sweep ended last",
            ((key, run.ended_at.timestamp()) for key, run in ran),
        )
        yield _gauge(
            "axsupport_sweep_last_run_seconds",
            "How long a sweep took last",
            ((key, run.seconds) for key, run in ran),
        )
        yield GaugeMetricFamily(
            "axsupport_audit_differences",
            "Verdicts that differ from the journal, found in the last 30 days",
            value=differences,
        )


def _gauge(name: str, words: str, values: Iterable[tuple[str, float]]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, words, labels=["sweep"])
    for key, value in values:
        gauge.add_metric([key], value)
    return gauge
