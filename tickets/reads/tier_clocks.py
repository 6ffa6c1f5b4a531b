"""How long an incident was with each technical level, and their own targets; for staff (X2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from entitlements.reads.current import working_calendar
from tickets.enums import Tier
from tickets.models import Handover, Incident, InternalTarget
from tickets.rules.ladder.tiers import internal_verdict, time_at_tiers


class HasTier(Protocol):
    """An incident, or a row of one."""

    @property
    def pk(self) -> Any: ...
    @property
    def tier(self) -> int: ...


@dataclass(frozen=True)
class TierClock:
    """A target of a level: `state` is open, paused, met or breached; `worked` is working time."""

    target: InternalTarget
    state: str
    worked: timedelta


@dataclass(frozen=True)
class TierTimes:
    """`spent` by the wall clock, in the order in which the levels had it first."""

    spent: list[tuple[str, timedelta]]
    clocks: list[TierClock]

    @property
    def running(self) -> TierClock | None:
        return next((one for one in self.clocks if one.target.ended_at is None), None)


def tier_times(incident: Incident, handovers: Iterable[Handover], *, at: datetime) -> TierTimes:
    """In one query; the hand-overs are given oldest first."""
    steps = [(one.at, one.to_tier) for one in handovers]
    spent = time_at_tiers(incident.received_at, steps, incident.solved_at or at)
    targets = incident.internal_targets.select_related("calendar").order_by("opened_at", "pk")
    return TierTimes(
        [(Tier(tier).label, length) for tier, length in spent.items()],
        [
            TierClock(
                one,
                internal_verdict(one.due_at, paused_at=one.paused_at, ended_at=one.ended_at, at=at),
                worked(one, at=at),
            )
            for one in targets
        ],
    )


def running_targets(incidents: Iterable[HasTier]) -> dict[int, InternalTarget]:
    """The running targets of TS2 and TS3 by incident, for a list; at most one query."""
    up = [one.pk for one in incidents if one.tier != Tier.TS1]
    if not up:
        return {}
    return {one.incident_id: one for one in InternalTarget.objects.open().filter(incident__in=up)}


def worked(target: InternalTarget, *, at: datetime) -> timedelta:
    """Working time of the tier so far, without what it waited for the customer."""
    until = target.ended_at or target.paused_at or at
    return working_calendar(target.calendar).worked(target.opened_at, until, target.spans())
