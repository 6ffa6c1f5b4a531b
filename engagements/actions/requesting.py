"""An engagement is asked for, taken up, declined, ended (N1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from accounts.models import Organisation, Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean, clean_block, one_line
from core.words import day_in_words
from engagements import policies
from engagements.actions.common import locked, managed, tell_customer, tell_team
from engagements.actions.promises import end_of, keep, promise, withdraw_all
from engagements.actions.visits import let_go
from engagements.enums import Kind, Owed, State, VisitState
from engagements.errors import (
    NotEntitled,
    NotRequested,
    ReasonMissing,
    TitleMissing,
    VisitStillAgreed,
)
from engagements.models import Engagement
from engagements.reads.bases import allowed, local_day
from engagements.rules.eligibility import CONTRACT, PROJECT, Decision
from engagements.rules.plan import working_day
from engagements.text.eligibility import refusal_in_words
from entitlements.enums import Channel
from entitlements.rules.zones import zone_of
from tickets.models import Incident

REPLY_WITHIN = 2  # working days, in which a request is replied to; assumed


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked for, as it came in."""

    kind: Kind
    title: str
    summary: str = ""
    channel: str = Channel.PORTAL
    incident: Incident | None = None


@transaction.atomic
def request(
    organisation: Organisation, wish: Wish, *, contact: Person, by: Person, at: datetime
) -> Engagement:
    """`contact` asks for it; `by` is who writes it down: they themselves, or one of us.

    Whether a contract allows it is decided as of `at` (N1) and kept with the reasons. A reply is
    owed in two working days. Errors: `NotAllowed`, `TitleMissing`, and `NotEntitled`, which says
    what it would take: then nothing is written.
    """
    if not policies.may_request(by, organisation) or contact.organisation_id != organisation.pk:
        raise NotAllowed()
    title = one_line(wish.title)[:200]
    if not title:
        raise TitleMissing()
    decision = allowed(organisation, wish.kind, at=at)
    if decision.chosen is None:
        why = refusal_in_words(decision.as_json())
        raise NotEntitled(what=wish.kind.label, why=why)
    engagement = Engagement.objects.create(
        number=_next_number(at),
        organisation=organisation,
        kind=wish.kind,
        title=title,
        summary=clean_block(wish.summary),
        channel=wish.channel,
        incident=wish.incident,
        requested_by=contact,
        owner=organisation.tam,
        requested_at=at,
        **_of(decision),
    )
    _acknowledge(engagement, by=by, at=at)
    return engagement


def _of(decision: Decision) -> dict[str, object]:
    """The contract by which it is allowed, as the row keeps it."""
    assert decision.chosen is not None
    source, _, key = decision.chosen.id.partition(":")
    found: dict[str, object] = {"basis": decision.as_json()}
    if source == CONTRACT:
        found["contract_id"] = int(key)
    elif source == PROJECT:
        found["project_id"] = int(key)
    return found


def _acknowledge(engagement: Engagement, *, by: Person, at: datetime) -> None:
    today = local_day(engagement.organisation, at)
    due_at = end_of(working_day(today, REPLY_WITHIN), engagement.organisation.timezone)
    promise(engagement, Owed.REPLY, due_at=due_at, at=at)
    facts = {"kind_of": engagement.kind, "channel": engagement.channel, "basis": engagement.basis}
    record("engagement.requested", engagement, at=at, by=by, rule="N1", **facts)
    key = f"requested:{engagement.pk}"
    asked = {"contact": str(engagement.requested_by), "summary": engagement.summary}
    due = {"due_at": due_at.isoformat(), "kind": engagement.kind_of.label}
    tell_customer(engagement, "engagement_requested", key=key, at=at, **due)
    tell_team(engagement, "engagement_asked", key=key, at=at, but=by, **due, **asked)


@transaction.atomic
def decline(engagement: Engagement, *, reason: str, by: Person, at: datetime) -> Engagement:
    """We do not do it, and say why. Errors: `NotAllowed`, `ReasonMissing`, `NotRequested`."""
    engagement = managed(engagement, by)
    if engagement.state != State.REQUESTED:
        raise NotRequested(number=engagement.number)
    return _end(engagement, State.DECLINED, reason, by=by, at=at)


@transaction.atomic
def cancel(engagement: Engagement, *, reason: str, by: Person, at: datetime) -> Engagement:
    """It is not wanted any more, says the customer or who manages it.

    Errors: `NotAllowed`, `ReasonMissing`, `EngagementOver`.
    """
    theirs = by.is_customer and policies.may_accept(by, engagement)
    if not theirs and not policies.may_manage(by, engagement):
        raise NotAllowed()
    return _end(locked(engagement), State.CANCELLED, reason, by=by, at=at)


@transaction.atomic
def finish(engagement: Engagement, *, reason: str, by: Person, at: datetime) -> Engagement:
    """All of it is delivered; `reason` sums up what was. Errors as of `cancel`, and
    `VisitStillAgreed`: whoever went, and whoever was to go, is held by it.
    """
    engagement = managed(engagement, by)
    agreed = engagement.visits.select_for_update().filter(state=VisitState.AGREED).first()
    if agreed is not None:
        zone = zone_of(engagement.organisation.timezone)
        raise VisitStillAgreed(day=day_in_words(agreed.starts_at.astimezone(zone).date()))
    return _end(engagement, State.DONE, reason, by=by, at=at)


def _end(
    engagement: Engagement, state: State, reason: str, *, by: Person, at: datetime
) -> Engagement:
    reason = clean(reason)[:1000]
    if not reason:
        raise ReasonMissing()
    keep(engagement, at=at, what=Owed.REPLY)
    withdraw_all(engagement, at=at)
    let_go(engagement, by=by, at=at)
    engagement.state, engagement.ended_at, engagement.end_reason = state, at, reason
    engagement.save(update_fields=["state", "ended_at", "end_reason"])
    record(f"engagement.{state}", engagement, at=at, by=by, reason=reason)
    key, facts = f"ended:{engagement.pk}", {"state": state.label.lower(), "reason": reason}
    tell_customer(engagement, "engagement_ended", key=key, at=at, **facts)
    tell_team(engagement, "engagement_ended", key=key, at=at, but=by, **facts)
    return engagement


def first_working_day(engagement: Engagement, at: datetime) -> date:
    """From which a plan may begin."""
    return working_day(local_day(engagement.organisation, at), 0)


def _next_number(at: datetime) -> str:
    """ENG-YYYY-NNNNNN from a sequence: never given twice; gaps are possible."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('engagement_number')")
        return f"ENG-{at:%Y}-{cursor.fetchone()[0]:06d}"
