"""What an organisation holds that may allow an engagement, for the pure rule (N1)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Sum

from accounts.models import Organisation
from engagements.enums import VisitState
from engagements.models import Engagement, Visit
from engagements.rules.eligibility import CONTRACT, LEVEL, PROJECT, Basis, Decision, decide
from entitlements.enums import Level
from entitlements.models import GoLiveProject, Licence, TechnicalContract
from entitlements.reads.current import current_levels
from entitlements.reads.holdings import candidates_of, holdings_of


def allowed(organisation: Organisation, kind: str, *, at: datetime) -> Decision:
    """What allows an engagement of this kind that is asked for at `at`; five queries at most."""
    return decide(kind, bases_of(organisation, at=at), on=local_day(organisation, at))


def licence_behind(engagement: Engagement) -> Licence | None:
    """The licence whose level allows it, for what is reported of it; None where a project does."""
    source, _, key = str(engagement.basis.get("chosen") or "").partition(":")
    if source != LEVEL or not (key := key.rpartition(":")[2]).isdigit():
        return None
    licences = Licence.objects.filter(organisation=engagement.organisation_id)
    return licences.filter(pk=key).first()


def local_day(organisation: Organisation, at: datetime) -> date:
    """The day that it is for the organisation."""
    return at.astimezone(ZoneInfo(organisation.timezone)).date()


def bases_of(organisation: Organisation, *, at: datetime) -> list[Basis]:
    """Projects, technical contracts with the days that are used, and levels of all licences."""
    return [*_projects(organisation), *_contracts(organisation), *_levels(organisation, at)]


def _projects(organisation: Organisation) -> list[Basis]:
    golive = current_levels().get(Level.GOLIVE)
    services = frozenset(golive.services) if golive else frozenset()
    found = GoLiveProject.objects.filter(organisation=organisation)
    return [
        Basis(
            PROJECT,
            f"{PROJECT}:{one.pk}",
            f"The GoLive project “{one.name}”",
            one.starts_on,
            one.ends_on,
            services,
        )
        for one in found
    ]


def _contracts(organisation: Organisation) -> list[Basis]:
    used = days_used(organisation)
    return [
        Basis(
            CONTRACT,
            f"{CONTRACT}:{one.pk}",
            f"The technical contract {one.reference}",
            one.starts_on,
            one.ends_on,
            days=one.days,
            used=used.get(one.pk, 0),
        )
        for one in TechnicalContract.objects.filter(organisation=organisation)
    ]


def days_used(organisation: Organisation) -> dict[int, int]:
    """By contract: the days of visits that were agreed or made."""
    charged = (VisitState.AGREED, VisitState.MADE)
    visits = Visit.objects.filter(organisation=organisation, state__in=charged)
    rows = visits.order_by().values_list("engagement__contract").annotate(sum=Sum("days"))
    return {contract: days for contract, days in rows if contract is not None}


def _levels(organisation: Organisation, at: datetime) -> list[Basis]:
    licences = Licence.objects.held_at(at).filter(organisation=organisation)
    levels = current_levels()
    found = []
    holdings = holdings_of(
        licences.prefetch_related("subscriptions"), levels, organisation.timezone
    )
    for holding in holdings:
        for one in candidates_of(holding, levels, at):
            if one.pack is not None or not one.confirmed:
                continue
            label = f"{Level(one.level).label} of the licence {holding.licence.key}"
            found.append(
                Basis(
                    LEVEL,
                    f"{LEVEL}:{one.id}",
                    label,
                    one.term.starts_on,
                    one.term.ends_on,
                    frozenset(one.services),
                )
            )
    return found
