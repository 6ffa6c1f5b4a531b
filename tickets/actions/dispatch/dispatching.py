"""Which engineer gets an incident, and who gets it when it lies (rule 6).

The choice is `tickets.rules.dispatch.choosing`; here it is asked about everybody who might do,
stored with its reasons, and told. Nobody else gives incidents out by themselves.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import JSONObject

from accounts.enums import Role
from accounts.models import Assignment, Person
from core import rls
from core.journal import entries_of, record
from entitlements.enums import Supplier
from entitlements.reads.current import working_calendar
from notices.outbox import notify
from rota.reads.duty import is_on_duty
from tickets.actions import audience
from tickets.actions.locking import locked
from tickets.enums import UNFINISHED, State
from tickets.models import (
    Dispatch,
    DispatchRulesVersion,
    EngineerProfile,
    Incident,
    ResponseTarget,
)
from tickets.reads.engineers import engineer, needs_level_2
from tickets.rules.dispatch.choosing import (
    Candidate,
    Considered,
    Reason,
    Standing,
    Wanted,
    candidate,
    decide,
)
from tickets.rules.dispatch.settings import AS_DELIVERED, DispatchRules

KEPT = 40  # of those considered, with a decision


def dispatch(
    incident: Incident, *, at: datetime, reason: str = "", owed: ResponseTarget | None = None
) -> Person | None:
    """Give an unowned incident to the engineer who should answer it; None when nobody has room.

    Then the leads are notified once, and the sweep gives it out as soon as somebody has. An
    incident that nothing covers waits for a human's decision. Safe at once: the UPDATE claims it.
    `owed` is its open target, where the caller has just opened it.
    """
    if incident.owner_id is not None or incident.decision.level_id is None:
        return None
    with rls.everything():  # an engineer's load is counted over all their organisations
        decision = _decided(incident, at)
        chosen = decision.chosen
        if chosen is None:
            _notify_nobody_fits(incident, decision.considered, at)
            return None
        unowned = Incident.objects.filter(pk=incident.pk, owner=None, state__in=UNFINISHED)
        if not unowned.update(owner=chosen):
            return None
    incident.owner = chosen
    _keep(incident, decision, owed or _owed(incident), reason=reason, at=at)
    return chosen


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
        decision = _decided(incident, at)
        chosen = decision.chosen
        had_it = {*incident.dispatches.values_list("to", flat=True), incident.owner_id}
        if chosen is None or chosen.pk in had_it:
            return None
        Incident.objects.filter(pk=incident.pk).update(owner=chosen)
    incident.owner = chosen
    _settle(incident.dispatches.exclude(to=chosen), at)
    _keep(incident, decision, _owed(incident), reason=reason, at=at)
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
    _notify_it_waits(incident, at)
    return False


def settle_taken(dispatch_ids: Collection[int], *, at: datetime) -> int:
    """Settle at once those that were answered or ended meanwhile, which are most; how many."""
    due = Dispatch.objects.due(at).filter(pk__in=dispatch_ids)
    return due.exclude(incident__state=State.NEW).update(settled_at=at)


def _lies(incident: Incident, given: Dispatch) -> bool:
    if incident.state != State.NEW or incident.owner_id != given.to_id:
        return False
    return not entries_of(incident).filter(by=given.to, at__gte=given.at).exists()


@dataclass(frozen=True)
class _Decision:
    """Who gets it, if anybody; the rules that said so, and the id of their version."""

    considered: list[Considered]
    chosen: Person | None
    rules: DispatchRules = AS_DELIVERED
    version: int | None = None


def _decided(incident: Incident, at: datetime) -> _Decision:
    """Everybody who works at TS1 for the vendor or for the customer's partner; in two queries.

    One decision at a time, until its transaction ends: the next one sees what this one gave to
    whom, so that many at once neither fill an engineer beyond their room nor give all to one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tickets.dispatch'))")
    people: dict[int, Any] = {one.pk: one for one in _candidates(incident, at)}
    if not people:
        return _Decision([], None)
    counting = next(iter(people.values())).counting
    rules = DispatchRules.read(counting) if counting else AS_DELIVERED
    loads, nothing = _loads(incident), _Load()
    wanted = _wanted(incident)
    candidates = [
        _candidate(one, incident, wanted, loads.get(pk, nothing), rules.capacity)
        for pk, one in people.items()
    ]
    considered = decide(wanted, candidates, rules)
    first = considered[0]
    chosen = people[first.person] if first.reason == Reason.CHOSEN else None
    return _Decision(considered, chosen, rules, counting["pk"] if counting else None)


def _owed(incident: Incident) -> ResponseTarget | None:
    return incident.targets.open().select_related("calendar").first()


