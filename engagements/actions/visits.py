"""Visits on site: dates and people are proposed, agreed, made, or come to nothing (rule 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean, clean_block, one_line
from core.words import day_in_words
from engagements import policies
from engagements.actions.common import locked, managed, tell_customer, tell_team, worked
from engagements.actions.replanning import finish_all, plan_around
from engagements.enums import VisitState
from engagements.errors import (
    DiaryElsewhere,
    DiaryEmpty,
    DiaryInverted,
    MayNotAccept,
    NobodyGoes,
    NotAllowedThen,
    PersonAway,
    PersonTaken,
    PlaceMissing,
    ReasonMissing,
    TitleMissing,
    VisitAgreedAlready,
    VisitInThePast,
    VisitInverted,
    VisitNotAgreed,
    VisitNotOpen,
    VisitPassed,
    VisitToCome,
    VisitTooLong,
)
from engagements.models import DiaryEntry, Engagement, Visit, Visitor, VisitRequest
from engagements.rules.visits import LONGEST, Dates, diary_days, first_day_away
from rota.models import Absence
from rota.reads.duty import spans_on_duty

_CHARGED = (VisitState.AGREED, VisitState.MADE)


def keep_request(
    engagement: Engagement, *, place: str, why_on_site: str, wishes: str = ""
) -> VisitRequest:
    """Where, why help from afar does not do, which dates suit. Errors: `PlaceMissing`."""
    place, why_on_site = one_line(place)[:300], clean(why_on_site)[:1000]
    if not place or not why_on_site:
        raise PlaceMissing()
    return VisitRequest.objects.create(
        organisation_id=engagement.organisation_id,
        engagement=engagement,
        place=place,
        why_on_site=why_on_site,
        wishes=one_line(wishes)[:500],
    )


@transaction.atomic
def propose(
    engagement: Engagement, dates: Dates, people: Sequence[Person], *, by: Person, at: datetime
) -> Visit:
    """Dates and who comes. They are held from now on: nobody books them for those hours.

    Duty and absence of each day are respected, and the contract has to run and have the days
    left. Errors: `NotAllowed`, `NotRunning`, `VisitInverted`, `VisitInThePast`, `VisitTooLong`,
    `NobodyGoes`, `NotAllowedThen`, `PersonAway`, `PersonTaken`, `VisitAgreedAlready`.
    """
    if not policies.may_manage(by, engagement):
        raise NotAllowed()
    engagement = worked(engagement, by)
    days = _checked_days(engagement, dates, at)
    if not people:
        raise NobodyGoes()
    if engagement.visits.filter(state__in=_CHARGED).exists():
        raise VisitAgreedAlready()
    _check_contract(engagement, dates, days)
    _check_duty(engagement, dates, people)
    visit = Visit.objects.create(
        organisation_id=engagement.organisation_id,
        engagement=engagement,
        starts_at=dates.starts_at,
        ends_at=dates.ends_at,
        days=days,
        proposed_at=at,
        proposed_by=by,
    )
    _hold(visit, people)
    facts = {"visit": visit.pk, "starts_at": dates.starts_at, "ends_at": dates.ends_at}
    names = [str(one) for one in people]
    record("visit.proposed", engagement, at=at, by=by, rule="rule 10", names=names, **facts)
    tell_customer(
        engagement,
        "engagement_visit_proposed",
        key=f"visit:{visit.pk}",
        at=at,
        starts_at=dates.starts_at.isoformat(),
        ends_at=dates.ends_at.isoformat(),
        who=", ".join(names),
    )
    return visit


def _checked_days(engagement: Engagement, dates: Dates, at: datetime) -> int:
    if dates.ends_at <= dates.starts_at:
        raise VisitInverted()
    if dates.starts_at <= at:
        raise VisitInThePast()
    days = len(dates.days(engagement.organisation.timezone))
    if days > LONGEST:
        raise VisitTooLong(days=LONGEST)
    return days


def _check_contract(engagement: Engagement, dates: Dates, days: int) -> None:
    """It runs on every day of the visit, and has so many days left; two at once wait here."""
    contract = engagement.contract
    if contract is None:
        return
    type(contract).objects.select_for_update().get(pk=contract.pk)
    theirs = dates.days(engagement.organisation.timezone)
    if theirs[0] < contract.starts_on or theirs[-1] >= contract.ends_on:
        last_on = contract.ends_on - timedelta(days=1)
        why = f"it runs from {contract.starts_on:%d %B %Y} to {last_on:%d %B %Y}."
        raise NotAllowedThen(reference=contract.reference, why=why)
    if contract.days is None:
        return
    charged = Visit.objects.filter(engagement__contract=contract, state__in=_CHARGED)
    left = contract.days - (charged.aggregate(sum=Sum("days"))["sum"] or 0)
    if days > left:
        why = f"{left} of its {contract.days} days are left, and this takes {days}."
        raise NotAllowedThen(reference=contract.reference, why=why)


def _check_duty(engagement: Engagement, dates: Dates, people: Sequence[Person]) -> None:
    start, end = dates.starts_at - timedelta(days=1), dates.ends_at + timedelta(days=1)
    duty = spans_on_duty(people, start, end)
    away = Absence.objects.filter(person__in=people).within(dates.starts_at, dates.ends_at)
    zone = engagement.organisation.timezone
    for person in people:
        absent = [(one.starts_at, one.ends_at) for one in away if one.person_id == person.pk]
        day = first_day_away(dates, zone, duty=duty.get(person.pk, []), absent=absent)
        if day is not None:
            raise PersonAway(person=person, day=f"{day:%d %B %Y}")


def _hold(visit: Visit, people: Sequence[Person]) -> None:
    """N6: the database refuses a second visit at once, whoever else books in this moment."""
    for person in people:
        try:
            with transaction.atomic():
                Visitor.objects.create(
                    organisation_id=visit.organisation_id,
                    engagement_id=visit.engagement_id,
                    visit=visit,
                    person=person,
                    starts_at=visit.starts_at,
                    ends_at=visit.ends_at,
                )
        except IntegrityError as error:
            if "visitor_once_at_a_time" not in str(error):
                raise
            raise PersonTaken(person=person) from error


@transaction.atomic
def agree(visit: Visit, *, by: Person, at: datetime) -> Visit:
    """The customer takes these dates; other proposals let their people go.

    Errors: `MayNotAccept`, `VisitNotOpen`, `VisitPassed`, `NotAllowedThen`.
    """
    engagement, visit = _open_of(visit, by)
    if visit.starts_at <= at:
        raise VisitPassed()
    _check_contract(engagement, Dates(visit.starts_at, visit.ends_at), visit.days)
    _settle(visit, VisitState.AGREED, by=by, at=at)
    for other in engagement.visits.select_for_update().filter(state=VisitState.PROPOSED):
        _settle(other, VisitState.CANCELLED, by=by, at=at, words="Other dates were agreed.")
    zone = engagement.organisation.timezone
    day = Dates(visit.starts_at, visit.ends_at).days(zone)[0]
    plan_around(engagement, day, at=at)
    facts = {"visit": visit.pk, "starts_at": visit.starts_at, "ends_at": visit.ends_at}
    record("visit.agreed", engagement, at=at, by=by, rule="rule 10", **facts)
    moments: dict[str, Any] = {
        "starts_at": visit.starts_at.isoformat(),
        "ends_at": visit.ends_at.isoformat(),
    }
    key = f"visit-agreed:{visit.pk}"
    tell_team(engagement, "engagement_visit_agreed", key=key, at=at, but=by, **moments)
    tell_customer(engagement, "engagement_visit_agreed", key=key, at=at, **moments)
    return visit


@transaction.atomic
def refuse(visit: Visit, *, words: str, by: Person, at: datetime) -> Visit:
    """These dates do not suit, and which would. Errors: also `ReasonMissing`."""
    words = clean(words)[:500]
    if not words:
        raise ReasonMissing()
    engagement, visit = _open_of(visit, by)
    _settle(visit, VisitState.REFUSED, by=by, at=at, words=words)
    record("visit.refused", engagement, at=at, by=by, visit=visit.pk, reason=words)
    said = {"author": str(by), "body": words}
    key = f"visit-refused:{visit.pk}"
    tell_team(engagement, "engagement_written", key=key, at=at, but=by, **said)
    return visit


@transaction.atomic
def cancel(visit: Visit, *, words: str, by: Person, at: datetime) -> Visit:
    """A proposed or agreed visit does not take place: its people and days are free again.

    Errors: `NotAllowed`, `ReasonMissing`, `VisitNotOpen`.
    """
    engagement = managed(visit.engagement, by)
    words = clean(words)[:500]
    if not words:
        raise ReasonMissing()
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    if visit.state not in (VisitState.PROPOSED, VisitState.AGREED):
        raise VisitNotOpen(state=visit.get_state_display().lower())
    _settle(visit, VisitState.CANCELLED, by=by, at=at, words=words)
    record("visit.cancelled", engagement, at=at, by=by, visit=visit.pk, reason=words)
    tell_customer(
        engagement,
        "engagement_visit_cancelled",
        key=f"visit-cancelled:{visit.pk}",
        at=at,
        starts_at=visit.starts_at.isoformat(),
        reason=words,
    )
    return visit


def let_go(engagement: Engagement, *, by: Person, at: datetime) -> None:
    """The engagement is over: nobody is held for dates that were proposed or agreed."""
    states = (VisitState.PROPOSED, VisitState.AGREED)
    open_ones = engagement.visits.select_for_update().filter(state__in=states)
    for visit in open_ones:
        _settle(visit, VisitState.CANCELLED, by=by, at=at, words="The engagement is over.")


def _open_of(visit: Visit, by: Person) -> tuple[Engagement, Visit]:
    """For the customer's answer: locked, and still proposed."""
    engagement = locked(visit.engagement)
    if not policies.may_accept(by, engagement):
        raise MayNotAccept(people="the admin contacts and who asked for the visit")
    fresh = Visit.objects.select_for_update().get(pk=visit.pk)
    if fresh.state != VisitState.PROPOSED:
        raise VisitNotOpen(state=fresh.get_state_display().lower())
    return engagement, fresh


