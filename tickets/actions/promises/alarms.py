"""Warnings and breaches of response targets: noted and told, once (X3, T1 to T3).

What is done at them is the policy's of the level (`alarm_policies`): whom to mail, whom to call,
whether the priority goes up by one, and whether it is given to another engineer, which is owed
here and done by a sweep of its own. Alarms are the desk's own affair: no customer is notified.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from accounts.models import Person
from core.journal import entry, record_all
from core.models import JournalEntry
from entitlements.reads.current import working_calendar
from notices.enums import Way
from notices.models import Notice
from notices.outbox import notices_to, owe
from tickets.actions import audience
from tickets.actions.dispatch.redispatching import owe_redispatches
from tickets.actions.promises.alarm_people import AlarmPeople
from tickets.actions.promises.alarm_policies import InForce, in_force
from tickets.enums import Tier
from tickets.models import Incident, ResponseTarget, TargetWarning
from tickets.querysets import PENDING
from tickets.rules.promises.alarm_steps import BREACH, Step, raised, step_at


@dataclass(frozen=True)
class _Alarm:
    """A warning or a breach that we claimed, and what its policy says. `raised_to` may be None."""

    target: ResponseTarget
    percent: int
    key: str
    policy: str
    step: Step
    told: list[Person]
    called: Person | None
    raised_to: int | None
    passes_on: bool

    @property
    def incident(self) -> Incident:
        return self.target.incident


def note_breach(target_id: int, *, at: datetime) -> bool:
    """`note_breaches` for one; True if we did."""
    return note_breaches([target_id], at=at) == 1


@transaction.atomic
def note_breaches(target_ids: Collection[int], *, at: datetime) -> int:
    """Note which of these targets were breached, and do what their policies say; how many.

    Safe to repeat and to run anywhere at once: each target is claimed by its row lock, and what
    another worker holds right now is left to it. All or nothing: a failure further down undoes
    every claim, so the next sweep tries again. The journal carries the moment of the breach
    (`due_at`), not of the sweep (T1). The same number of queries for one as for a hundred.
    """
    policies = in_force()
    due = ResponseTarget.objects.breached_unnoted(at).filter(pk__in=target_ids)
    claim = due.with_incident().order_by("due_at", "pk")
    held = ("self", "incident") if _raises(policies) else ("self",)
    targets = list(claim.select_for_update(of=held, skip_locked=True))
    if not targets:
        return 0
    claimed = [target.pk for target in targets]
    ResponseTarget.objects.filter(pk__in=claimed).update(breach_noted_at=at)
    TargetWarning.objects.filter(PENDING, target__in=claimed).update(skipped_at=at)  # T3
    found = [(target, BREACH, f"breach:{target.pk}") for target in targets]
    _sound(list(_alarms(found, policies, at)), at)
    return len(targets)


def notify_of_warning(warning_id: int, *, at: datetime) -> bool:
    """`notify_of_warnings` for one; True if we did."""
    return notify_of_warnings([warning_id], at=at) == 1


@transaction.atomic
def notify_of_warnings(warning_ids: Collection[int], *, at: datetime) -> int:
    """Do what the policies say about these targets that near their end; the number told.

    A warning that an outage delayed past the breach is skipped: one breach is told instead (T3).
    Of several of one target that an outage made due at once the latest is notified, the others
    skipped. Safe to repeat and to run anywhere at once, all or nothing, like `note_breaches`.
    """
    policies = in_force()
    due = TargetWarning.objects.due(at).filter(pk__in=warning_ids)
    claim = due.with_incident().order_by("due_at", "pk")
    held = ("self", "target__incident") if _raises(policies) else ("self",)
    warnings = list(claim.select_for_update(of=held, skip_locked=True))
    latest = _latest_due([one.target_id for one in warnings], at)
    fresh = [
        one for one in warnings if one.target.due_at >= at and one.percent == latest[one.target_id]
    ]
    stale = {one.pk for one in warnings} - {one.pk for one in fresh}
    if stale:
        TargetWarning.objects.filter(pk__in=stale).update(skipped_at=at)
    if not fresh:
        return 0
    TargetWarning.objects.filter(pk__in=[one.pk for one in fresh]).update(told_at=at)
    found = [(one.target, one.percent, f"warning:{one.pk}") for one in fresh]
    _sound(list(_alarms(found, policies, at)), at)
    return len(fresh)


def _latest_due(targets: Collection[int], at: datetime) -> dict[int, int]:
    """Target to the highest percentage of its warnings that are due."""
    due = TargetWarning.objects.due(at).filter(target__in=targets).order_by()
    return dict(due.values_list("target").annotate(Max("percent")))


def _raises(policies: dict[str, InForce]) -> bool:
    """Whether incidents may be written, so that their rows are held as well.

    Never waited for: an answer holds the incident first and its target then, we the other way
    round. What somebody works on this second is the next sweep's.
    """
    return any(step.raise_priority for one in policies.values() for step in one.steps)


def _alarms(
    found: Iterable[tuple[ResponseTarget, int, str]], policies: dict[str, InForce], at: datetime
) -> Iterator[_Alarm]:
    """Each with its step, its people, and the priority that it raises its incident to."""
    steps = [
        (target, percent, key, policies[target.level.level].name, step)
        for target, percent, key in found
        for step in [step_at(policies[target.level.level].steps, percent)]
    ]
    people = AlarmPeople({step for *_, step in steps}, at)
    seen = set()  # of an incident, two alarms that an outage put together raise once
    for target, percent, key, policy, step in steps:
        incident, raised_to = target.incident, None
        urgent = raised(incident.priority)
        if step.raise_priority and incident.pk not in seen and urgent != incident.priority:
            seen.add(incident.pk)
            raised_to = urgent
        told, called = people.told(incident, step), people.called(incident, step)
        passes_on = step.redispatch and incident.owner_id is not None and incident.tier == Tier.TS1
        yield _Alarm(target, percent, key, policy, step, told, called, raised_to, passes_on)


def _sound(alarms: list[_Alarm], at: datetime) -> None:
    """Write and owe all that follows from alarms that are claimed; the sweep's own transaction."""
    risen = [one.incident.pk for one in alarms if one.raised_to is not None]
    if risen:
        Incident.objects.filter(pk__in=risen).update(priority=F("priority") - 1)
    passed_on = [alarm for alarm in alarms if alarm.passes_on]
    if passed_on:
        owe_redispatches(((one.target, _why(one)) for one in passed_on), at=at)
    record_all(one for alarm in alarms for one in _entries(alarm, at))
    owe([notice for alarm in alarms for notice in _notices(alarm, at)])


