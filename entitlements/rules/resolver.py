"""Which level serves a report, and why each other one does not (R2, R3). Pure.

The caller gathers the candidates of the organisation; here they are put in their total order and
each gets its reason, as a code with facts. `text.reasons` has the words that a customer reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from entitlements.channels import Channel
from entitlements.levels import RANK
from entitlements.rules.terms import Term

_NO_CONTRACT = "no_technical_contract"

Facts = dict[str, Any]  # what a code says of this report: keys, ISO days, whole seconds


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
    """A candidate with its verdict."""

    candidate: Candidate
    code: str
    facts: Facts = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.candidate.id,
            "level": self.candidate.level,
            "label": self.candidate.label,
            "code": self.code,
            "facts": self.facts,
        }


@dataclass(frozen=True)
class Remedy:
    """Something that would cover the report."""

    code: str
    facts: Facts = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "facts": self.facts}


@dataclass(frozen=True)
class Decision:
    """`chosen` serves the report, or nothing does and `remedies` say what would."""

    chosen: Candidate | None
    considered: tuple[Considered, ...]
    remedies: tuple[Remedy, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "chosen": self.chosen.id if self.chosen else None,
            "considered": [one.as_json() for one in self.considered],
            "remedies": [one.as_json() for one in self.remedies],
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
            considered.append(Considered(candidate, "chosen", _promised(candidate)))
        else:
            considered.append(Considered(candidate, "also_applies", _later(candidate, chosen)))
    remedies = () if chosen else _remedies(question, considered)
    return Decision(chosen, tuple(considered), remedies)


def _order(candidate: Candidate) -> tuple[int, timedelta, bool, date, str]:
    """Total: rank, shortest target, licence-specific first, earliest expiry, id (R2)."""
    general = candidate.licence is None
    return RANK[candidate.level], candidate.target, general, candidate.term.ends_on, candidate.id


def _refusal(question: Question, candidate: Candidate) -> tuple[str, Facts] | None:
    """The first reason why the candidate does not apply, or None."""
    return (
        _other_subject(question, candidate)
        or _not_confirmed(candidate)
        or _not_in_term(question, candidate)
        or _not_included(question, candidate)
        or _no_gold(question, candidate)
    )


def _other_subject(question: Question, candidate: Candidate) -> tuple[str, Facts] | None:
    if candidate.project is not None and candidate.project != question.project:
        return "not_this_project", {}
    if candidate.licence is not None and candidate.licence != question.licence:
        return "other_licence", {}
    return None


def _not_confirmed(candidate: Candidate) -> tuple[str, Facts] | None:
    return None if candidate.confirmed else ("licence_not_confirmed", {})


def _not_in_term(question: Question, candidate: Candidate) -> tuple[str, Facts] | None:
    term = candidate.term
    if question.at < term.starts_at:
        return "not_started", {"starts_on": term.starts_on.isoformat()}
    if question.at >= term.ends_at:
        return "expired", {"last_on": term.last_on.isoformat()}
    return None


def _not_included(question: Question, candidate: Candidate) -> tuple[str, Facts] | None:
    service = {"service": question.service_name or question.service}
    if question.channel not in candidate.channels:
        others = [one.value for one in Channel if one in candidate.channels]
        return "channel_not_included", {"channel": question.channel, "others": others}
    if Channel(question.channel).facts.spoken and not question.call_logged:
        return "no_call_logged", {}
    if question.service not in candidate.services:
        return "service_not_included", service
    if question.needs_contract and not question.has_contract:
        return _NO_CONTRACT, service
    return None


def _no_gold(question: Question, candidate: Candidate) -> tuple[str, Facts] | None:
    if candidate.pack is None:
        return None
    if not candidate.premium:
        return "premium_not_active", {}
    if not candidate.available:
        return "pack_empty", {}
    if not question.use_gold:
        return "not_elected", {}
    return None


def _later(candidate: Candidate, chosen: Candidate) -> Facts:
    is_another_pack = candidate.level == chosen.level and candidate.pack is not None
    return {"chosen": chosen.label, "is_another_pack": is_another_pack}


def _promised(candidate: Candidate) -> Facts:
    return {
        "seconds": int(candidate.target.total_seconds()),
        "round_the_clock": candidate.round_the_clock,
        "last_on": candidate.term.last_on.isoformat(),
    }


def _remedies(question: Question, considered: list[Considered]) -> tuple[Remedy, ...]:
    """What would cover the report, most likely first."""
    codes = {one.code for one in considered}
    found = []
    if question.licence is None and question.project is None:
        found.append(Remedy("name_licence"))
    found += _ask_otherwise(question, [one.candidate for one in considered])
    if "licence_not_confirmed" in codes:
        found.append(Remedy("wait_for_confirmation"))
    if "not_started" in codes:
        found.append(Remedy("wait_for_start"))
    if "expired" in codes or not considered or codes == {"other_licence"}:
        found.append(Remedy("buy_level"))
    if considered and not any(question.service in one.candidate.services for one in considered):
        name = question.service_name or question.service
        found.append(Remedy("buy_including", {"service": name}))
    if codes & {"premium_not_active", "pack_empty"}:
        found.append(Remedy("buy_pack"))
    if question.needs_contract and not question.has_contract:
        found.append(Remedy("ask_for_contract"))
    return tuple(found) or (Remedy("ask_account_manager"),)


def _ask_otherwise(question: Question, candidates: list[Candidate]) -> list[Remedy]:
    """How the same report would be covered by what there is already: each was tried."""

    def covered(**changed: Any) -> bool:
        asked = replace(question, **changed)
        return any(_refusal(asked, one) is None for one in candidates)

    found = []
    ways = [one.value for one in Channel if one.facts.advice and covered(channel=one.value)]
    if ways:
        found.append(Remedy("report_otherwise", {"channels": ways}))
    if not question.call_logged and covered(call_logged=True):
        found.append(Remedy("call"))
    if not question.use_gold and covered(use_gold=True):
        found.append(Remedy("choose_gold"))
    return found
