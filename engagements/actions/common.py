"""What all actions of this room share: the row held, who hears, what notices say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.enums import CUSTOMER_ROLES, VENDOR_ROLES, Role
from accounts.models import Person
from core.errors import NotAllowed
from engagements import policies
from engagements.enums import State
from engagements.errors import EngagementOver, NobodyReports, NotRunning
from engagements.models import Engagement
from notices.outbox import notify


def locked(engagement: Engagement) -> Engagement:
    """The row as it is now, held until the end of the transaction; it is not over yet."""
    rows = Engagement.objects.select_related("organisation", "owner", "requested_by")
    fresh = rows.select_for_update(of=("self",)).get(pk=engagement.pk)
    if fresh.ended_at is not None:
        raise EngagementOver(number=fresh.number, state=fresh.get_state_display().lower())
    return fresh


def managed(engagement: Engagement, by: Person) -> Engagement:
    """Locked, for who may manage it. Errors: `NotAllowed`, `EngagementOver`."""
    if not policies.may_manage(by, engagement):
        raise NotAllowed()
    return locked(engagement)


def worked(engagement: Engagement, by: Person) -> Engagement:
    """Locked, for who works on it, and taken up. Errors: also `NotRunning`."""
    if not policies.may_work(by, engagement):
        raise NotAllowed()
    fresh = locked(engagement)
    if fresh.state == State.REQUESTED:
        raise NotRunning(number=fresh.number)
    return fresh


def customers_of(engagement: Engagement) -> list[Person]:
    """Who of the customer hears of it: who asked for it, and who takes part."""
    taking_part = Person.objects.active().filter(
        pk__in=engagement.members.values("person"), organisation=engagement.organisation_id
    )
    return _once([engagement.requested_by, *taking_part])


def reporter_for(engagement: Engagement) -> Person:
    """Who reports for the customer what we found: who asked for it, while they are theirs, else
    an admin contact; a person who moved takes nothing along. Error: `NobodyReports`.
    """
    theirs = Person.objects.active().filter(
        organisation=engagement.organisation_id, role__in=CUSTOMER_ROLES
    )
    asked: Person | None = theirs.filter(pk=engagement.requested_by_id).first()
    found: Person | None = asked or theirs.filter(role=Role.ADMIN_CONTACT).order_by("pk").first()
    if found is None:
        raise NobodyReports(number=engagement.number)
    return found


def team_of(engagement: Engagement) -> list[Person]:
    """Who of us hears of it: the owner, else the account manager, and the team."""
    owner = engagement.owner or engagement.organisation.tam
    taking_part = Person.objects.active().filter(
        pk__in=engagement.members.values("person"), role__in=VENDOR_ROLES
    )
    return _once([*([owner] if owner else []), *taking_part])


def leads_of(engagement: Engagement) -> list[Person]:
    """Who hears of what is late: the team, the account manager and the leads."""
    tam = engagement.organisation.tam
    return _once([*team_of(engagement), *([tam] if tam else []), *Person.objects.leads()])


def facts_of(engagement: Engagement, *, for_staff: bool) -> dict[str, Any]:
    """What every notice about it says."""
    place = "/admin/engagements/" if for_staff else "/engagements/"
    whose = {"organisation": engagement.organisation.name} if for_staff else {}
    return whose | {
        "number": engagement.number,
        "subject": engagement.title,
        "url": f"{settings.SITE_URL}{place}{engagement.number}/",
    }


def tell_customer(
    engagement: Engagement, template: str, *, key: str, at: datetime, **more: object
) -> None:
    """Mail whoever of the customer takes part."""
    facts = facts_of(engagement, for_staff=False) | more
    notify(customers_of(engagement), template, key=key, at=at, about=engagement, **facts)


def tell_team(
    engagement: Engagement,
    template: str,
    *,
    key: str,
    at: datetime,
    but: Person | None = None,
    **more: object,
) -> None:
    """Mail the team, but not who did it."""
    facts = facts_of(engagement, for_staff=True) | more
    people = [one for one in team_of(engagement) if one != but]
    notify(people, template, key=key, at=at, about=engagement, **facts)


def _once(people: Iterable[Person]) -> list[Person]:
    return list({one.pk: one for one in people}.values())
