"""Keeping canned answers, and doing what one says when it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean, clean_block, one_line
from tickets import policies
from tickets.actions.dispatch import ownership
from tickets.actions.tags import add_tag, remove_tag
from tickets.enums import MeantFor
from tickets.errors import EmptyText, UnknownPlaceholder
from tickets.models import CannedAnswer, Incident
from tickets.rules.canned import is_torn, unknown
from tickets.rules.tags import changes_of


@dataclass(frozen=True)
class Canned:
    """What a canned answer says and does; `tier` for a team's alone."""

    title: str
    text: str
    meant_for: str = MeantFor.ME
    tier: int | None = None
    services: Sequence[str] = ()
    levels: Sequence[str] = ()
    then: str = ""
    priority: int | None = None
    takes: bool = False
    tags: str = ""
    is_for_limits: bool = False


@transaction.atomic
def keep_canned(
    canned: Canned, *, by: Person, at: datetime, old: CannedAnswer | None = None
) -> CannedAnswer:
    """Keep a new one, or `old` in other words.

    Errors: `NotAllowed`, `EmptyText`, and `UnknownPlaceholder` for what could not be filled in.
    """
    title, text = one_line(canned.title)[:120], clean_block(canned.text)
    if not title or not text:
        raise EmptyText()
    _check_placeholders(text)
    tier = canned.tier if canned.meant_for == MeantFor.TEAM else None
    if not policies.may_keep_for(by, canned.meant_for, tier):
        raise NotAllowed()
    if old is not None and not policies.may_change_kept(by, old):
        raise NotAllowed()
    before = None if old is None or old.meant_for == MeantFor.ME else old.text
    one = old or CannedAnswer()
    one.title, one.text, one.meant_for, one.tier = title, text, canned.meant_for, tier
    one.owner = by if canned.meant_for == MeantFor.ME else None
    one.services, one.levels = list(canned.services), list(canned.levels)
    one.then, one.priority, one.takes = canned.then, canned.priority, canned.takes
    one.tags = _tags(canned.tags)
    one.is_for_limits = canned.is_for_limits
    one.kept_by, one.kept_at = by, at
    one.save()
    record(
        "canned.kept",
        one,
        at=at,
        by=by,
        title=title,
        meant_for=canned.meant_for,
        before=before,
        after=None if canned.meant_for == MeantFor.ME else text,
    )
    return one


@transaction.atomic
def retire_canned(one: CannedAnswer, *, by: Person, at: datetime) -> None:
    """It is offered no more; what was sent with it stays as it is. Safe to repeat."""
    if not policies.may_change_kept(by, one):
        raise NotAllowed()
    if one.retired_at is None:
        one.retired_at = at
        one.save(update_fields=["retired_at"])
        record("canned.retired", one, at=at, by=by, title=one.title)


@transaction.atomic
def apply_canned(one: CannedAnswer, incident: Incident, *, by: Person, at: datetime) -> None:
    """What it does beside its text, in the transaction of the answer that it was sent with.

    What is so already is not done again. Errors: `NotAllowed` and those of the actions.
    """
    if not policies.may_answer(by, incident):
        raise NotAllowed()
    record("incident.canned_used", incident, at=at, by=by, title=one.title, canned=one.pk)
    if one.priority is not None and one.priority != incident.priority:
        reason = f"Canned answer “{one.title}”"
        ownership.set_priority(incident, priority=one.priority, by=by, at=at, reason=reason)
    if one.takes and incident.owner_id != by.pk and policies.may_take(by, incident):
        ownership.take(incident, by=by, at=at)
    added, taken = changes_of(one.tags)
    for name in taken:
        remove_tag(incident, name=name, by=by, at=at)
    for name in added:
        add_tag(incident, name=name, by=by, at=at)


def _tags(text: str) -> str:
    """As they will read on an incident."""
    added, taken = changes_of(text)
    return " ".join([*added, *(f"-{one}" for one in taken)])[:200]


def _check_placeholders(text: str) -> None:
    wrong = unknown(text)
    if wrong:
        names = "; ".join(
            f"{clean(name)[:60] or 'an empty one'}{f' (do you mean {near}?)' if near else ''}"
            for name, near in list(wrong.items())[:5]
        )
        raise UnknownPlaceholder(names=names)
    if is_torn(text):
        raise UnknownPlaceholder(names="braces that do not belong together")
