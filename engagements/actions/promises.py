"""What is owed by a moment: promised, moved with a reason, kept, told of (N4)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean
from engagements import policies
from engagements.actions.common import facts_of, leads_of, locked, tell_customer
from engagements.enums import Owed
from engagements.errors import DueInThePast, ReasonMissing
from engagements.models import Engagement, Phase, Promise, Task
from engagements.rules.alarms import LATE, next_step, reached
from engagements.text.light import task_in_words
from notices.outbox import notify


def end_of(day: date, timezone: str) -> datetime:
    """The first moment after the day, on the customer's wall clock."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(timezone))


def promise(
    engagement: Engagement,
    what: Owed,
    *,
    due_at: datetime,
    at: datetime,
    phase: Phase | None = None,
    task: Task | None = None,
) -> Promise:
    """Owe it by `due_at`. One that is in the past already is late from the first sweep on."""
    made_at = min(at, due_at - timedelta(seconds=1))
    step = next_step(what, 0, made_at=made_at, due_at=due_at)
    return Promise.objects.create(
        organisation_id=engagement.organisation_id,
        engagement=engagement,
        what=what,
        phase=phase,
        task=task,
        made_at=made_at,
        noted_at=at,
        due_at=due_at,
        next_at=step[1] if step else None,
    )


def owe_by_day(
    engagement: Engagement,
    on: date | None,
    *,
    at: datetime,
    phase: Phase | None = None,
    task: Task | None = None,
) -> None:
    """A phase or task is owed by the end of a day; an open promise of it moves there.

    Without a day nothing is owed yet.
    """
    if on is None:
        return
    held = Promise.objects.filter(phase=phase, task=task, engagement=engagement).first()
    due_at = end_of(on, engagement.organisation.timezone)
    if held is None:
        what = Owed.PHASE if phase else Owed.TASK
        promise(engagement, what, due_at=due_at, at=at, phase=phase, task=task)
    elif held.kept_at is None and held.due_at != due_at:
        _set_due(held, due_at, at)


def _set_due(held: Promise, due_at: datetime, at: datetime) -> None:
    """What was told stays told, unless it is due later than before: then it begins anew.

    What it was due by before is kept: a report of an earlier month says that (F1).
    """
    held.moves = [*(held.moves or []), [at.isoformat(), held.due_at.isoformat()]]
    if due_at > held.due_at:
        held.told = 0
        held.breached_at = None
    held.made_at = min(held.made_at, due_at - timedelta(seconds=1))
    held.due_at = due_at
    step = next_step(held.what, held.told, made_at=held.made_at, due_at=due_at)
    held.next_at = step[1] if step else None
    held.save()


def keep(engagement: Engagement, *, at: datetime, **which: object) -> None:
    """It was done: nobody is told any more. Nothing where it was not owed."""
    open_ones = Promise.objects.filter(engagement=engagement, kept_at=None, withdrawn_at=None)
    for one in open_ones.filter(**which):  # what, phase or task
        if one.breached_at is None and at > one.due_at:
            one.breached_at = one.due_at
        one.kept_at, one.next_at = at, None
        one.save(update_fields=["kept_at", "next_at", "breached_at"])


def withdraw_all(engagement: Engagement, *, at: datetime) -> None:
    """The engagement is over: nothing is owed any more."""
    engagement.promises.filter(kept_at=None, withdrawn_at=None).update(
        withdrawn_at=at, next_at=None
    )


@transaction.atomic
def promise_answer(
    engagement: Engagement, *, due_at: datetime, by: Person, at: datetime, reason: str = ""
) -> Promise:
    """Tell the customer by when the answer comes (rule 12), or move that, with a reason.

    Errors: `NotAllowed`, `EngagementOver`, `DueInThePast`, and `ReasonMissing` where it was
    promised before.
    """
    if not policies.may_manage(by, engagement):
        raise NotAllowed()
    if due_at <= at:
        raise DueInThePast()
    engagement = locked(engagement)  # of two at once one moves it; what is over owes nothing
    rows = engagement.promises.select_for_update().filter(what=Owed.ANSWER)
    held = rows.filter(kept_at=None, withdrawn_at=None).first()
    reason = clean(reason)
    if held is None:
        held = promise(engagement, Owed.ANSWER, due_at=due_at, at=at)
        record(
            "engagement.promised",
            engagement,
            at=at,
            by=by,
            rule="rule 12",
            what=Owed.ANSWER.value,
            due_at=due_at,
        )
    else:
        if not reason:
            raise ReasonMissing()
        before = held.due_at
        _set_due(held, due_at, at)
        record(
            "engagement.promise_moved",
            engagement,
            at=at,
            by=by,
            rule="rule 12",
            what=Owed.ANSWER.value,
            before=before,
            due_at=due_at,
            reason=reason,
        )
    tell_customer(
        engagement,
        "engagement_answer_promised",
        key=f"answer-by:{held.pk}:{due_at.isoformat()}",
        at=at,
        due_at=due_at.isoformat(),
        reason=reason,
    )
    return held


@transaction.atomic
def tell_due(promises: Collection[int], *, at: datetime) -> int:
    """Tell of what nears its end or is late, each step once; how many were told.

    Safe to repeat and to run anywhere at once: each row is claimed by its lock. After an outage
    only the furthest step is told (T3), and a breach carries the moment that was promised (T1).
    """
    rows = Promise.objects.to_tell(at).filter(pk__in=promises).order_by("next_at", "pk")
    # The phase or task is read by itself: the nullable side of a join can not be locked.
    found = list(rows.select_for_update(of=("self",), skip_locked=True))
    engagements = Engagement.objects.select_related("organisation__tam", "owner", "requested_by")
    of = engagements.in_bulk({one.engagement_id for one in found})
    for one in found:
        _tell(one, of[one.engagement_id], at)
    return len(found)


def _tell(one: Promise, engagement: Engagement, at: datetime) -> None:
    moments = {"made_at": one.made_at, "due_at": one.due_at}
    step = reached(one.what, one.told, at=at, **moments)
    if step is None:  # moved since: look again at its moment
        after = next_step(one.what, one.told, **moments)
        one.next_at = after[1] if after else None
        one.save(update_fields=["next_at"])
        return
    one.told = step
    after = next_step(one.what, step, **moments)
    one.next_at = after[1] if after else None
    is_late = step == LATE
    if is_late:
        one.breached_at = one.due_at
    one.save(update_fields=["told", "next_at", "breached_at"])
    name = name_of(one)
    facts = facts_of(engagement, for_staff=True) | ({} if is_late else {"percent": step})
    if is_late:
        kept = {"what": one.what, "name": name, "due_at": one.due_at, "noted_at": at}
        record("engagement.late", engagement, at=one.due_at, by=None, rule="N4", **kept)
    notify(
        leads_of(engagement),
        "engagement_late" if is_late else "engagement_warning",
        key=f"promise:{one.pk}:{step}:{one.due_at.isoformat()}",
        at=at,
        about=engagement,
        what=name,
        due_at=one.due_at.isoformat(),
        **facts,
    )


def name_of(one: Promise) -> str:
    """What is owed, in words."""
    if one.phase_id is not None and one.phase is not None:
        return f"Phase “{one.phase.name}”"
    if one.task_id is not None and one.task is not None:
        return task_in_words(one.task.title)
    return str(Owed(one.what).label)
