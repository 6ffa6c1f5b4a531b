"""What it would mean to spend a Gold incident on a report, in plain words, before it is filed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.enums import GoldDefault
from accounts.models import Organisation
from entitlements.actions.coverage import decide
from entitlements.enums import Level
from entitlements.models import CoverageDecision, GoLiveProject, IncidentPack, Licence
from entitlements.reads.coverage_summary import promise_of
from entitlements.reads.holdings import counts_round_the_clock, holdings_of
from entitlements.rules.words import span_in_words
from tickets.actions.electing import due_if_elected
from tickets.models import Incident
from tickets.rules.gold import spends_by_default


@dataclass(frozen=True)
class GoldChoice:
    """Either both consequences, as sentences, or the reason why there is no choice."""

    yes: str = ""
    no: str = ""
    reason: str = ""
    left: int = 0  # after this one

    @property
    def possible(self) -> bool:
        return not self.reason


@dataclass(frozen=True)
class GoldNow:
    """An incident that waits for an answer: due by then with Gold, and so many left after it."""

    due_at: datetime
    left: int


def gold_choice(
    licence: Licence,
    *,
    project: GoLiveProject | None,
    service: str,
    channel: str,
    at: datetime,
    call_logged: bool = False,
) -> GoldChoice | None:
    """The choice that a report of `at` would have; None for a licence that never had a pack.

    Decides as filing does, with Gold and without, and stores and spends nothing. At most
    fourteen queries. The caller may see `licence` and `project`.
    """
    asked: dict[str, Any] = {
        "organisation": licence.organisation,
        "licence": licence,
        "project": project,
        "service": service,
        "channel": channel,
        "at": at,
        "call_logged": call_logged,
        "save": False,
    }
    chosen = decide(**asked, use_gold=True)
    if chosen.pack is None:
        reasons = [one["sentence"] for one in chosen.considered if one["level"] == Level.GOLD]
        return GoldChoice(reason=reasons[0]) if reasons else None
    without = decide(**asked, use_gold=False)
    (holding,) = holdings_of([licence], {}, licence.organisation.timezone)
    return _in_words(chosen, without, left=holding.gold_left(at) - 1)


def gold_now(incident: Incident, *, at: datetime) -> GoldNow | None:
    """What spending a Gold incident on `incident` now would gain; None where it gains nothing.

    Asks no more than one question for those without a pack.
    """
    licence = incident.licence
    if licence is None or not IncidentPack.objects.with_balance().filter(licence=licence).exists():
        return None
    due_at = due_if_elected(incident, at=at)
    if due_at is None:
        return None
    choice = gold_choice(
        licence,
        project=incident.project,
        service=incident.service.key,
        channel=incident.channel,
        at=at,
        call_logged=True,
    )
    if choice is None or not choice.possible:
        return None
    return GoldNow(due_at, choice.left)


def default_in_words(organisation: Organisation, priority: int) -> str:
    """ "As your organisation decided (never): no" """
    decided = GoldDefault(organisation.gold_default).label
    spends = "yes" if spends_by_default(organisation.gold_default, priority) else "no"
    return f"As your organisation decided ({decided[0].lower()}{decided[1:]}): {spends}"


def _in_words(chosen: CoverageDecision, without: CoverageDecision, *, left: int) -> GoldChoice:
    gold, other = chosen.level, without.level
    assert gold is not None, "a pack was chosen"
    are_left = "1 Gold incident is" if left == 1 else f"{left or 'no'} Gold incidents are"
    within = promise_of(gold)
    if other is None:
        instead, no = "where nothing else is promised", "No: nothing else covers this report."
    else:
        instead = f"instead of {promise_of(other)}"
        if counts_round_the_clock(gold) and counts_round_the_clock(other):
            within = span_in_words(gold.response_time)  # said once, of both
        no = f"No: a human answers within {promise_of(other)} ({Level(other.level).label})."
    hotline = "" if left else " The call-back hotline is off then."
    yes = f"Yes: a human answers within {within} {instead}; {are_left} left after this.{hotline}"
    return GoldChoice(yes=yes, no=no, left=left)