def _entries(alarm: _Alarm, at: datetime) -> Iterator[JournalEntry]:
    incident = alarm.incident
    facts: dict[str, object] = {}
    if alarm.policy:
        facts = {"policy": alarm.policy, "told": [one.pk for one in alarm.told]}
    if alarm.step.call:
        facts["called"] = alarm.called and alarm.called.pk
    if alarm.passes_on:
        facts["passed_on_from"] = incident.owner_id
    if alarm.percent == BREACH:
        kind, facts["noted_at"] = "response_target.breached", at
        yield entry(kind, incident, at=alarm.target.due_at, by=None, rule="T1", **facts)
    else:
        kind, facts["percent"] = "response_target.warned", alarm.percent
        yield entry(kind, incident, at=at, by=None, rule="X3", **facts)
    if alarm.raised_to is not None:
        before, after = incident.priority, alarm.raised_to
        why = {"reason": _why(alarm), "before": before, "after": after}
        yield entry("incident.priority", incident, at=at, by=None, rule="X3", **why)


def _why(alarm: _Alarm) -> str:
    if alarm.percent == BREACH:
        return "The response target was breached"
    return f"{alarm.percent} % of the response time had passed"


def _notices(alarm: _Alarm, at: datetime) -> list[Notice]:
    incident, level = alarm.incident, alarm.target.level
    facts: dict[str, Any] = {
        "at": at,
        "about": incident,
        "due_at": alarm.target.due_at.isoformat(),
        "level": level.get_level_display(),
        "is_raised": alarm.raised_to is not None,
        **audience.facts(incident),
    }
    if alarm.percent == BREACH:
        template = "response_target_breached"
        calendar = working_calendar(alarm.target.calendar)
        facts["is_urgent"] = calendar.is_round_the_clock
    else:
        template, facts["percent"] = "response_target_warning", alarm.percent
    owed = notices_to(alarm.told, template, key=alarm.key, **facts)
    if alarm.called is not None:
        template, key = "response_target_call", f"{alarm.key}:call"
        owed += notices_to([alarm.called], template, key=key, way=Way.CALL, **facts)
    return owed