def _settle(visit: Visit, state: VisitState, *, by: Person, at: datetime, words: str = "") -> None:
    visit.state, visit.answered_at, visit.answered_by, visit.words = state, at, by, words
    visit.save(update_fields=["state", "answered_at", "answered_by", "words"])
    if state not in _CHARGED:
        visit.visitors.update(is_held=False)


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was done on site, from when to when."""

    began_at: datetime
    ended_at: datetime
    what: str


@transaction.atomic
def note_done(visit: Visit, done: Done, *, by: Person, at: datetime) -> DiaryEntry:
    """An entry of the diary. Errors: `NotAllowed`, `VisitNotAgreed`, `VisitToCome`,
    `DiaryInverted`, `DiaryElsewhere`, `TitleMissing`.
    """
    engagement = worked(visit.engagement, by)
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    if visit.state != VisitState.AGREED:
        raise VisitNotAgreed()
    if visit.starts_at > at:
        raise VisitToCome()
    if not done.began_at < done.ended_at <= at:
        raise DiaryInverted()
    zone = engagement.organisation.timezone
    first, last = diary_days(Dates(visit.starts_at, visit.ends_at), zone)
    noted = Dates(done.began_at, done.ended_at).days(zone)
    if noted[0] < first or noted[-1] > last:
        raise DiaryElsewhere(first=day_in_words(first), last=day_in_words(last))
    what = clean(done.what)[:1000]
    if not what:
        raise TitleMissing()
    entry = DiaryEntry.objects.create(
        organisation_id=engagement.organisation_id,
        engagement=engagement,
        visit=visit,
        began_at=done.began_at,
        ended_at=done.ended_at,
        what=what,
        by=by,
        noted_at=at,
    )
    record("visit.noted", engagement, at=at, by=by, visit=visit.pk, what=what)
    return entry


@transaction.atomic
def close(visit: Visit, *, summary: str, advice: str, by: Person, at: datetime) -> Visit:
    """It was made: what was reached, and what we advise. The papers are made of it.

    Errors: `NotAllowed`, `VisitNotAgreed`, `VisitToCome`, `DiaryEmpty`, `ReasonMissing`.
    """
    engagement = worked(visit.engagement, by)
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    if visit.state != VisitState.AGREED:
        raise VisitNotAgreed()
    if visit.starts_at > at:
        raise VisitToCome()
    if not visit.diary.exists():
        raise DiaryEmpty()
    summary = clean_block(summary)
    if not summary:
        raise ReasonMissing()
    visit.state, visit.made_at = VisitState.MADE, at
    visit.summary, visit.advice = summary, clean_block(advice)
    visit.save(update_fields=["state", "made_at", "summary", "advice"])
    record("visit.made", engagement, at=at, by=by, rule="rule 10", visit=visit.pk, days=visit.days)
    theirs = Dates(visit.starts_at, visit.ends_at).days(engagement.organisation.timezone)
    finish_all(engagement, first=theirs[0], last=theirs[-1], by=by, at=at)
    return visit
