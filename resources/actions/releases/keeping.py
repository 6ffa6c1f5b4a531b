"""Releases from draft to withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.markdown import render
from core.text import clean_block, one_line
from entitlements.enums import Edition
from resources import policies
from resources.actions.releases.fixing import mark_fixed_by, owe_news, unmark_fixed_by
from resources.enums import NewsOfFix, ReleaseKind
from resources.errors import (
    BetaNotRunning,
    BuildWithoutBeta,
    EditionUnknown,
    FixUnknown,
    PublishInThePast,
    ReasonMissing,
    ReleaseEmpty,
    ReleaseFileGone,
    ReleaseFixed,
    ReleaseNamed,
    ReleaseNotPublished,
    ReleasePublished,
    ReleaseWithdrawn,
    VersionUnusable,
)
from resources.models import BetaProgramme, Defect, Release, ReleaseFix
from resources.querysets.releases import RELEASE_TO_PUBLISH
from resources.rules.versions import place_of


@dataclass(frozen=True, kw_only=True)
class ReleaseDraft:
    """What a release is to be. `fixes`: number of a known defect, and words for customers;
    `programme` of a beta build.
    """

    product: str
    edition: str
    version: str
    kind: str
    summary: str = ""
    notes: str = ""
    takes: str = ""
    fixes: Sequence[tuple[str, str]] = ()
    programme: BetaProgramme | None = None


@transaction.atomic
def save_release(
    draft: ReleaseDraft, *, by: Person, at: datetime, release: Release | None = None
) -> Release:
    """A new release, or `release` as it is to be; of a published one the words alone.

    What is the same writes nothing. Errors: `NotAllowed`, `VersionUnusable`, `EditionUnknown`,
    `ReleaseNamed`, `ReleaseFixed`, `FixUnknown`.
    """
    if not policies.may_keep_releases(by):
        raise NotAllowed()
    said = _said(draft)
    one = Release(made_by=by, made_at=at) if release is None else held(release)
    fixes = _defects(draft.fixes)
    changed = [name for name, value in said.items() if getattr(one, name) != value]
    _check(one, said, changed)
    for name in changed:
        setattr(one, name, said[name])
    one.notes_html = render(one.notes)
    is_new = one.pk is None
    if is_new or changed:
        one.save()
    before = set(one.fixes.values_list("defect", flat=True))
    if _keep_fixes(one, fixes):
        changed.append("fixes")
    if one.published_at is not None and one.withdrawn_at is None and one.programme_id is None:
        mark_fixed_by(one, set(fixes) - before, by=by, at=at)
        unmark_fixed_by(one, before - set(fixes), by=by, at=at)
    if is_new:
        record("release.made", one, at=at, by=by, version=one.version)
    elif changed:
        names = [name for name in changed if name != "place"]
        record("release.described", one, at=at, by=by, names=names)
    return one


@transaction.atomic
def publish_release(
    release: Release, *, by: Person, at: datetime, when: datetime | None = None
) -> Release:
    """Customers whose licences get it can fetch it from now on, or from `when` on; the known
    defects that it fixes are fixed with it (FX1).

    A beta build comes out to the members of its programme alone (BT3). Errors: `NotAllowed`,
    `ReleasePublished`, `ReleaseEmpty`, `ReleaseFileGone`, `BetaNotRunning`, `PublishInThePast`.
    """
    if not policies.may_publish_releases(by):
        raise NotAllowed()
    one = held(release)
    if one.published_at is not None:
        raise ReleasePublished(version=one.version)
    _check_files(one)
    _check_beta(one)
    if when is None:
        return _publish(one, by=by, at=at)
    if when <= at:
        raise PublishInThePast()
    one.publish_at = when
    one.save(update_fields=["publish_at"])
    record("release.scheduled", one, at=at, by=by, due_at=when)
    return one


@transaction.atomic
def take_back(release: Release, *, by: Person, at: datetime) -> Release:
    """It waits for no moment any more. Errors: `NotAllowed`, `ReleasePublished`."""
    if not policies.may_publish_releases(by):
        raise NotAllowed()
    one = held(release)
    if one.published_at is not None:
        raise ReleasePublished(version=one.version)
    if one.publish_at is not None:
        one.publish_at = None
        one.save(update_fields=["publish_at"])
        record("release.taken_back", one, at=at, by=by)
    return one


@transaction.atomic
def publish_release_due(release: int, *, at: datetime) -> int:
    """The sweep's: publish what was to be by `at`; 1 where it was. Safe to repeat and to race."""
    due = Release.objects.filter(RELEASE_TO_PUBLISH, pk=release, publish_at__lte=at)
    one = due.select_for_update().first()
    if one is None:
        return 0
    _check_beta(one)
    _check_files(one)  # a lost file is logged by the sweep, and the release waits on
    _publish(one, by=None, at=at)
    return 1


