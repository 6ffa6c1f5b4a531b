"""Which level serves a report, and why each other one does not (R2, R3). Pure.

The caller gathers the candidates of the organisation; here they are put in their total order and
each gets its reason, in words that a customer understands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from core.words import day_in_words, listed
from entitlements.channels import Channel
from entitlements.levels import RANK, SUBSCRIBED_LEVELS, carrying_words
from entitlements.rules.terms import Term
from entitlements.rules.words import promise_in_words

_NO_CONTRACT = "no_technical_contract"
_NEEDS_CARRIER = "Gold incidents count only while {carrier} is active."


@dataclass(frozen=True)
class Question:
    """A report, as far as entitlement goes. `at` is when the server received it (R1), aware."""

    at: datetime
    service: str
    channel: str
    use_gold: bool = False
    licence: int | None = None
    project: int | None = None
    service_name: str = ""
    call_logged: bool = False  # E2: a spoken report needs the call that an engineer logged
    needs_contract: bool = False  # rule 10: on-site needs a special technical contract …
    has_contract: bool = False  # … that runs at the moment


@dataclass(frozen=True)
class Candidate:
    """One entitlement of the organisation that might serve the report.

    `id` is total: no two candidates share one. `licence` or `project` says what it is for.
    `pack` and `available` belong to Gold, as does `premium`: a level that carries packs holds at
    the moment. What
    belongs to a licence that is claimed and not `confirmed` at the moment serves nothing (K1).
    """

    id: str
    level: str
    label: str
    target: timedelta
    round_the_clock: bool
    term: Term
    channels: frozenset[str]
    services: frozenset[str]
    level_version: int
    licence: int | None = None
    project: int | None = None
    pack: int | None = None
    available: int | None = None
    premium: bool = True
    confirmed: bool = True


@dataclass(frozen=True)
class Considered:
    """A candidate with its verdict: `code` for programs, `sentence` for people."""

    candidate: Candidate
    code: str
    sentence: str

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.candidate.id,
            "level": self.candidate.level,
            "label": self.candidate.label,
            "code": self.code,
            "sentence": self.sentence,
        }


@dataclass(frozen=True)
class Decision:
    """`chosen` serves the report, or nothing does and `remedies` say what would."""

    chosen: Candidate | None
    considered: tuple[Considered, ...]
    remedies: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "chosen": self.chosen.id if self.chosen else None,
            "considered": [one.as_json() for one in self.considered],
            "remedies": list(self.remedies),
        }


def resolve(question: Question, candidates: Iterable[Candidate]) -> Decision:
    """Put the candidates in order, choose the first that applies, give each its reason."""
    ordered = sorted(candidates, key=_order)
    considered: list[Considered] = []
    chosen: Candidate | None = None
    for candidate in ordered:
        refused = _refusal(question, candidate)
        if refused is not None:
            considered.append(Considered(candidate, *refused))
        elif chosen is None:
            chosen = candidate
            considered.append(Considered(candidate, "chosen", _chosen(candidate)))
        else:
            considered.append(Considered(candidate, "also_applies", _later(candidate, chosen)))
    remedies = () if chosen else _remedies(question, considered)
    return Decision(chosen, tuple(considered), remedies)


def _order(candidate: Candidate) -> tuple[int, timedelta, bool, date, str]:
    """Total: rank, shortest target, licence-specific first, earliest expiry, id (R2)."""
    general = candidate.licence is None
    return RANK[candidate.level], candidate.target, general, candidate.term.ends_on, candidate.id


def _refusal(question: Question, candidate: Candidate) -> tuple[str, str] | None:
    """The first reason why the candidate does not apply, or None."""
    return (
        _other_subject(question, candidate)
        or _not_confirmed(candidate)
        or _not_in_term(question, candidate)
        or _not_included(question, candidate)
        or _no_gold(question, candidate)
    )


def _other_subject(question: Question, candidate: Candidate) -> tuple[str, str] | None:
    label = candidate.label
    if candidate.project is not None and candidate.project != question.project:
        return "not_this_project", f"{label} serves its project; this report names another or none."
    if candidate.licence is not None and candidate.licence != question.licence:
        return "other_licence", f"{label} belongs to another licence."
    return None


def _not_confirmed(candidate: Candidate) -> tuple[str, str] | None:
    if candidate.confirmed:
        return None
    label = candidate.label
    return "licence_not_confirmed", f"{label} waits until the registered licence is confirmed."


def _not_in_term(question: Question, candidate: Candidate) -> tuple[str, str] | None:
    label, term = candidate.label, candidate.term
    if question.at < term.starts_at:
        return "not_started", f"{label} begins on {day_in_words(term.starts_on)}."
    if question.at >= term.ends_at:
        return "expired", f"{label} ended on {day_in_words(term.last_on)}."
    return None


def _not_included(question: Question, candidate: Candidate) -> tuple[str, str] | None:
    label = candidate.label
    if question.channel not in candidate.channels:
        channel = Channel(question.channel).facts.name
        others = listed([one.facts.name for one in Channel if one in candidate.channels], "or")
        instead = f"; use {others}" if others else ""
        return "channel_not_included", f"{label} does not include {channel}{instead}."
    if Channel(question.channel).facts.spoken and not question.call_logged:
        return "no_call_logged", f"{label} needs the telephone call logged by an engineer."
    if question.service not in candidate.services:
        service = (question.service_name or question.service).lower()
        return "service_not_included", f"{label} does not include {service}."
    if question.needs_contract and not question.has_contract:
        name = question.service_name or question.service
        return _NO_CONTRACT, f"{name} needs a special technical contract, and none runs."
    return None


def _no_gold(question: Question, candidate: Candidate) -> tuple[str, str] | None:
    if candidate.pack is None:
        return None
    if not candidate.premium:
        return "premium_not_active", _NEEDS_CARRIER.format(carrier=carrying_words())
    if not candidate.available:
        return "pack_empty", "No Gold incidents are left in this pack."
    if not question.use_gold:
        return "not_elected", "Gold was not chosen for this report, so no Gold incident is spent."
    return None


def _later(candidate: Candidate, chosen: Candidate) -> str:
    if candidate.level == chosen.level and candidate.pack is not None:
        return (
            f"Another pack of {candidate.label} incidents would apply too; the one that ends"
            " first, or was bought first, is spent first."
        )
    return f"{candidate.label} would apply too; {chosen.label} comes before it."


def _chosen(candidate: Candidate) -> str:
    promise = promise_in_words(candidate.target, round_the_clock=candidate.round_the_clock)
    until = day_in_words(candidate.term.last_on)
    return (
        f"{candidate.label} serves this report: an answer within {promise}. It lasts until {until}."
    )


def _remedies(question: Question, considered: list[Considered]) -> tuple[str, ...]:
    """What would cover the report, most likely first."""
    codes = {one.code for one in considered}
    found = []
    if question.licence is None and question.project is None:
        found.append("Name the licence that the report is about.")
    found += _ask_otherwise(question, [one.candidate for one in considered])
    if "licence_not_confirmed" in codes:
        found.append(
            "Wait until the licence is confirmed: the report is taken up then. The invoice, sent to"
            " us, makes it faster."
        )
    if "not_started" in codes:
        found.append("Wait until the support that you bought begins, or have it begin earlier.")
    if "expired" in codes or not considered or codes == {"other_licence"}:
        sold = listed([one.label for one in reversed(SUBSCRIBED_LEVELS)], "or")
        found.append(f"Buy or renew {sold} for this licence.")
    if considered and not any(question.service in one.candidate.services for one in considered):
        service = (question.service_name or question.service).lower()
        found.append(f"Buy a level that includes {service}; the support programme lists them.")
    if codes & {"premium_not_active", "pack_empty"}:
        found.append(f"Buy {carrying_words()}, and a pack of Gold incidents with it.")
    if question.needs_contract and not question.has_contract:
        found.append("Ask us for a special technical contract.")
    return tuple(found) or ("Ask your account manager which level fits.",)


def _ask_otherwise(question: Question, candidates: list[Candidate]) -> list[str]:
    """How the same report would be covered by what there is already: each was tried."""

    def covered(**changed: Any) -> bool:
        asked = replace(question, **changed)
        return any(_refusal(asked, one) is None for one in candidates)

    found = []
    ways = [one.facts.advice for one in Channel if one.facts.advice and covered(channel=one.value)]
    if ways:
        found.append(f"Report it {listed(ways, 'or')}.")
    if not question.call_logged and covered(call_logged=True):
        found.append("Call us, so that an engineer logs the call.")
    if not question.use_gold and covered(use_gold=True):
        found.append("Choose to spend a Gold incident on this report.")
    return found
