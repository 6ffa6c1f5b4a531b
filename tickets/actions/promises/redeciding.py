"""Deciding again about a report that was filed before: what upgrades and corrections share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from accounts.enums import CUSTOMER_ROLES
from core.journal import entries_of, record
from entitlements.actions.coverage import decide
from entitlements.enums import SPOKEN
from entitlements.models import CoverageDecision, LevelVersion, Licence, Subscription
from entitlements.rules.terms import midnight
from notices.outbox import notify
from tickets.actions import audience
from tickets.models import Incident


class Cause(Protocol):
    """Why something is decided again. `key` names it in notices, `facts` in the journal."""

    @property
    def at(self) -> datetime:
        """When we look."""

    @property
    def effective_at(self) -> datetime:
        """From when it counts for what was reported before."""

    @property
    def key(self) -> str: ...

    @property
    def facts(self) -> dict[str, int]: ...


@dataclass(frozen=True)
class Effect:
    """A subscription that took effect; `at` is when we look."""

    subscription: Subscription
    at: datetime

    @property
    def key(self) -> str:
        return f"applied:{self.subscription.pk}"

    @property
    def facts(self) -> dict[str, int]:
        return {"subscription": self.subscription.pk}

    @property
    def entered_at(self) -> datetime:
        """When it was sold; of a correction, when the mistake was put right."""
        wrong = self.subscription.corrects
        return wrong.void_at if wrong and wrong.void_at else self.subscription.bought_at

    @property
    def effective_at(self) -> datetime:
        """From when it counts for what was reported before: once it is sold and has begun."""
        return max(self.entered_at, begins_at(self.subscription))


@dataclass(frozen=True)
class Confirmation:
    """A claimed licence that was confirmed (K1); `at` is when we look."""

    licence: Licence
    at: datetime

    @property
    def effective_at(self) -> datetime:
        assert self.licence.confirmed_at is not None, "the caller has looked"
        return self.licence.confirmed_at

    @property
    def key(self) -> str:
        return f"confirmed:{self.licence.pk}"

    @property
    def facts(self) -> dict[str, int]:
        return {"licence": self.licence.pk}


def begins_at(subscription: Subscription) -> datetime:
    return midnight(subscription.starts_on, subscription.organisation.timezone)


def decided_again(
    incident: Incident,
    at: datetime,
    *,
    use_gold: bool = False,
    sold_by: datetime | None = None,
) -> CoverageDecision:
    """What serves the report at `at`, unsaved. `use_gold` and `sold_by` are those of `decide`."""
    return decide(
        organisation=incident.organisation,
        licence=incident.licence,
        project=incident.project,
        service=incident.service.key,
        channel=incident.channel,
        use_gold=use_gold,
        call_logged=call_logged(incident),
        at=at,
        sold_by=sold_by,
        save=False,
    )


def replace_decision(
    incident: Incident, decided: CoverageDecision, cause: Cause, *, kind: str, rule: str
) -> None:
    """The former decision stays stored, and named in the journal."""
    before = incident.decision
    decided.save()
    incident.decision = decided
    incident.save(update_fields=["decision"])
    record(
        kind,
        incident,
        at=cause.at,
        by=None,
        rule=rule,
        **cause.facts,
        level=level_of(decided).level,
        effective_at=decided.at,
        before=before.pk,
        after=decided.pk,
    )


def notify_reporter(incident: Incident, template: str, cause: Cause, *, due_at: datetime) -> None:
    """Once a cause and incident. `overdue`: the moment was past before we looked."""
    level = level_of(incident.decision)
    notify(
        [incident.reporter],
        template,
        key=f"{cause.key}:{incident.pk}",
        at=cause.at,
        about=incident,
        level=level.get_level_display(),
        hours=level.response_time.total_seconds() / 3600,
        due_at=due_at.isoformat(),
        overdue=due_at < cause.at,
        **audience.customer_facts(incident),
    )


def level_of(decision: CoverageDecision) -> LevelVersion:
    assert decision.level is not None, "the caller has looked"
    return decision.level


def call_logged(incident: Incident) -> bool:
    """Whether an engineer logged the call of the report (E2).

    Calls have records of their own since these exist; before, to have filed it was to have logged.
    """
    if incident.channel not in SPOKEN:
        return False
    if incident.calls.exists():
        return True
    filed = entries_of(incident).filter(kind="incident.filed", by__isnull=False)
    return filed.exclude(by__role__in=CUSTOMER_ROLES).exists()
