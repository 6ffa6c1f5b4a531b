"""What a subscription that takes effect does to the incidents of its licence (R6, R3).

It is sold below this app, which knows no incident: a sweep here finds those that were not applied
yet. A lapse, a cancellation and a downgrade do nothing to what runs (R5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.journal import record
from entitlements.actions.coverage import decide
from entitlements.current import working_calendar
from entitlements.models import CoverageDecision, LevelVersion, Subscription
from entitlements.rules.resolver import RANK
from entitlements.rules.terms import midnight
from entitlements.rules.upgrades import due_after_upgrade
from notices.actions import tell
from tickets.actions import audience
from tickets.actions.dispatching import dispatch
from tickets.actions.locking import locked
from tickets.actions.targets import move_target, open_target
from tickets.models import Incident


@dataclass(frozen=True)
class _Effect:
    """A subscription, and the moment from which it counts for what was reported before."""

    subscription: Subscription
    effective_at: datetime
    at: datetime


def subscriptions_to_apply(at: datetime) -> list[int]:
    """Those that have begun by `at` and were not applied, oldest first, over the partial index."""
    return [
        one.pk
        for one in Subscription.objects.to_apply(at).select_related("organisation")
        if _begins_at(one) <= at
    ]


@transaction.atomic
def apply_subscription(subscription_id: int, *, at: datetime) -> bool:
    """Look at the unfinished incidents of its licence once it has begun; True if we did.

    It counts from the later of its sale and its first moment. What nothing covered is converted;
    what a worse level served is served by the better one, and its running target is due at the
    earlier of the old moment and the new one. A correction computes running targets again from
    their start. Gold that was spent and closed targets stay (C7).

    Safe to repeat and to run twice at once: the UPDATE claims the subscription.
    """
    found = Subscription.objects.to_apply(at).select_related("organisation", "licence")
    subscription = found.filter(pk=subscription_id).first()
    if subscription is None or _begins_at(subscription) > at:
        return False
    if not Subscription.objects.to_apply(at).filter(pk=subscription_id).update(applied_at=at):
        return False
    effective_at = max(subscription.bought_at, _begins_at(subscription))
    effect = _Effect(subscription, effective_at, at)
    theirs = Incident.objects.unfinished().filter(
        licence=subscription.licence_id, received_at__lt=at
    )
    for incident in theirs.order_by("pk"):
        _apply(locked(incident), effect)
    return True


def _apply(incident: Incident, effect: _Effect) -> None:
    before = incident.decision
    if before.pack_id is not None:
        return
    is_correction = effect.subscription.corrects_id is not None
    decided = _decided_again(incident, incident.received_at if is_correction else effect)
    if decided.level is None:
        return
    if before.level is None:
        _convert(incident, decided, effect)
    elif is_correction and decided.level_id != before.level_id:
        _correct(incident, before.level, decided, effect)
    elif RANK[decided.level.level] < RANK[before.level.level]:
        _upgrade(incident, decided, effect)


def _decided_again(incident: Incident, moment: datetime | _Effect) -> CoverageDecision:
    """What serves the report by the contracts as they are, unsaved. Spends no Gold."""
    at = moment.effective_at if isinstance(moment, _Effect) else moment
    return decide(
        organisation=incident.organisation,
        licence=incident.licence,
        project=incident.project,
        service=incident.service.key,
        channel=incident.channel,
        use_gold=False,
        at=max(at, incident.received_at),
        save=False,
    )


def _convert(incident: Incident, decided: CoverageDecision, effect: _Effect) -> None:
    """Nothing covered it; now an answer is owed, from the moment the subscription counts."""
    _replace(incident, decided, effect, "incident.converted", "R3")
    target = open_target(incident, at=max(effect.effective_at, incident.received_at))
    assert target is not None, "an incident that nothing covered has no target"
    dispatch(incident, at=effect.at)
    _tell(incident, "incident_covered", effect, due_at=target.due_at)


def _upgrade(incident: Incident, decided: CoverageDecision, effect: _Effect) -> None:
    _replace(incident, decided, effect, "incident.upgraded", "R6")
    target = incident.targets.open().first()
    level = _level_of(decided)
    if target is None:
        return
    since = max(effect.effective_at, target.opened_at)
    calendar = working_calendar(level.calendar)
    due_at = due_after_upgrade(target.due_at, since, level.response_time, calendar)
    if due_at < target.due_at:
        move_target(target, level=level, counted_from_at=since, due_at=due_at, at=effect.at)
        _tell(incident, "incident_upgraded", effect, due_at=due_at)


def _correct(
    incident: Incident, before: LevelVersion, decided: CoverageDecision, effect: _Effect
) -> None:
    """The promise was a mistake: what is owed is counted anew from where it began."""
    _replace(incident, decided, effect, "incident.corrected", "R6")
    target = incident.targets.open().first()
    level = _level_of(decided)
    if target is None:
        return
    calendar = working_calendar(level.calendar)
    due_at = calendar.due(target.opened_at, level.response_time)
    move_target(target, level=level, counted_from_at=target.opened_at, due_at=due_at, at=effect.at)
    _tell(incident, "incident_upgraded", effect, due_at=due_at)


def _replace(
    incident: Incident, decided: CoverageDecision, effect: _Effect, kind: str, rule: str
) -> None:
    """The former decision stays stored, and named in the journal."""
    before = incident.decision
    decided.save()
    incident.decision = decided
    incident.save(update_fields=["decision"])
    record(
        kind,
        incident,
        at=effect.at,
        by=None,
        rule=rule,
        subscription=effect.subscription.pk,
        effective_at=effect.effective_at,
        before=before.pk,
        after=decided.pk,
    )


def _tell(incident: Incident, template: str, effect: _Effect, *, due_at: datetime) -> None:
    level = _level_of(incident.decision)
    tell(
        [incident.reporter],
        template,
        key=f"applied:{effect.subscription.pk}:{incident.pk}",
        at=effect.at,
        about=incident,
        level=level.get_level_display(),
        hours=level.response_time.total_seconds() / 3600,
        due_at=due_at.isoformat(),
        **audience.customer_facts(incident),
    )


def _level_of(decision: CoverageDecision) -> LevelVersion:
    assert decision.level is not None, "the caller has looked"
    return decision.level


def _begins_at(subscription: Subscription) -> datetime:
    return midnight(subscription.starts_on, subscription.organisation.timezone)
