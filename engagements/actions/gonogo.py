"""Go / no-go by name: a round with criteria and the votes of both sides, and its decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.moments import dated
from core.text import clean, one_line
from core.words import listed
from engagements import policies
from engagements.actions.common import (
    facts_of,
    locked,
    managed,
    tell_customer,
    tell_team,
    worked,
)
from engagements.actions.running import join
from engagements.enums import Criterium, Decision
from engagements.errors import (
    CutOverMissing,
    NameMissing,
    NotAsked,
    NotRunning,
    ReasonMissing,
    RoundIncomplete,
    RoundOneSided,
    RoundOpen,
    RoundOver,
    VotedTwice,
)
from engagements.models import Criterion, CutOver, Engagement, GoNoGo, Vote
from engagements.reads.catalogue import sheet_now
from engagements.reads.deployment import outcome_of
from engagements.rules.gonogo import GO
from entitlements.rules.zones import zone_of
from notices.outbox import notify

Roles = Sequence[tuple[str, Person]]  # the role, and who speaks for it


@transaction.atomic
def call(
    engagement: Engagement, roles: Roles, *, meets_at: datetime, by: Person, at: datetime
) -> GoNoGo:
    """A round with the managers' criteria, or those of the round before; everybody named is
    asked by mail, and takes part from then on.

    Errors: `NotAllowed`, `NotRunning`, `CutOverMissing`, `RoundOpen`, `RoundOneSided`,
    `VotedTwice`.
    """
    engagement = managed(engagement, by)
    if engagement.starts_on is None:
        raise NotRunning(number=engagement.number)
    held = CutOver.objects.filter(engagement=engagement).first()
    if held is None or held.starts_at is None:
        raise CutOverMissing()
    before = GoNoGo.objects.filter(engagement=engagement).order_by("-number").first()
    if before is not None and not before.decision:
        raise RoundOpen(number=before.number)
    _check_roles(roles, engagement)
    made = GoNoGo.objects.create(
        organisation_id=engagement.organisation_id,
        engagement=engagement,
        number=before.number + 1 if before else 1,
        meets_at=meets_at,
        called_by=by,
        called_at=at,
    )
    _write_sheet(made, before, roles)
    record("gonogo.called", engagement, at=at, by=by, rule="N10", round=made.number)
    for role, person in roles:
        join(engagement, person=person, part=role, by=by, at=at)
    _ask(made, roles, at)
    return made


def _check_roles(roles: Roles, engagement: Engagement) -> None:
    people = [person for _, person in roles]
    twice = next((one for one in people if people.count(one) > 1), None)
    if twice is not None:
        raise VotedTwice(person=twice)
    for one in people:
        if one.is_customer and one.organisation_id != engagement.organisation_id:
            raise NotAllowed()
    if {one.is_customer for one in people} != {True, False}:
        raise RoundOneSided()


def _write_sheet(made: GoNoGo, before: GoNoGo | None, roles: Roles) -> None:
    of = {"organisation_id": made.organisation_id, "engagement": made.engagement, "round": made}
    texts = [one.text for one in before.criteria.all()] if before else sheet_now().criteria
    Criterion.objects.bulk_create(
        Criterion(**of, place=10 * place, text=text) for place, text in enumerate(texts, 1)
    )
    Vote.objects.bulk_create(
        Vote(**of, person=person, role=one_line(role)[:120]) for role, person in roles
    )


def _ask(made: GoNoGo, roles: Roles, at: datetime) -> None:
    engagement = made.engagement
    meets = dated(made.meets_at.astimezone(zone_of(engagement.organisation.timezone)))
    for role, person in roles:
        facts = facts_of(engagement, for_staff=not person.is_customer)
        facts["url"] = f"{facts['url']}go-no-go/"
        said: dict[str, Any] = {"role": role, "meets": meets, "round": made.number}
        key = f"vote:{made.pk}:{person.pk}"
        notify([person], "engagement_vote", key=key, at=at, about=engagement, **facts, **said)


@transaction.atomic
def add_criterion(made: GoNoGo, text: str, *, by: Person, at: datetime) -> Criterion:
    """One that this project has besides. Errors: `NotAllowed`, `RoundOver`, `ReasonMissing`."""
    engagement = worked(made.engagement, by)
    made = _open(made)
    text = one_line(text)[:200]
    if not text:
        raise ReasonMissing()
    last = made.criteria.order_by("-place").first()
    found = Criterion.objects.create(
        organisation_id=engagement.organisation_id,
        engagement=engagement,
        round=made,
        place=(last.place if last else 0) + 10,
        text=text,
    )
    record("gonogo.criterion", engagement, at=at, by=by, text=text)
    return found


@transaction.atomic
def check(
    criterion: Criterion, result: Criterium, *, remark: str = "", by: Person, at: datetime
) -> Criterion:
    """What was found of it; what is not met or is waived says why.

    Errors: `NotAllowed`, `RoundOver`, `ReasonMissing`.
    """
    engagement = worked(criterion.engagement, by)
    _open(criterion.round)
    remark = clean(remark)[:500]
    if result != Criterium.MET and not remark:
        raise ReasonMissing()
    criterion = Criterion.objects.select_for_update().get(pk=criterion.pk)
    criterion.result, criterion.remark = result, remark
    criterion.checked_by, criterion.checked_at = by, at
    criterion.save(update_fields=["result", "remark", "checked_by", "checked_at"])
    facts = {"text": criterion.text, "result": result, "remark": remark}
    record("gonogo.checked", engagement, at=at, by=by, rule="N10", **facts)
    return criterion


@transaction.atomic
def give_vote(
    made: GoNoGo, vote: Decision, *, name: str, reason: str = "", by: Person, at: datetime
) -> Vote:
    """Of who is named, for themselves alone; it can be changed until the decision.

    Errors: `EngagementOver`, `RoundOver`, `NotAsked`, `NameMissing`, `ReasonMissing`.
    """
    locked(made.engagement)
    made = _open(made)
    held = Vote.objects.select_for_update().filter(round=made, person=by).first()
    if held is None or not policies.may_see(by, made.engagement):
        people = [str(one.person) for one in made.votes.select_related("person")]
        raise NotAsked(people=listed(people))
    name, reason = one_line(name)[:200], clean(reason)[:500]
    if not name:
        raise NameMissing()
    if vote == Decision.NO_GO and not reason:
        raise ReasonMissing()
    held.vote, held.signed_name, held.reason, held.voted_at = vote, name, reason, at
    held.save(update_fields=["vote", "signed_name", "reason", "voted_at"])
    facts = {"role": held.role, "vote": vote, "signed_name": name, "reason": reason}
    record("gonogo.voted", made.engagement, at=at, by=by, rule="N10", **facts)
    return held


@transaction.atomic
def decide(made: GoNoGo, *, reason: str = "", by: Person, at: datetime) -> GoNoGo:
    """Write down what criteria and votes come to. A no-go keeps the date open (N10).

    Errors: `NotAllowed`, `RoundOver`, `RoundIncomplete`, `CutOverMissing`.
    """
    engagement = managed(made.engagement, by)
    made = _open(made)
    held = CutOver.objects.select_for_update().filter(engagement=engagement).first()
    if held is None or held.starts_at is None:
        raise CutOverMissing()
    found = outcome_of(made)
    if not found.decision:
        raise RoundIncomplete(what=listed(found.reasons))
    made.decision, made.decided_at, made.decided_by = found.decision, at, by
    made.for_starts_at = held.starts_at
    said = [clean(reason), *(f"{one[0].upper()}{one[1:]}." for one in found.reasons)]
    made.reason = "\n".join(one for one in said if one)[:1000]
    made.save()
    if found.decision != GO:
        held.starts_at, held.until = None, None
        held.save(update_fields=["starts_at", "until"])
    facts = {"round": made.number, "decision": made.decision, "reason": made.reason}
    facts["starts_at"] = made.for_starts_at
    record("gonogo.decided", engagement, at=at, by=by, rule="N10", **facts)
    label = made.get_decision_display()
    key = f"decided:{made.pk}"
    told = {"decision": label, "reason": made.reason, "is_open": found.decision != GO}
    tell_customer(engagement, "engagement_decided", key=key, at=at, **told)
    tell_team(engagement, "engagement_decided", key=key, at=at, but=by, **told)
    return made


def _open(made: GoNoGo) -> GoNoGo:
    rows = GoNoGo.objects.select_related("engagement__organisation")
    fresh = rows.select_for_update(of=("self",)).get(pk=made.pk)
    if fresh.decision:
        raise RoundOver(number=fresh.number, decision=fresh.get_decision_display().lower())
    return fresh
