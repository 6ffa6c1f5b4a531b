"""The portal's page of downloads: what one licence gets, what it does not, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Person
from entitlements.enums import Edition
from entitlements.models import Licence
from resources.models import Release, RunningVersion
from resources.reads.releases.holding import (
    Got,
    got_by,
    maintained_until,
    published_releases,
    what_licences_have,
)
from resources.rules.downloads import Why
from resources.rules.versions import is_final

MOST = 30  # releases shown whole on one page; older ones are found by search and number
MOST_OTHERS = 10


@dataclass(frozen=True)
class Shelf:
    """What a page shows of one licence.

    `newest` is the highest final version that it gets, whatever was published last; `gets` all
    that it gets or got before it was withdrawn, highest first; `misses` those of its edition that
    it does not; `editions` the newest of each other edition.
    """

    licence: Licence
    running: RunningVersion | None
    maintained_until: str
    newest: Got | None
    gets: Sequence[Got]
    misses: Sequence[Got]
    editions: Sequence[Got]
    more: int

    @property
    def is_behind(self) -> bool:
        """Whether it runs something older than what it could."""
        if self.running is None or self.newest is None:
            return False
        return tuple(self.running.place) < tuple(self.newest.release.place)


def licences_for_downloads(person: Person) -> QuerySet[Licence]:
    """The licences whose downloads `person` may look at, by key."""
    held = Licence.objects.visible_to(person).held()
    return held.select_related("organisation").order_by("key")


def shelf_of(licence: Licence, at: datetime) -> Shelf:
    """Ten statements or so, however many releases there are."""
    has = what_licences_have([licence], licence.organisation.timezone)[licence.pk]
    found = list(got_by(licence, has, published_releases(), at).values())
    gets = [one for one in found if one.verdict.why in (Why.GETS, Why.WITHDRAWN)]
    whole = _whole(gets[:MOST])
    final = (one for one in whole if one.gets and is_final(tuple(one.release.place)))
    return Shelf(
        licence=licence,
        running=RunningVersion.objects.filter(licence=licence).first(),
        maintained_until=maintained_until(has, at),
        newest=next(final, None),
        gets=whole,
        misses=[one for one in found if _is_missed(one)][:MOST_OTHERS],
        editions=_of_other_editions(found),
        more=max(len(gets) - MOST, 0),
    )


def got_of_release(
    release: Release, licences: Sequence[Licence], timezone: str, at: datetime
) -> list[tuple[Licence, Got]]:
    """Beside each licence of one organisation that is of the same product and edition; where
    there is none, beside the others, so that the page says what it takes.
    """
    has = what_licences_have(licences, timezone)
    releases = published_releases()
    found = [(one, got_by(one, has[one.pk], releases, at)[release.pk]) for one in licences]
    other = (Why.OTHER_EDITION, Why.OTHER_PRODUCT)
    fitting = [(one, got) for one, got in found if got.verdict.why not in other]
    return fitting or found[:1]


def _whole(found: Sequence[Got]) -> list[Got]:
    """The same, each with its notes, files and what it fixes; three statements."""
    rows = Release.objects.filter(pk__in=[one.release.pk for one in found]).with_files()
    by_id: Mapping[int, Release] = rows.in_bulk()
    return [replace(one, release=by_id[one.release.pk]) for one in found]


def _is_missed(one: Got) -> bool:
    shown = (Why.UPGRADE, Why.LAPSED, Why.NEVER, Why.WAITS)
    return one.verdict.why in shown and one.release.withdrawn_at is None


def _of_other_editions(found: Sequence[Got]) -> list[Got]:
    newest: dict[str, Got] = {}
    for one in found:  # highest first
        other = one.verdict.why is Why.OTHER_EDITION and one.release.withdrawn_at is None
        if other and one.release.edition != Edition.EVALUATION:
            newest.setdefault(one.release.edition, one)
    return list(newest.values())
