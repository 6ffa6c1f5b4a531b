"""Which version a reader is on, what the others are, and where a wrong address may have led."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.urls import reverse

from accounts.models import Person
from core.search.results import Found, find
from core.search.words import parse
from resources.enums import ManualState
from resources.models import Manual, ManualPage, ManualVersion
from resources.reads.manuals.source import KIND
from resources.reads.readers import nobody
from resources.rules.manuals import nearest
from resources.rules.readers import Reader

NEWEST = "newest"
MOST_LISTED = 500  # pages in the list at the side


@dataclass(frozen=True)
class Other:
    """Another version, and where its link leads: the same page where it has it."""

    version: ManualVersion
    url: str
    has_page: bool


@dataclass(frozen=True)
class Listed:
    """A manual with its published versions, highest first, and the newest of them."""

    manual: Manual
    versions: Sequence[ManualVersion]
    newest: ManualVersion


def manuals_for(reader: Reader) -> list[Listed]:
    """What this reader may read; two statements."""
    live = ManualVersion.objects.live().select_related("manual").order_by("-place")
    rows = Manual.objects.visible_to(reader).prefetch_related(Prefetch("versions", live))
    found = [(one, list(one.versions.all())) for one in rows]
    return [
        Listed(one, versions, newest)
        for one, versions in found
        if (newest := newest_of(versions)) is not None
    ]


def newest_of(versions: Sequence[ManualVersion]) -> ManualVersion | None:
    """The highest that is released; else the highest of all. `versions` highest first."""
    released = (one for one in versions if not one.is_preview)
    return next(released, None) or next(iter(versions), None)


def others_of(versions: Sequence[ManualVersion], manual: Manual, path: str) -> list[Other]:
    """Every published version, for the switch between them; one statement."""
    holding = ManualPage.objects.filter(version__in=versions, path=path) if path else None
    having = set(holding.values_list("version", flat=True)) if holding is not None else set()
    return [
        Other(one, address_in(manual, one.version, path if has else ""), has)
        for one in versions
        for has in (one.pk in having,)
    ]


def contents_of(version: ManualVersion) -> list[tuple[str, str]]:
    """Path and title of each page: the one on which a reader begins, then those beside it."""
    found = version.pages.exclude(path="").values_list("path", "title")[:MOST_LISTED]
    return sorted(found, key=lambda one: (one[0] != version.home, one[0].count("/"), one[0]))


def address_in(manual: Manual, version: str, path: str) -> str:
    """The address of a page in a version, or of the version's beginning."""
    if path:
        return reverse("resources:manual_page", args=[manual.slug, version, path])
    return reverse("resources:manual_version", args=[manual.slug, version])


def meant(version: ManualVersion, path: str) -> list[ManualPage]:
    """Pages that a wrong address may have meant, the likeliest first; two statements."""
    known = list(version.pages.values_list("path", flat=True))
    paths = nearest(path, known)
    found = {one.path: one for one in version.pages.filter(path__in=paths)}
    return [found[one] for one in paths]


def retired(manual: Manual, version: str) -> bool:
    return manual.versions.filter(version=version, state=ManualState.RETIRED).exists()


def searched(text: str, person: Person | None, at: datetime, *, page: int) -> Found:
    """Pages of manuals with all of these words, of every published version, each labelled."""
    return find(parse(text, {}), person or nobody(), at, page=page, kinds=(KIND,))
