"""Why a contract allows an engagement or does not, and what would help, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from core.words import day_in_words, listed

Facts = Mapping[str, Any]

_SERVICES = {
    "pilot_design": "GoLive projects",
    "feature_request": "the assessment of feature requests",
    "operations_audit": "operations audits",
    "technical_training": "technical training",
}
_SOURCES = {
    "technical_contract": "a special technical contract",
    "golive_project": "a GoLive project",
    "level": "a support level that includes it",
}


def considered_in_words(found: Iterable[Facts]) -> list[str]:
    """A sentence for each contract that was weighed."""
    return [_REASONS[one["code"]]({"label": one["label"], **one["facts"]}) for one in found]


def remedies_in_words(codes: Iterable[str]) -> list[str]:
    """What would allow it, a sentence each."""
    return [_REMEDIES[one] for one in codes]


def refusal_in_words(decision: Facts) -> str:
    """Why nothing allows it and what would, in a few sentences."""
    ours = [one for one in decision["considered"] if one["code"] != "other_source"]
    why = considered_in_words(ours)
    return " ".join([*why, *remedies_in_words(decision["remedies"])])


def chosen_in_words(decision: Facts) -> str:
    """What allows it; "" where it was taken on out of goodwill."""
    chosen = [one for one in decision.get("considered", ()) if one["code"] == "chosen"]
    return considered_in_words(chosen)[0] if chosen else ""


def _day(given: str) -> str:
    return day_in_words(date.fromisoformat(given))


_REASONS: dict[str, Callable[[Facts], str]] = {
    "chosen": lambda f: f"{f['label']} allows it, until {_day(f['last_on'])}.",
    "also_applies": lambda f: f"{f['label']} would allow it, too; {f['chosen']} comes first.",
    "other_source": lambda f: (
        f"{f['label']} does not: this takes {listed([_SOURCES[one] for one in f['needs']], 'or')}."
    ),
    "not_started": lambda f: f"{f['label']} begins on {_day(f['starts_on'])}.",
    "expired": lambda f: f"{f['label']} ended on {_day(f['last_on'])}.",
    "service_not_included": lambda f: f"{f['label']} does not include {_SERVICES[f['service']]}.",
    "no_days_left": lambda f: f"All {f['days']} days of {f['label']} are used.",
}
_REMEDIES = {
    "not_started": "Choose a day after it begins.",
    "no_days_left": "Ask us for more days.",
    "sign_contract": (
        "A visit on site takes a special technical contract, at every support level: ask your"
        " account manager for an offer."
    ),
    "buy_level": "Buy a support level that includes it; the support programme lists them.",
    "open_project": "A GoLive project, opened with your account manager, includes it.",
}
REASON_CODES, REMEDY_CODES = frozenset(_REASONS), frozenset(_REMEDIES)
