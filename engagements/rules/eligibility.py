"""Which contract allows an engagement, and why each other one does not (N1). Pure.

The caller gathers what the organisation holds; here each gets its reason, as a code with facts.
`text.eligibility` has the words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

CONTRACT, PROJECT, LEVEL = "technical_contract", "golive_project", "level"
_PLACE = {PROJECT: 0, CONTRACT: 1, LEVEL: 2}

Facts = dict[str, Any]


@dataclass(frozen=True)
class Need:
    """What a kind of engagement takes: one of these sources; a level or project its service."""

    sources: tuple[str, ...]
    service: str = ""


# By kind (`enums.Kind`). The keys of services are those of the catalogue.
NEEDS = {
    "golive": Need((PROJECT,), "pilot_design"),
    "on_site": Need((CONTRACT,)),  # rule 10: at every level, only under a technical contract
    "feature": Need((PROJECT, LEVEL), "feature_request"),  # rule 12: where the level includes it
    "audit": Need((PROJECT, LEVEL), "operations_audit"),
    "training": Need((PROJECT, LEVEL), "technical_training"),
}


@dataclass(frozen=True)
class Basis:
    """What may allow it, from `starts_on` to the day before `ends_on`.

    `days` of a contract are those that it includes, None without a limit; `used` are spent.
    """

    source: str
    id: str
    label: str
    starts_on: date
    ends_on: date
    services: frozenset[str] = frozenset()
    days: int | None = None
    used: int = 0


@dataclass(frozen=True)
class Considered:
    basis: Basis
    code: str
    facts: Facts = field(default_factory=dict)

    def as_json(self) -> Facts:
        basis = self.basis
        named = {"id": basis.id, "source": basis.source, "label": basis.label}
        return named | {"code": self.code, "facts": self.facts}


@dataclass(frozen=True)
class Decision:
    """`chosen` allows it, or nothing does and `remedies` are codes of what would."""

    chosen: Basis | None
    considered: tuple[Considered, ...]
    remedies: tuple[str, ...]

    def as_json(self) -> Facts:
        return {
            "chosen": self.chosen.id if self.chosen else None,
            "considered": [one.as_json() for one in self.considered],
            "remedies": list(self.remedies),
        }


def decide(kind: str, bases: Iterable[Basis], *, on: date) -> Decision:
    """What allows a `kind` on the day `on`: the first in a total order that has no reason against.

    N1: GoLive project, technical contract, level; then the one that ends first; then by id.
    """
    need = NEEDS[kind]
    considered: list[Considered] = []
    chosen: Basis | None = None
    for basis in sorted(bases, key=lambda one: (_PLACE[one.source], one.ends_on, one.id)):
        against = _against(need, basis, on)
        if against is not None:
            considered.append(Considered(basis, *against))
        elif chosen is None:
            chosen = basis
            considered.append(Considered(basis, "chosen", _last(basis)))
        else:
            considered.append(Considered(basis, "also_applies", {"chosen": chosen.label}))
    return Decision(chosen, tuple(considered), () if chosen else _remedies(need, considered))


def _against(need: Need, basis: Basis, on: date) -> tuple[str, Facts] | None:
    if basis.source not in need.sources:
        return "other_source", {"needs": list(need.sources)}
    if on < basis.starts_on:
        return "not_started", {"starts_on": basis.starts_on.isoformat()}
    if on >= basis.ends_on:
        return "expired", _last(basis)
    if basis.source != CONTRACT and need.service not in basis.services:
        return "service_not_included", {"service": need.service}
    if basis.days is not None and basis.used >= basis.days:
        return "no_days_left", {"days": basis.days}
    return None


def _last(basis: Basis) -> Facts:
    return {"last_on": date.fromordinal(basis.ends_on.toordinal() - 1).isoformat()}


def _remedies(need: Need, considered: list[Considered]) -> tuple[str, ...]:
    codes = {one.code for one in considered}
    found: list[str] = [code for code in ("not_started", "no_days_left") if code in codes]
    if CONTRACT in need.sources:
        found.append("sign_contract")
    if LEVEL in need.sources:
        found.append("buy_level")
    if PROJECT in need.sources:
        found.append("open_project")
    return tuple(found)
