"""The list of known defects: recorded once, fixed in a build, and opened again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean, clean_block, one_line
from resources import policies
from resources.actions.releases.fixing import tell_that_it_does_not_hold
from resources.errors import (
    BuildMissing,
    DefectFixed,
    DefectNotFixed,
    DefectNumberUnusable,
    DefectUnknown,
    DefectUntitled,
)
from resources.models import Defect, DefectState

RULE = "rule 7"
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{0,29}", re.ASCII)


def known_or_recorded(number: str, title: str, *, by: Person, at: datetime) -> Defect:
    """The defect of that number; one that is not on the list is recorded.

    Call it in the transaction of what links it: it is locked, so that who is linked while it
    is being fixed is notified as well, or reads it fixed. Errors:
    `DefectNumberUnusable`, `DefectUnknown`.
    """
    if not _NUMBER.fullmatch(number):
        raise DefectNumberUnusable()
    known = Defect.objects.select_for_update().filter(number=number).first()
    if known is not None:
        return known
    if not policies.may_keep_defects(by):
        raise DefectUnknown(number=number, help="An engineer of TS2 or TS3 can record it.")
    if not title:
        raise DefectUnknown(number=number, help="Give its title, too, to record it.")
    defect, is_new = Defect.objects.get_or_create(
        number=number, defaults={"title": title[:200], "recorded_by": by, "recorded_at": at}
    )
    if is_new:
        record("defect.recorded", defect, at=at, by=by, rule=RULE, title=defect.title)
    return _held(defect)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a defect, as it is kept; `state` is any but fixed."""

    title: str
    description: str = ""
    workaround: str = ""
    affected: str = ""
    state: str = DefectState.KNOWN


@transaction.atomic
def describe(defect: Defect, known: Known, *, by: Person, at: datetime) -> Defect:
    """Keep what is known of it. One that is fixed stays so: see `mark_open_again`.

    Safe to repeat: what is the same writes nothing. Errors: `NotAllowed`, `DefectUntitled`.
    """
    if not policies.may_keep_defects(by):
        raise NotAllowed()
    defect = _held(defect)
    is_fixed = defect.fixed_at is not None or known.state == DefectState.FIXED
    said = {
        "title": one_line(known.title)[:200],
        "description": clean_block(known.description),
        "workaround": clean_block(known.workaround),
        "affected": one_line(known.affected)[:200],
        "state": defect.state if is_fixed else DefectState(known.state).value,
    }
    if not said["title"]:
        raise DefectUntitled()
    changed = [name for name, value in said.items() if getattr(defect, name) != value]
    if not changed:
        return defect
    for name in changed:
        setattr(defect, name, said[name])
    defect.save(update_fields=changed)
    record("defect.described", defect, at=at, by=by, rule=RULE, names=changed)
    return defect


@transaction.atomic
def mark_fixed(defect: Defect, *, build: str, by: Person, at: datetime) -> Defect:
    """It is fixed from `build` on. Errors: `NotAllowed`, `BuildMissing`, `DefectFixed`."""
    if not policies.may_keep_defects(by):
        raise NotAllowed()
    build = clean(build)
    if not build:
        raise BuildMissing()
    defect = _held(defect)
    if defect.fixed_at is not None:
        raise DefectFixed(number=defect.number, build=defect.fixed_in)
    defect.fixed_in, defect.fixed_at, defect.state = build, at, DefectState.FIXED
    defect.save(update_fields=["fixed_in", "fixed_at", "state"])
    record("defect.fixed", defect, at=at, by=by, rule=RULE, build=build)
    return defect


@transaction.atomic
def mark_open_again(defect: Defect, *, reason: str, by: Person, at: datetime) -> str:
    """The fix does not hold; the build that did not have it. Errors: `NotAllowed`,
    `DefectNotFixed`.
    """
    if not policies.may_keep_defects(by):
        raise NotAllowed()
    defect = _held(defect)
    if defect.fixed_at is None:
        raise DefectNotFixed(number=defect.number)
    build = defect.fixed_in
    defect.fixed_in, defect.fixed_at, defect.state = "", None, DefectState.KNOWN
    defect.fixed_with = None
    defect.save(update_fields=["fixed_in", "fixed_at", "state", "fixed_with"])
    record("defect.reopened", defect, at=at, by=by, rule=RULE, build=build, reason=reason)
    tell_that_it_does_not_hold(defect, by=by, at=at)
    return build


def _held(defect: Defect) -> Defect:
    return Defect.objects.select_for_update().get(pk=defect.pk)
