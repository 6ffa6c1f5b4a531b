"""Who gets an issue: by support, by choice, and for an advisory by what is run (NL1, NL5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import Organisation, Person
from core.registries import versions_named
from entitlements.models import Licence
from entitlements.reads.held_levels import levels_of, levels_with_newsletter
from resources.enums import Audience
from resources.models import NewsletterChoice, NewsletterIssue, OutsideReader, RunningVersion
from resources.rules.ranges import is_affected

TOGETHER = 200  # organisations that are looked at in one go


@dataclass(frozen=True)
class Concern:
    """An organisation that an advisory is about; `versions` that it runs, as far as known."""

    is_certain: bool
    versions: tuple[str, ...]


@dataclass(frozen=True)
class Gathered:
    """Whom of some organisations an issue goes to, and which of those it is about."""

    people: list[Person]
    concerns: Mapping[int, Concern]


def organisations_behind(pk: int, most: int = TOGETHER) -> list[Organisation]:
    """The next organisations by key that are customers."""
    return list(Organisation.objects.filter(pk__gt=pk, closed_at=None).order_by("pk")[:most])


def gathered(
    issue: NewsletterIssue, organisations: Sequence[Organisation], at: datetime
) -> Gathered:
    """Of these organisations; a dozen queries, however many they are. Needs an open wall."""
    wanted = {one.pk for one in organisations}
    concerns: Mapping[int, Concern] = {}
    if issue.newsletter.is_advisory:
        concerns = concerns_of(issue, wanted)
        wanted &= concerns.keys()
    levels = levels_of(organisations, at) if _asks_for_levels(issue) else {}
    if issue.audience == Audience.LEVELS:
        wanted = {pk for pk in wanted if levels.get(pk, frozenset()) & set(issue.levels)}
    people = _readers(issue, wanted, levels)
    return Gathered(list(people), {pk: one for pk, one in concerns.items() if pk in wanted})


def _asks_for_levels(issue: NewsletterIssue) -> bool:
    by_support = issue.newsletter.comes_with_support and not issue.newsletter.is_advisory
    return by_support or issue.audience == Audience.LEVELS


def _readers(
    issue: NewsletterIssue, organisations: Collection[int], levels: Mapping[int, frozenset[str]]
) -> QuerySet[Person]:
    """Who has it with the support, or by what they run, and did not leave; and who chose it."""
    people: QuerySet[Person] = Person.objects.active().filter(organisation__in=organisations)
    chosen = NewsletterChoice.objects.filter(newsletter=issue.newsletter)
    wants = Q(pk__in=chosen.filter(wants=True).values("person"))
    if issue.newsletter.is_advisory:
        reads = wants | Q(organisation__in=organisations)
    elif issue.newsletter.comes_with_support:
        enough = levels_with_newsletter()
        supported = [pk for pk in organisations if levels.get(pk, frozenset()) & enough]
        reads = wants | Q(organisation__in=supported)
    else:
        reads = wants
    left = chosen.filter(wants=False).values("person")
    return people.filter(reads).exclude(pk__in=left).order_by("pk")


def concerns_of(issue: NewsletterIssue, organisations: Collection[int]) -> dict[int, Concern]:
    """Those of the organisations that run what the advisory names, or of which nobody knows."""
    held = Licence.objects.held().filter(organisation__in=organisations).order_by("pk")
    licences = [one for one in held if _is_about(issue, one.product)]
    known = versions_of([one.pk for one in licences])
    found: dict[int, list[tuple[bool | None, str]]] = defaultdict(list)
    for one in licences:
        version = known.get(one.pk, "")
        found[one.organisation_id].append((is_affected(version, issue.affected), version))
    return {
        pk: _concern(said) for pk, said in found.items() if any(one is not False for one, _ in said)
    }


def _concern(said: list[tuple[bool | None, str]]) -> Concern:
    named = dict.fromkeys(version for is_so, version in said if is_so)
    return Concern(is_certain=bool(named), versions=tuple(named))


def _is_about(issue: NewsletterIssue, product: str) -> bool:
    return not issue.products or product.lower() in (one.lower() for one in issue.products)


def versions_of(licences: Collection[int]) -> dict[int, str]:
    """What each licence runs, by key: what was said last, on its page or in a report."""
    said: dict[int, tuple[datetime, str]] = {}
    for one in RunningVersion.objects.filter(licence__in=licences):
        said[one.licence_id] = (one.told_at, one.version)
    for source in versions_named.values():
        for licence, (at, version) in source(licences).items():
            if licence not in said or said[licence][0] < at:
                said[licence] = (at, version)
    return {licence: version for licence, (_, version) in said.items()}


def outside_behind(issue: NewsletterIssue, pk: int, most: int) -> list[OutsideReader]:
    """The next strangers who confirmed; none of what only customers read."""
    if issue.audience != Audience.EVERYBODY:
        return []
    readers = OutsideReader.objects.filter(
        newsletter=issue.newsletter, pk__gt=pk, confirmed_at__isnull=False, left_at=None
    )
    return list(readers.order_by("pk")[:most])


def is_read_by_anybody(issue: NewsletterIssue, at: datetime) -> bool:
    """Whether anybody would get it now. Stops at the first whom it finds."""
    if outside_behind(issue, 0, 1):
        return True
    after = 0
    while organisations := organisations_behind(after):
        if gathered(issue, organisations, at).people:
            return True
        after = organisations[-1].pk
    return False


def count_readers(issue: NewsletterIssue, at: datetime) -> int:
    """How many would get it now: for the desk's page, before it is sent."""
    count, after = 0, 0
    while organisations := organisations_behind(after):
        count += len(gathered(issue, organisations, at).people)
        after = organisations[-1].pk
    if issue.audience == Audience.EVERYBODY:
        confirmed = OutsideReader.objects.filter(
            newsletter=issue.newsletter, confirmed_at__isnull=False, left_at=None
        )
        count += confirmed.count()
    return count
