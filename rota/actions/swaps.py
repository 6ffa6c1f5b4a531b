"""Colleagues ask each other to take a shift, or to exchange it for one of theirs.

The one who was asked decides; the managers are notified of what was agreed, and what the two could
not do at that moment is refused when it is agreed to, not when it is asked.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import Person
from core.journal import record
from core.text import clean
from notices.outbox import notify
from rota.actions.shifts import give, lock_people
from rota.enums import SwapState
from rota.errors import (
    ColleagueBusy,
    NotAllowed,
    NotOfTheTeam,
    NotTheirShift,
    NotYourShift,
    ShiftOver,
    SwapAsked,
    SwapSettled,
)
from rota.models import Shift, Swap
from rota.policies import are_of_one_team


@transaction.atomic
def ask_swap(
    shift: Shift,
    *,
    of: Person,
    in_return: Shift | None = None,
    words: str = "",
    by: Person,
    at: datetime,
) -> Swap:
    """Ask a colleague of the team to take the shift, for one of theirs where `in_return` is given.

    One colleague at a time is asked about a shift. They are notified. Raises NotYourShift,
    ShiftOver, NotOfTheTeam, NotTheirShift, ColleagueBusy (the two shifts overlap), SwapAsked.
    """
    if shift.person_id != by.pk:
        raise NotYourShift()
    if not are_of_one_team(by, of) or by.pk == of.pk:
        raise NotOfTheTeam(person=of)
    if in_return is not None and in_return.person_id != of.pk:
        raise NotTheirShift(person=of)
    if shift.starts_at <= at or (in_return is not None and in_return.starts_at <= at):
        raise ShiftOver()
    if in_return is not None and _overlap(shift, in_return):
        raise ColleagueBusy(person=of)
    # One that was never answered, and whose shift in return began meanwhile, is in nobody's way.
    stale = Swap.objects.filter(shift=shift, state=SwapState.OPEN, in_return__starts_at__lte=at)
    stale.update(state=SwapState.WITHDRAWN, settled_at=at)
    try:
        with transaction.atomic():
            swap = Swap.objects.create(
                shift=shift,
                in_return=in_return,
                asked_by=by,
                asked_of=of,
                words=clean(words)[:200],
                asked_at=at,
            )
    except IntegrityError as error:
        raise SwapAsked() from error
    record("rota.swap_asked", swap, at=at, by=by, shift=shift.pk, of=of.pk)
    _notify([of], "rota_swap_asked", swap, at)
    return swap


@transaction.atomic
def agree_to_swap(swap: Swap, *, by: Person, at: datetime) -> Swap:
    """The one who was asked takes the shift; the asker takes the one in return.

    Asker and managers are notified. Raises NotAllowed, SwapSettled, ShiftOver, ColleagueAbsent,
    ColleagueBusy: then nothing has changed, and it stays open. Of two at once one is refused.
    """
    if swap.asked_of_id != by.pk:
        raise NotAllowed()
    lock_people(swap.asked_by_id, swap.asked_of_id)
    swap = _open(swap, at)
    shift, in_return = swap.shift, swap.in_return
    if shift.person_id != swap.asked_by_id:  # a manager gave it to somebody else meanwhile
        raise SwapSettled()
    if in_return is not None and in_return.person_id != swap.asked_of_id:
        raise SwapSettled()
    give(shift, to=swap.asked_of, by=by, at=at)
    if in_return is not None:
        give(in_return, to=swap.asked_by, by=by, at=at)
    _settle(swap, SwapState.AGREED, by=by, at=at)
    managers = Person.objects.active().filter(role=Role.MANAGER)
    _notify([swap.asked_by, *managers], "rota_swap_agreed", swap, at)
    return swap


@transaction.atomic
def decline_swap(swap: Swap, *, by: Person, at: datetime) -> Swap:
    """The one who was asked says no; the asker is notified. Raises NotAllowed, SwapSettled."""
    if swap.asked_of_id != by.pk:
        raise NotAllowed()
    swap = _open(swap, at)
    _settle(swap, SwapState.DECLINED, by=by, at=at)
    _notify([swap.asked_by], "rota_swap_declined", swap, at)
    return swap


@transaction.atomic
def withdraw_swap(swap: Swap, *, by: Person, at: datetime) -> Swap:
    """Who asked needs it no more. Raises NotAllowed, SwapSettled."""
    if swap.asked_by_id != by.pk:
        raise NotAllowed()
    swap = _open(swap, at)
    _settle(swap, SwapState.WITHDRAWN, by=by, at=at)
    return swap


def _open(swap: Swap, at: datetime) -> Swap:
    """The locked row, with its people and locked shifts."""
    found = Swap.objects.open(at).select_related("asked_by", "asked_of").filter(pk=swap.pk)
    locked = found.select_for_update(of=("self",)).first()
    if locked is None:
        raise SwapSettled()
    wanted = [one for one in (locked.shift_id, locked.in_return_id) if one is not None]
    shifts = Shift.objects.select_for_update().order_by("pk").in_bulk(wanted)
    locked.shift = shifts[locked.shift_id]
    locked.in_return = shifts[locked.in_return_id] if locked.in_return_id else None
    return locked


def _settle(swap: Swap, state: SwapState, *, by: Person, at: datetime) -> None:
    swap.state, swap.settled_at = state, at
    swap.save(update_fields=["state", "settled_at"])
    record(f"rota.swap_{state}", swap, at=at, by=by, shift=swap.shift_id)


def _overlap(one: Shift, other: Shift) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _notify(people: list[Person], template: str, swap: Swap, at: datetime) -> None:
    facts: dict[str, Any] = {
        "asked_by": str(swap.asked_by),
        "asked_of": str(swap.asked_of),
        "starts_at": swap.shift.starts_at.isoformat(),
        "ends_at": swap.shift.ends_at.isoformat(),
        "words": swap.words,
        "url": f"{settings.SITE_URL}/admin/rota/mine/",
    }
    if swap.in_return is not None:
        facts["return_starts_at"] = swap.in_return.starts_at.isoformat()
        facts["return_ends_at"] = swap.in_return.ends_at.isoformat()
    notify(people, template, key=f"rota-swap:{swap.pk}:{template}", at=at, **facts)
