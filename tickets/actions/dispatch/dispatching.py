"""Which engineer gets an incident, and who gets it when it lies (rule 6).

The choice is `tickets.rules.dispatch.choosing`; here it is asked about everybody who might do,
stored with its reasons, and told. Nobody else gives incidents out by themselves. Who files only
asks for it (`dispatch_soon`): a worker, woken by the commit, gives out all that waits together.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from accounts.models import Person
from core import rls
from core.journal import entries_of
from core.nudges import nudge_on_commit
from core.sweeps import due_ids
from notices.outbox import notify
from tickets.actions import audience
from tickets.actions.dispatch.decisions import (
    Given,
    keep,
    notify_it_waits,
    notify_nobody_fits,
)
from tickets.actions.dispatch.roster import Roster, decide_alone, may_decide_alone
from tickets.actions.locking import locked
from tickets.enums import UNFINISHED, State
from tickets.models import Dispatch, Incident
from tickets.querysets import being_sent
from tickets.rules.dispatch.settings import AS_DELIVERED, DispatchRules

HALF = 250  # of what a run looks at
DISPATCHES = "tickets.tasks.dispatch_waiting"


def dispatch_soon(incident: Incident) -> None:
    """Have a worker give it to an engineer, after the commit and within a second.

    Nothing else is written: an unfinished incident that is covered and has no owner is on the list
    already, and beat looks at that anyway. So nobody who files waits for anybody else.
    """
    if incident.owner_id is None and incident.decision.level_id is not None:
        nudge_on_commit(DISPATCHES)


def dispatch(incident: Incident, *, at: datetime, reason: str = "") -> Person | None:
    """Give an unowned incident to the engineer who should answer it, now; None when nobody can.

    For whoever has to know at once. Then the leads are notified once, and the sweep gives it out
    as soon as somebody has room. An incident that nothing covers waits for a human's decision.
    """
    if incident.owner_id is not None or incident.decision.level_id is None:
        return None
    with rls.everything():  # an engineer's load is counted over all their organisations
        decide_alone()
        given = _give_out([incident.pk], at=at, reason=reason)
    if not given:
        return None
    incident.owner = given[0].incident.owner
    return incident.owner


def waiting_for_dispatch() -> list[int]:
    """The keys of what a run looks at: the most urgent, and those that waited longest for a look.

    So what frees up goes to who needs it most, and however many find nobody, each has its turn.
    What dispatch has not looked at yet comes before all that it has.
    """
    waiting = Incident.objects.unassigned()
    urgent = due_ids(waiting.order_by("priority", "received_at", "pk"), HALF)
    if len(urgent) < HALF:
        return urgent  # these are all
    turn = F("dispatch_tried_at").asc(nulls_first=True)
    others = waiting.exclude(pk__in=urgent).order_by(turn, "received_at", "pk")
    return urgent + due_ids(others, HALF)


def dispatch_together(incidents: Collection[int], *, at: datetime) -> int:
    """Give out those of these that still wait, the most urgent first; the number given.

    In the caller's transaction, which sees everything. Safe to repeat and to run anywhere at once:
    one decides at a time, and what somebody else holds is left to the next run.
    """
    return len(_give_out(incidents, at=at)) if may_decide_alone() else 0


def _give_out(incidents: Collection[int], *, at: datetime, reason: str = "") -> Sequence[Given]:
    """Decide about each, in order of urgency; what found nobody has its turn after the others."""
    waiting = list(_claimed(incidents, at))
    roster = Roster(waiting, at=at) if waiting else None
    if roster is None:
        return ()
    given, nobody = [], []
    has_room = roster.has_room
    for incident in waiting:
        if not has_room and incident.dispatch_tried_at is not None:
            continue  # as it was the last time, of which the leads know
        decision = roster.decide(incident)
        if decision.chosen is None:
            nobody.append((incident, decision.considered, roster.times_given(incident)))
            continue
        roster.give(incident, decision.chosen)
        incident.owner = decision.chosen
        given.append(Given(incident, decision, max(at, incident.received_at), reason))
    Incident.objects.bulk_update([one.incident for one in given], ["owner"])
    keep(given)
    notify_nobody_fits(nobody, at)
    tried = Incident.objects.filter(pk__in=[incident.pk for incident, *_ in nobody])
    tried.update(dispatch_tried_at=at)
    return given


def _claimed(incidents: Collection[int], at: datetime) -> QuerySet[Incident]:
    """Those that wait, ours until the transaction ends; never waited for, and messages go on.

    Whoever has answered one, and can take that back for seconds still, will have it.
    """
    answered = Exists(being_sent(OuterRef("pk"), at))
    free = Incident.objects.unassigned().filter(~answered, pk__in=incidents)
    free = free.select_related("organisation", "decision__level", "service")
    free = free.select_for_update(of=("self",), skip_locked=True, no_key=True)
    return free.order_by("priority", "received_at", "pk")


@transaction.atomic
def redispatch(incident: Incident, *, at: datetime, reason: str) -> Person | None:
    """Give an owned incident to another who should answer it; None when there is nobody else.

    Its owner and whoever had it before come last, so it does not go back to them. Both are
    notified.
    """
    incident = locked(incident)
    if incident.state not in UNFINISHED or incident.decision.level_id is None:
        return None
    with rls.everything():
        former = incident.owner
        decide_alone()
        decision = Roster([incident], at=at).decide(incident)
        chosen = decision.chosen
        had_it = {*incident.dispatches.values_list("to", flat=True), incident.owner_id}
        if chosen is None or chosen.pk in had_it:
            return None
        Incident.objects.filter(pk=incident.pk).update(owner=chosen)
    incident.owner = chosen
    _settle(incident.dispatches.exclude(to=chosen), at)
    keep([Given(incident, decision, at, reason)])
    if former is not None:
        _notify_former(incident, former, chosen, reason, at)
    return chosen


@transaction.atomic
def pass_on(dispatch_id: int, *, at: datetime) -> bool:
    """Look whether an incident was taken in time, and give it to another if not; True if we did.

    Taken is what its owner did anything on that the journal knows: accepted, noted, answered,
    handed over. After some tries, or when nobody else fits, the leads are told instead; how many
    those are, the rules say that it was given by. Safe to repeat and to run anywhere at once: the
    row is claimed by its lock.
    """
    due = Dispatch.objects.due(at).filter(pk=dispatch_id)
    due = due.select_related("incident__decision", "rules")
    # With its incident, and neither waited for: who holds that may be about to settle this.
    given = due.select_for_update(of=("self", "incident"), skip_locked=True).first()
    if given is None:
        return False
    given.settled_at = at
    given.save(update_fields=["settled_at"])
    incident = locked(given.incident)
    if not _lies(incident, given):
        return False
    reason = f"{given.to} had not taken it."
    rules = given.rules.rules if given.rules else AS_DELIVERED
    return give_to_another(incident, rules, at=at, reason=reason)


def give_to_another(incident: Incident, rules: DispatchRules, *, at: datetime, reason: str) -> bool:
    """Re-dispatch what nobody took, where the rules allow one more try; else notify the leads."""
    is_last = incident.dispatches.count() >= rules.most_tries
    if not is_last and redispatch(incident, at=at, reason=reason):
        return True
    notify_it_waits(incident, at)
    return False


def settle_taken(dispatch_ids: Collection[int], *, at: datetime) -> int:
    """Settle at once those that were answered or ended meanwhile, which are most; how many."""
    due = Dispatch.objects.due(at).filter(pk__in=dispatch_ids)
    return due.exclude(incident__state=State.NEW).update(settled_at=at)


def _lies(incident: Incident, given: Dispatch) -> bool:
    if incident.state != State.NEW or incident.owner_id != given.to_id:
        return False
    return not entries_of(incident).filter(by=given.to, at__gte=given.at).exists()


def _notify_former(
    incident: Incident, former: Person, to: Person, reason: str, at: datetime
) -> None:
    notify(
        [former],
        "incident_passed_on",
        key=f"passed:{incident.pk}:{at:%Y%m%d%H%M%S}",
        at=at,
        about=incident,
        to=str(to),
        reason=reason,
        **audience.facts(incident),
    )


def _settle(dispatches: QuerySet[Dispatch], at: datetime) -> None:
    dispatches.filter(settled_at=None).update(settled_at=at)
