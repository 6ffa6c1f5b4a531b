"""The portal's pages of beta programmes: which there are, one with its builds, one's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Person
from entitlements.models import Licence
from resources.models import BetaFeedback, BetaMember, BetaProgramme, BetaTerms, Release, ReleaseFix
from resources.querysets.releases import ReleaseQuerySet
from resources.reads.beta.joining import Seat, seats_of, why_no_builds
from resources.reads.loop import Step, loops_of

MOST_LICENCES = 200
BUILDS = 20
SAID = 50


@dataclass(frozen=True)
class Build:
    """A build with what it fixes and the line of each."""

    release: Release
    fixes: Sequence[tuple[ReleaseFix, Sequence[Step]]]


@dataclass(frozen=True)
class Page:
    """A programme as one person sees it. `why` is what stands between a member and the builds."""

    programme: BetaProgramme
    terms: BetaTerms | None
    member: BetaMember | None
    why: str
    seats: Sequence[Seat]
    builds: Sequence[Build]
    said: Sequence[BetaFeedback]

    @property
    def may_join(self) -> bool:
        return self.programme.is_running and any(one.may_join for one in self.seats)


def programmes_for(person: Person) -> QuerySet[BetaProgramme]:
    """What `person` may look at: what runs, and what they took part in."""
    ever = BetaMember.objects.visible_to(person).values("programme")
    running = BetaProgramme.objects.running()
    return (running | BetaProgramme.objects.filter(pk__in=ever, opened_at__isnull=False)).distinct()


def page_of(programme: BetaProgramme, person: Person, at: datetime) -> Page:
    """A dozen statements, however many builds there are."""
    terms = programme.terms.first()
    own = BetaMember.objects.visible_to(person).present().filter(programme=programme)
    member = own.select_related("programme", "terms", "licence__organisation").first()
    why, builds = "", list[Build]()
    if member is not None and terms is not None:
        why = why_no_builds(member, terms.number, at)
        builds = [] if why else _builds(member, person, at)
    is_asked = member is None or member.terms != terms
    return Page(
        programme=programme,
        terms=terms,
        member=member,
        why=why,
        seats=_seats(programme, person, at) if programme.is_running and is_asked else (),
        builds=builds,
        said=_said(programme, person),
    )


def builds_for(member: BetaMember) -> ReleaseQuerySet:
    """Those of the programme that are out and of the edition of the member's licence."""
    out = Release.objects.builds().filter(programme=member.programme, withdrawn_at=None)
    return out.filter(edition=member.licence.edition)


def _builds(member: BetaMember, person: Person, at: datetime) -> list[Build]:
    rows = list(builds_for(member).with_files()[:BUILDS])
    fixes = [fix for one in rows for fix in one.fixes.all()]
    known = {fix.defect_id: fix.defect for fix in fixes}
    lines = {one.defect.pk: one.steps for one in loops_of(list(known.values()), person, at)}
    return [Build(one, [(fix, lines[fix.defect_id]) for fix in one.fixes.all()]) for one in rows]


def _seats(programme: BetaProgramme, person: Person, at: datetime) -> list[Seat]:
    held = Licence.objects.visible_to(person).held().select_related("organisation")
    return seats_of(held.order_by("key")[:MOST_LICENCES], programme, at)


def _said(programme: BetaProgramme, person: Person) -> list[BetaFeedback]:
    own = BetaFeedback.objects.visible_to(person).filter(programme=programme)
    return list(own.for_list()[:SAID])
