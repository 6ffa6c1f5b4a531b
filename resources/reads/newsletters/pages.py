"""What pages show of newsletters: which ones a person gets, and what advisories ask of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Person
from entitlements.reads.held_levels import levels_with_newsletter
from resources.models import AdvisoryReach, Newsletter, NewsletterChoice
from resources.reads.newsletters.mail import reason_of
from resources.reads.readers import reader_of


@dataclass(frozen=True)
class KindRow:
    """A newsletter, and whether this person gets it; `by_support`: without having chosen it."""

    newsletter: Newsletter
    wants: bool
    by_support: bool


def kinds_for(person: Person | None, at: datetime) -> list[KindRow]:
    """All newsletters in their order; a stranger gets none yet."""
    rows = list(Newsletter.objects.all())
    if person is None or not person.is_customer:
        return [KindRow(one, wants=False, by_support=False) for one in rows]
    chosen = dict(NewsletterChoice.objects.filter(person=person).values_list("newsletter", "wants"))
    has_support = bool(reader_of(person, at).levels & levels_with_newsletter())
    return [_row(one, chosen.get(one.pk), has_support) for one in rows]


def _row(newsletter: Newsletter, chosen: bool | None, has_support: bool) -> KindRow:
    by_support = newsletter.is_advisory or (newsletter.comes_with_support and has_support)
    wants = by_support if chosen is None else chosen
    return KindRow(newsletter, wants, by_support=by_support and chosen is None)


@dataclass(frozen=True)
class ReachRow:
    reach: AdvisoryReach
    reason: str


def with_reasons(reaches: Iterable[AdvisoryReach]) -> list[ReachRow]:
    """Each with why it concerns its organisation."""
    return [ReachRow(one, reason_of(one)) for one in reaches]
