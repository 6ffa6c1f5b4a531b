"""Keeping views of the queue, ordering and deleting them, choosing the first one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import one_line
from tickets import policies
from tickets.enums import ListOrder, MeantFor
from tickets.errors import EmptyText, TooManyViews, ViewNameTaken, ViewNotUnderstood
from tickets.models import SavedView
from tickets.reads.columns import COLUMNS, FIXED, USUAL
from tickets.reads.search.conditions import parsed_for

MOST = 20  # of one person, one team, everybody: each is counted whenever the queue is shown
LONGEST_NAME = 40


@dataclass(frozen=True)
class View:
    """What a view shows and for whom; `tier` for a team's alone."""

    name: str
    words: str = ""
    columns: Sequence[str] = USUAL
    order: str = ListOrder.DUE
    meant_for: str = MeantFor.ME
    tier: int | None = None


@transaction.atomic
def keep_view(view: View, *, by: Person, at: datetime, old: SavedView | None = None) -> SavedView:
    """Keep a new one, or `old` changed.

    Errors: `NotAllowed`, `EmptyText`, `ViewNotUnderstood` for words that mean nothing (a search
    would narrow by the others alone, a view would show too much for ever), `ViewNameTaken`,
    `TooManyViews`.
    """
    name, words = one_line(view.name)[:LONGEST_NAME].strip(), one_line(view.words)
    if not name:
        raise EmptyText()
    tier = view.tier if view.meant_for == MeantFor.TEAM else None
    if not policies.may_keep_for(by, view.meant_for, tier):
        raise NotAllowed()
    if old is not None and not policies.may_change_kept(by, old):
        raise NotAllowed()
    if problems := parsed_for(words, by).problems:
        raise ViewNotUnderstood(problems=" ".join(problems))
    one = old or SavedView()
    owner = by if view.meant_for == MeantFor.ME else None
    moves = (one.meant_for, one.owner_id, one.tier) != (
        view.meant_for,
        owner.pk if owner else None,
        tier,
    )
    one.meant_for, one.owner, one.tier = view.meant_for, owner, tier
    beside = _beside(one)
    if beside.filter(name__iexact=name).exists():
        raise ViewNameTaken(name=name)
    if moves:
        last = beside.last()
        if beside.count() >= MOST:
            raise TooManyViews(most=MOST)
        one.place = last.place + 1 if last else 1
    one.name, one.words, one.order = name, words, view.order
    one.columns = [key for key in COLUMNS if key in view.columns and key not in FIXED]
    one.kept_by, one.kept_at = by, at
    one.save()
    record("view.kept", one, at=at, by=by, name=name, meant_for=one.meant_for)
    return one


@transaction.atomic
def move_view(one: SavedView, *, up: bool, by: Person) -> None:
    """One place up or down among those for the same people; at the end it stays."""
    if not policies.may_change_kept(by, one):
        raise NotAllowed()
    order = list(_all_for(one).select_for_update())
    here = order.index(one)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        return
    order[here], order[there] = order[there], order[here]
    for place, view in enumerate(order, 1):
        view.place = place
    SavedView.objects.bulk_update(order, ["place"])


@transaction.atomic
def delete_view(one: SavedView, *, by: Person, at: datetime) -> None:
    """It is there no more. The incidents in it do not notice."""
    if not policies.may_change_kept(by, one):
        raise NotAllowed()
    record("view.deleted", one, at=at, by=by, name=one.name, meant_for=one.meant_for)
    one.delete()


@transaction.atomic
def open_with(key: str, *, by: Person) -> None:
    """The queue opens with the view of that key for this person; "" as the desk does."""
    by.first_view = key
    by.save(update_fields=["first_view"])


def _beside(one: SavedView) -> QuerySet[SavedView]:
    """The others for the same people, by their place; locked, so that two can not be the last."""
    list(_all_for(one).select_for_update().values_list("pk"))
    return _all_for(one).exclude(pk=one.pk)


def _all_for(one: SavedView) -> QuerySet[SavedView]:
    found = SavedView.objects.filter(meant_for=one.meant_for, owner=one.owner, tier=one.tier)
    return found.order_by("place", "pk")