def _keep(
    incident: Incident,
    decision: _Decision,
    target: ResponseTarget | None,
    *,
    reason: str,
    at: datetime,
) -> None:
    """Store the decision with its reasons, and tell who got it."""
    chosen, *_ = considered = decision.considered
    take_by = None
    if target is not None and incident.state == State.NEW:
        calendar = working_calendar(target.calendar)
        take_by = calendar.due(at, target.target * decision.rules.take_within / 100)
    kept = Dispatch.objects.create(
        organisation_id=incident.organisation_id,
        incident=incident,
        to_id=chosen.person,
        considered=[asdict(one) for one in considered[:KEPT]],
        rules_id=decision.version,
        reason=reason,
        at=at,
        take_by=take_by if target and take_by and take_by < target.due_at else None,
    )
    facts = {"to": chosen.person, "dispatch": kept.pk, "reason": reason}
    record("incident.dispatched", incident, at=at, by=None, rule="rule 6", **facts)
    notify(
        [incident.owner] if incident.owner else [],
        "incident_assigned",
        key=f"assigned:{incident.pk}:{chosen.person}:{at:%Y%m%d%H%M%S}",
        at=at,
        about=incident,
        due_at=target.due_at.isoformat() if target else None,
        why=f"Why you: {chosen.sentence}." + (f" {reason}" if reason else ""),
        **audience.facts(incident),
    )


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


def _notify_nobody_fits(incident: Incident, considered: list[Considered], at: datetime) -> None:
    """The leads, once an incident: it waits for somebody's room or duty."""
    sentences = [f"{one.name} {one.sentence}." for one in considered[:10]]
    _notify_leads(incident, "incident_unassigned", f"unassigned:{incident.pk}", sentences, at)


def _notify_it_waits(incident: Incident, at: datetime) -> None:
    _notify_leads(incident, "incident_lies", f"lies:{incident.pk}", [], at)


def _notify_leads(
    incident: Incident, template: str, key: str, reasons: list[str], at: datetime
) -> None:
    target = incident.targets.open().first()
    notify(
        Person.objects.leads(),
        template,
        key=key,
        at=at,
        about=incident,
        owner=str(incident.owner) if incident.owner else "",
        reasons=reasons,
        due_at=target.due_at.isoformat() if target else None,
        **audience.facts(incident),
    )


def _settle(dispatches: QuerySet[Dispatch], at: datetime) -> None:
    dispatches.filter(settled_at=None).update(settled_at=at)


def _wanted(incident: Incident) -> Wanted:
    supplied_by = _supplied_by(incident)
    return Wanted(needs_level_2(supplied_by), incident.language, incident.service.key)


def _supplied_by(incident: Incident) -> Collection[str]:
    level = incident.decision.level
    return level.supplied_by if level else []


def _team(incident: Incident) -> QuerySet[Person]:
    able = Q(role=Role.TS1)
    if incident.organisation.partner_id and Supplier.PARTNER in _supplied_by(incident):
        able |= Q(role=Role.PARTNER, partner=incident.organisation.partner_id)
    team: QuerySet[Person] = Person.objects.active().filter(able)
    return team


def _candidates(incident: Incident, at: datetime) -> QuerySet[Person]:
    """Who might do, each with what of them only the database knows, and the rules of the moment.

    Those come with the same query, which the database reads once for all rows.
    """
    assigned = Assignment.objects.filter(person=OuterRef("pk"))
    theirs = Exists(assigned.filter(organisation=incident.organisation_id))
    profiles = EngineerProfile.objects.filter(person=OuterRef("pk"), services__isnull=False)
    candidates: QuerySet[Person] = (
        _team(incident)
        .select_related("partner", "engineer_profile")
        .annotate(
            serves_them=_flag(Q(theirs) | Q(~Exists(assigned))),
            at_work=_flag(is_on_duty(at)),
            had_it=Exists(incident.dispatches.filter(to=OuterRef("pk"))),
            knows=ArraySubquery(profiles.values("services__key")),
            counting=Subquery(_rules(at)),
        )
    )
    return candidates


def _rules(at: datetime) -> QuerySet[DispatchRulesVersion, Any]:
    """The version that counts at `at`, as one object; none before the first."""
    fields = ("pk", *AS_DELIVERED.facts())
    counting = DispatchRulesVersion.objects.counting(at)
    return counting.values(found=JSONObject(**{one: one for one in fields}))[:1]


def _flag(condition: Q) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(condition, output_field=BooleanField())


@dataclass(frozen=True)
class _Load:
    """What an engineer owns that is unfinished."""

    number: int = 0
    urgent: int = 0
    last_given_at: datetime | None = None


def _loads(incident: Incident) -> dict[int, _Load]:
    """By engineer; one pass over what is unfinished, so years of finished work cost nothing."""
    urgent = Count("pk", filter=Q(priority__lte=incident.priority))
    owned = Incident.objects.unfinished().filter(owner__isnull=False).order_by().values("owner")
    counted = owned.annotate(number=Count("pk"), urgent=urgent, last=Max("received_at"))
    return {
        one["owner"]: _Load(one["number"], one["urgent"], one["last"])
        for one in counted.values("owner", "number", "urgent", "last")
    }


def _candidate(
    person: Any, incident: Incident, wanted: Wanted, load: _Load, room: int
) -> Candidate:
    standing = Standing(
        serves=person.serves_them,
        on_duty=person.at_work,
        did_not_take=person.had_it or person.pk == incident.owner_id,
        load=load.number,
        urgent=load.urgent,
        last_given_at=load.last_given_at,
    )
    return candidate(engineer(person, person.knows), wanted, standing, room)
