"""What the publication of a release does to the known defects that it fixes (FX1).

Call these in the transaction of the publication. Whom it concerns is told by the sweep of the
incidents' room, which knows them: it works off what is written here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from accounts.models import Person
from core.journal import record
from core.nudges import nudge_on_commit
from resources.enums import NewsOfFix
from resources.models import Defect, DefectState, FixNews, Release

RULE = "FX1"
TELLS = "tickets.tasks.tell_of_fixes"


def mark_fixed_by(
    release: Release, defects: Collection[int], *, by: Person | None, at: datetime
) -> None:
    """The defects, by key, are fixed from this release on. One that was fixed before stays as it
    is, and is told of all the same: now there is something to fetch.
    """
    if not defects:
        return
    for one in _held(defects):
        if one.fixed_at is None:
            _fix(one, release, by=by, at=at)
    owe_news(release, defects, NewsOfFix.FIXED, by=by, at=at)


def unmark_fixed_by(
    release: Release,
    defects: Collection[int],
    *,
    reason: str = "",
    by: Person | None,
    at: datetime,
) -> None:
    """The release fixes them no more. What it fixed is fixed by the next published release that
    has the fix, else it is open again; what somebody said by hand stays.
    """
    if not defects:
        return
    for one in _held(defects):
        if one.fixed_with_id == release.pk:
            _fix_otherwise(one, release, reason, by=by, at=at)
    if not _nobody_heard(release, defects):
        owe_news(release, defects, NewsOfFix.WITHDRAWN, reason=reason, by=by, at=at)


def tell_that_it_does_not_hold(defect: Defect, *, by: Person, at: datetime) -> None:
    """Somebody opened it again: who was told that a release fixes it hears of it, of whichever
    edition that was, and also where the fix had been said by hand.
    """
    news = FixNews.objects.filter(defects=defect, release__programme=None)
    latest = news.order_by("release_id", "-at", "-pk").distinct("release_id")
    for one in latest.select_related("release"):
        if one.kind == NewsOfFix.FIXED and not _nobody_heard(one.release, [defect.pk]):
            owe_news(one.release, [defect.pk], NewsOfFix.REOPENED, by=by, at=at)


def _fix(one: Defect, release: Release, *, by: Person | None, at: datetime) -> None:
    one.fixed_in, one.fixed_at, one.state = release.version, at, DefectState.FIXED
    one.fixed_with = release
    one.save(update_fields=["fixed_in", "fixed_at", "state", "fixed_with"])
    record("defect.fixed", one, at=at, by=by, rule=RULE, build=one.fixed_in)


def _fix_otherwise(
    one: Defect, release: Release, reason: str, *, by: Person | None, at: datetime
) -> None:
    build, others = one.fixed_in, Release.objects.published().filter(withdrawn_at=None)
    having = others.filter(fixes__defect=one).exclude(pk=release.pk)
    one.fixed_in, one.fixed_at, one.state = "", None, DefectState.KNOWN
    one.fixed_with = None
    record("defect.reopened", one, at=at, by=by, rule=RULE, build=build, reason=reason)
    if other := having.order_by("published_at", "pk").first():
        _fix(one, other, by=by, at=at)
    else:
        one.save(update_fields=["fixed_in", "fixed_at", "state", "fixed_with"])


def _nobody_heard(release: Release, defects: Collection[int]) -> bool:
    """Take back what was not told yet, of a crowd to whoever is left; whether nobody was told."""
    owed = FixNews.objects.filter(release=release, kind=NewsOfFix.FIXED, defects__in=defects)
    held = FixNews.objects.select_for_update().filter(pk__in=owed.values("pk"))
    found = list(held.order_by("pk"))
    is_told = any(one.told_at is not None or one.told_to for one in found)
    for one in found:
        if one.told_at is None:
            one.defects.remove(*defects)
            if one.told_to == 0 and not one.defects.exists():
                one.delete()
    return bool(found) and not is_told


def owe_news(
    release: Release,
    defects: Collection[int],
    kind: NewsOfFix,
    *,
    reason: str = "",
    by: Person | None,
    at: datetime,
) -> None:
    """Have everybody who is concerned told, once (FX2); of a beta build its members (BT5)."""
    news = FixNews.objects.create(release=release, kind=kind, reason=reason, by=by, at=at)
    news.defects.set(defects)
    nudge_on_commit(TELLS)


def _held(defects: Collection[int]) -> list[Defect]:
    """Locked, in the order of their keys."""
    return list(Defect.objects.select_for_update().filter(pk__in=defects).order_by("pk"))