@transaction.atomic
def withdraw_release(release: Release, *, reason: str, by: Person, at: datetime) -> Release:
    """Nobody fetches it any more; its page says why, and what it fixed is open again (FX1).

    Errors: `NotAllowed`, `ReasonMissing`, `ReleaseNotPublished`, `ReleaseWithdrawn`.
    """
    if not policies.may_publish_releases(by):
        raise NotAllowed()
    reason = one_line(reason)[:500]
    if not reason:
        raise ReasonMissing()
    one = held(release)
    if one.published_at is None:
        raise ReleaseNotPublished(version=one.version)
    if one.withdrawn_at is not None:
        raise ReleaseWithdrawn(version=one.version, reason=one.withdrawn_for)
    one.withdrawn_at, one.withdrawn_for = at, reason
    one.save(update_fields=["withdrawn_at", "withdrawn_for"])
    record("release.withdrawn", one, at=at, by=by, reason=reason)
    if one.programme_id is None:
        unmark_fixed_by(one, _fixed_by(one), reason=reason, by=by, at=at)
    else:
        owe_news(one, _fixed_by(one), NewsOfFix.WITHDRAWN, reason=reason, by=by, at=at)
    return one


def held(release: Release) -> Release:
    """The release, locked: its files and its words come one after the other."""
    return Release.objects.select_for_update().get(pk=release.pk)


def _publish(one: Release, *, by: Person | None, at: datetime) -> Release:
    one.published_at, one.publish_at = at, None
    one.save(update_fields=["published_at", "publish_at"])
    count = one.files.count()
    record("release.published", one, at=at, by=by, version=one.version, files=count)
    if one.programme_id is None:
        mark_fixed_by(one, _fixed_by(one), by=by, at=at)
    else:
        owe_news(one, _fixed_by(one), NewsOfFix.FIXED, by=by, at=at)
    return one


def _fixed_by(one: Release) -> list[int]:
    """The known defects that it fixes, by key."""
    return list(one.fixes.values_list("defect", flat=True))


def _said(draft: ReleaseDraft) -> dict[str, Any]:
    """The fields as they are kept."""
    version = one_line(draft.version)[:40]
    place = place_of(version)
    if place is None:
        raise VersionUnusable(version=version)
    if draft.edition not in Edition.values:
        known = ", ".join(Edition.values)
        raise EditionUnknown(edition=one_line(draft.edition)[:40], known=known)
    if (draft.kind == ReleaseKind.BETA) != (draft.programme is not None):
        raise BuildWithoutBeta()
    return {
        "product": one_line(draft.product)[:120],
        "edition": draft.edition,
        "version": version.removeprefix("v"),
        "place": list(place),
        "kind": ReleaseKind(draft.kind).value,
        "programme": draft.programme,
        "summary": one_line(draft.summary)[:300],
        "notes": clean_block(draft.notes),
        "takes": one_line(draft.takes)[:300],
    }


def _check(one: Release, said: Mapping[str, Any], changed: Sequence[str]) -> None:
    """Whether it may become what is `said`."""
    fixed = {"product", "edition", "place", "kind", "programme"}
    if one.published_at is not None and fixed & set(changed):
        raise ReleaseFixed(version=one.version)
    same = {name: said[name] for name in ("product", "edition", "place")}
    if Release.objects.exclude(pk=one.pk).filter(**same).exists():
        edition = str(Edition(said["edition"]).label)
        raise ReleaseNamed(version=said["version"], edition=edition)


def _defects(fixes: Sequence[tuple[str, str]]) -> dict[int, str]:
    """The words by the defect's id."""
    wanted = {number.strip().upper(): one_line(words)[:200] for number, words in fixes}
    known = dict(Defect.objects.filter(number__in=wanted).values_list("number", "pk"))
    for number in wanted:
        if number not in known:
            raise FixUnknown(number=number[:40])
    return {known[number]: words for number, words in wanted.items()}


def _keep_fixes(one: Release, wanted: Mapping[int, str]) -> bool:
    """Make the list of what it fixes this one; whether that changed anything."""
    present = {fix.defect_id: fix.words for fix in one.fixes.all()}
    if present == wanted:
        return False
    one.fixes.exclude(defect__in=wanted).delete()
    for defect, words in wanted.items():
        ReleaseFix.objects.update_or_create(
            release=one, defect_id=defect, defaults={"words": words}
        )
    return True


def _check_beta(one: Release) -> None:
    """A build comes out while its programme runs: its end comes before or after it."""
    if one.programme_id is None:
        return
    programme = BetaProgramme.objects.select_for_update().get(pk=one.programme_id)
    if not programme.is_running:
        raise BetaNotRunning(name=programme.name, since=" now")


def _check_files(one: Release) -> None:
    files = list(one.files.all())
    if not files:
        raise ReleaseEmpty(version=one.version)
    gone = [file.name for file in files if not default_storage.exists(str(file.file.name))]
    if gone:
        raise ReleaseFileGone(names=", ".join(gone[:5]))
