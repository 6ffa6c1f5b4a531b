"""What a subscription that takes effect does to the incidents of its licence (R6, R3), and what
the confirmation of a claimed licence does (K1).

Both happen below this app, where no incident is known: sweeps here find those that were not applied
yet. A lapse, a cancellation and a downgrade do nothing to what runs (R5); what a correction does
is in `corrections`.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from entitlements.levels import RANK
from entitlements.models import CoverageDecision, Licence, Subscription
from entitlements.reads.current import working_calendar
from entitlements.rules.upgrades import due_after_upgrade
from tickets.actions.dispatch.dispatching import dispatch_soon
from tickets.actions.ladder.internal_targets import open_internal
from tickets.actions.locking import locked
from tickets.actions.promises.corrections import count_again
from tickets.actions.promises.redeciding import (
    Cause,
    Confirmation,
    Effect,
    begins_at,
    decided_again,
    level_of,
    notify_reporter,
    replace_decision,
)
from tickets.actions.promises.targets import move_target, open_target
from tickets.enums import UNFINISHED
from tickets.models import Incident


def subscriptions_to_apply(at: datetime) -> list[int]:
    """Those that have begun by `at` and were not applied, oldest first, over the partial index."""
    return [
        one.pk
        for one in Subscription.objects.to_apply(at).select_related("organisation")
        if begins_at(one) <= at
    ]


@transaction.atomic
def apply_subscription(subscription_id: int, *, at: datetime) -> bool:
    """Look at the unfinished incidents of its licence once it has begun; True if we did.

    It counts from the later of its sale and its first moment. What nothing covered is converted;
    what a worse level served is served by the better one, and its running target is due at the
    earlier of the old moment and the new one. A correction counts running targets again from
    their start. Gold that was spent and closed targets stay (C7).

    Safe to repeat and to run twice at once: the UPDATE claims the subscription.
    """
    found = Subscription.objects.to_apply(at).select_related("organisation")
    subscription = found.filter(pk=subscription_id).first()
    if subscription is None or begins_at(subscription) > at:
        return False
    if not Subscription.objects.to_apply(at).filter(pk=subscription_id).update(applied_at=at):
        return False
    effect = Effect(subscription, at)
    theirs = Incident.objects.unfinished().filter(
        licence=subscription.licence_id, received_at__lt=at
    )
    for incident in theirs.order_by("pk"):
        _apply(locked(incident), effect)
    return True


def claims_to_take_up() -> list[int]:
    """Claims that were confirmed and not looked at since, the oldest first."""
    return list(Licence.objects.to_take_up().order_by("confirmed_at").values_list("pk", flat=True))


@transaction.atomic
def take_up(licence_id: int, *, at: datetime) -> bool:
    """Look at what was reported on a claim before it was confirmed; True if this call did.

    What nothing covered is taken up with a clock from the moment of the confirmation (K1).
    Safe to repeat and to run twice at once: the UPDATE claims the licence.
    """
    if not Licence.objects.to_take_up().filter(pk=licence_id).update(taken_up_at=at):
        return False
    confirmation = Confirmation(Licence.objects.get(pk=licence_id), at)
    theirs = Incident.objects.unfinished().filter(
        licence=licence_id, received_at__lt=confirmation.effective_at
    )
    for incident in theirs.order_by("pk"):
        held = locked(incident)
        if held.state in UNFINISHED and held.decision.pack_id is None:
            _improve(held, confirmation)
    return True


def catch_up(incident: Incident, *, at: datetime) -> None:
    """Apply what took effect after a report was received and before it was filed, just now.

    A mail may wait for its handling while a subscription is sold and applied, or the licence is
    confirmed. It is decided by
    its own moment all the same (R1), and an upgrade counts for it as if it had been there (R6).
    Call it in the transaction of the filing.
    """
    licence = incident.licence
    if licence is not None and licence.counts and not licence.counted_at(incident.received_at):
        _improve(incident, Confirmation(licence, at))
    since = Subscription.objects.standing().filter(
        licence=incident.licence_id, applied_at__gte=incident.received_at
    )
    for subscription in since.select_related("organisation").order_by("applied_at", "pk"):
        effect = Effect(subscription, at)
        if effect.effective_at > incident.received_at:
            _improve(incident, effect)


def _apply(incident: Incident, effect: Effect) -> None:
    decision = incident.decision
    if incident.state not in UNFINISHED or decision.pack_id is not None:
        return
    is_given = decision.level_id is None or decision.goodwill
    if effect.subscription.corrects_id is None or is_given:
        _improve(incident, effect)
    else:
        count_again(incident, effect)


def _improve(incident: Incident, effect: Cause) -> None:
    """Serve it by a better level than before, if there is one now."""
    before = incident.decision.level
    decided = decided_again(incident, max(effect.effective_at, incident.received_at))
    if decided.level is None:
        return
    if before is None:
        _convert(incident, decided, effect)
    elif RANK[decided.level.level] < RANK[before.level]:
        _upgrade(incident, decided, effect)


def _convert(incident: Incident, decided: CoverageDecision, effect: Cause) -> None:
    """Nothing covered it; now an answer is owed, from the moment that the cause counts."""
    replace_decision(incident, decided, effect, kind="incident.converted", rule="R3")
    target = open_target(incident, at=decided.at)
    assert target is not None, "an incident that nothing covered has no target"
    open_internal(incident, at=effect.at)
    dispatch_soon(incident)
    notify_reporter(incident, "incident_covered", effect, due_at=target.due_at)


def _upgrade(incident: Incident, decided: CoverageDecision, effect: Cause) -> None:
    replace_decision(incident, decided, effect, kind="incident.upgraded", rule="R6")
    target = incident.targets.open().first()
    if target is None:
        return
    level = level_of(decided)
    since = max(decided.at, target.opened_at)
    calendar = working_calendar(level.calendar)
    due_at = due_after_upgrade(target.due_at, since, level.response_time, calendar)
    if due_at == target.due_at:
        return
    if move_target(target, level=level, counted_from_at=since, due_at=due_at, at=effect.at):
        notify_reporter(incident, "incident_upgraded", effect, due_at=due_at)
