"""From the report to everybody told: how far a known defect has come, as one line of a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.enums import VENDOR_ROLES
from accounts.models import Person
from core.registries import Reported, reports_of_defects
from entitlements.levels import Level
from resources.enums import Audience, NewsOfFix
from resources.models import Article, BetaMember, Defect, DefectState, FixNews, ReleaseFix
from resources.reads.readers import kind_of_reader, reader_of
from resources.rules.readers import STRANGER, Reader

RELEASES, ARTICLES = 3, 2  # that one line names


@dataclass(frozen=True)
class Step:
    """One place of the line. `is_done` False: it is still to come."""

    icon: str
    text: str
    url: str = ""
    at: datetime | None = None
    is_done: bool = True
    is_build: bool = False  # of a beta, which its members alone know (BT3)


@dataclass(frozen=True)
class Loop:
    """A defect with its line."""

    defect: Defect
    steps: Sequence[Step]


def loops_of(
    defects: Sequence[Defect], person: Person | None, at: datetime, *, with_ends: bool = True
) -> list[Loop]:
    """One a defect, in their order; five statements however many there are.

    What `person` may read: strangers and customers neither titles nor other customers' reports.
    Without the ends, who reported and who was told are left to whoever asks.
    """
    if not defects:
        return []
    is_ours = person is not None and person.role in VENDOR_ROLES
    fixes, articles = _fixes(defects, person), _articles(defects, person, at)
    first = _reported(defects, person) if with_ends and person is not None else {}
    last = _told(defects) if with_ends and is_ours else {}
    return [
        Loop(
            one,
            [
                *first.get(one.pk, ()),
                _known(one, is_ours),
                *_builds(one, fixes[one.pk], person),
                *_releases(one, fixes[one.pk], person),
                *articles[one.pk],
                *last.get(one.pk, ()),
            ],
        )
        for one in defects
    ]


def _reported(defects: Collection[Defect], person: Person) -> dict[int, list[Step]]:
    found: dict[int, Reported] = {}
    for source in reports_of_defects.values():
        found |= source(person, [one.pk for one in defects])
    is_ours = person.role in VENDOR_ROLES
    return {pk: [_reported_step(one, is_ours)] for pk, one in found.items()}


def _reported_step(one: Reported, is_ours: bool) -> Step:
    if is_ours:
        noun = "incident" if one.incidents == 1 else "incidents"
        customers = "customer" if one.customers == 1 else "customers"
        return Step("inbox", f"{one.incidents} {noun} of {one.customers} {customers}", one.url)
    others = f" and {one.incidents - 1} more" if one.incidents > 1 else ""
    return Step("inbox", f"Your incident {one.number}{others}", one.url)


def _known(defect: Defect, is_ours: bool) -> Step:
    url = reverse("admin:defect", args=[defect.number]) if is_ours else ""
    return Step("wrench", f"Known defect {defect.number}", url, defect.recorded_at)


def _fixes(defects: Collection[Defect], person: Person | None) -> dict[int, list[ReleaseFix]]:
    """By defect, what is out with the fix; of beta builds those that the reader may know (BT3)."""
    found: defaultdict[int, list[ReleaseFix]] = defaultdict(list)
    published = ReleaseFix.objects.filter(defect__in=defects, release__published_at__isnull=False)
    rows = published.filter(_known_to(person)).select_related("release__programme")
    for one in rows.order_by("release__published_at", "pk"):
        found[one.defect_id].append(one)
    return found


def _known_to(person: Person | None) -> Q:
    """Releases; builds for the team, and for who takes part in a beta that is on."""
    releases = Q(release__programme=None)
    if person is None:
        return releases
    if person.role in VENDOR_ROLES:
        return Q()
    own = BetaMember.objects.visible_to(person).present().filter(person=person)
    theirs = own.filter(
        programme=OuterRef("release__programme"), licence__edition=OuterRef("release__edition")
    )
    return releases | Q(Exists(theirs), release__programme__ended_at=None)


def _builds(defect: Defect, fixes: Sequence[ReleaseFix], person: Person | None) -> list[Step]:
    """The newest beta build with the fix, until a release has it."""
    builds = [one.release for one in fixes if one.release.withdrawn_at is None]
    having = [(one, one.programme) for one in builds if one.programme is not None]
    if not having:
        return []
    build, programme = having[-1]
    is_customer = person is not None and person.is_customer
    url = programme.get_absolute_url() if is_customer else _address(build.pk, person)
    words = f"In beta build {build.version}"
    return [Step("flag", words, url, build.published_at, is_build=True)]


def _releases(defect: Defect, fixes: Sequence[ReleaseFix], person: Person | None) -> list[Step]:
    """Published ones with the fix; else the build that somebody named, or that it is to come."""
    out = [one.release for one in fixes if one.release.programme_id is None]
    having = [one for one in out if one.withdrawn_at is None]
    if defect.fixed_at is None:
        state = DefectState(defect.state)
        words = "Not fixed yet" if state == DefectState.KNOWN else str(state.label)
        if len(out) < len(fixes):
            words = "Not in a release yet"
        return [Step("package", words, is_done=False)]
    if not having:
        return [Step("package", f"Fixed in {defect.fixed_in}", at=defect.fixed_at)]
    return [
        Step(
            "package",
            f"Fixed in {one.version}, {one.get_edition_display()}",
            _address(one.pk, person),
            one.published_at,
        )
        for one in having[:RELEASES]
    ]


def _address(release: int, person: Person | None) -> str:
    """Where this reader finds the release; "" for who has no page of it."""
    if person is None:
        return ""
    if person.role in VENDOR_ROLES:
        return reverse("admin:release", args=[release])
    return reverse("resources:release", args=[release]) if person.is_customer else ""


def _articles(
    defects: Collection[Defect], person: Person | None, at: datetime
) -> dict[int, list[Step]]:
    reader = kind_of_reader(person) if person is not None else STRANGER
    if reader.is_registered:  # which levels they have costs statements: asked where it matters
        reader = replace(reader, levels=frozenset(Level.values))
    rows = _about(defects, reader)
    if not reader.is_staff and any(row[-1] == Audience.LEVELS for row in rows):
        rows = _about(defects, reader_of(person, at))
    found: defaultdict[int, list[Step]] = defaultdict(list)
    for defect, slug, title, published_at, _ in rows:
        if len(steps := found[defect]) < ARTICLES:
            url = reverse("resources:article", args=[slug])
            steps.append(Step("book-open", title, url, published_at))
    return found


def _about(
    defects: Collection[Defect], reader: Reader
) -> list[tuple[int, str, str, datetime | None, str]]:
    readable = Article.objects.visible_to(reader).filter(defects__in=defects)
    return list(
        readable.order_by("published_at", "pk").values_list(
            "defects", "slug", "live__title", "published_at", "live__audience"
        )
    )


def _told(defects: Collection[Defect]) -> dict[int, list[Step]]:
    """The latest word that went out to those who are affected."""
    news = FixNews.defects.through.objects.filter(defect__in=defects)
    rows = news.select_related("fixnews__release")
    latest = {row.defect_id: row.fixnews for row in rows.order_by("fixnews__at", "fixnews")}
    return {pk: [_told_step(news)] for pk, news in latest.items()}


def _told_step(news: FixNews) -> Step:
    if news.told_at is None:
        return Step("mail", "Those affected are being told", is_done=False)
    nouns = ("person", "people") if news.release.programme_id is None else ("member", "members")
    who = f"{news.people} {nouns[news.people != 1]} told"
    words = who if news.kind == NewsOfFix.FIXED else f"{who} that it does not hold"
    return Step("mail", words, at=news.told_at)
