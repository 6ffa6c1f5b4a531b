"""Placeholders of canned answers: checked when one is kept, filled when it is inserted. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

# What may be named, and how it is said to who writes one.
PLACEHOLDERS = {
    "reporter.name": "who reported it",
    "reporter.first_name": "their first name",
    "organisation.name": "the customer",
    "incident.number": "its number",
    "incident.subject": "its subject",
    "incident.service": "the service",
    "incident.limits": "what lies outside its service, as the catalogue says",
    "incident.level": "the support level that serves it",
    "incident.product": "the product",
    "incident.version": "its version",
    "incident.due": "the moment by which an answer is owed",
    "defect.number": "the known defect that it comes from",
    "defect.title": "what goes wrong",
    "defect.workaround": "what helps until it is fixed",
    "defect.fixed_in": "the build in which that is fixed",
    "engineer.name": "you",
    "engineer.first_name": "your first name",
    "desk.name": "the desk",
}
_PLACE = re.compile(r"\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}")
# Of ours alone: an answer may well show the `{{ .Name }}` of somebody's template.
_OURS = re.compile(
    r"\{\{\s*(?:" + "|".join(re.escape(one) for one in PLACEHOLDERS) + r")\s*(?:\|[^{}]*)?\}\}"
)


@dataclass(frozen=True)
class Filled:
    """The text for one incident. `missing` are the placeholders that have no value there."""

    text: str
    missing: tuple[str, ...] = ()


def unknown(text: str) -> dict[str, str]:
    """The names in the text that mean nothing, each with one that may be meant, or nothing."""
    named = [place[1] for place in _PLACE.finditer(text)]
    found = dict.fromkeys(one for one in named if one not in PLACEHOLDERS)
    return {one: "".join(get_close_matches(one, PLACEHOLDERS, n=1, cutoff=0.5)) for one in found}


def is_torn(text: str) -> bool:
    """Whether a pair of braces stands in it that is no placeholder, such as one never closed."""
    rest = _PLACE.sub("", text)
    return "{{" in rest or "}}" in rest


def fill(text: str, facts: Mapping[str, str]) -> Filled:
    """With the values of one incident; `{{ reporter.first_name|there }}` where there is none.

    One without value and without other words stays as it is, to be filled in by hand.
    """
    missing: dict[str, None] = {}

    def value(place: re.Match[str]) -> str:
        found = facts.get(place[1], "") or (place[2] or "").strip()
        if not found:
            missing[place[1]] = None
        return found or place[0]

    return Filled(_PLACE.sub(value, text), tuple(missing))


def first_raw(text: str) -> str:
    """A placeholder of ours that nobody filled in; empty without one."""
    found = _OURS.search(text)
    return found[0] if found else ""
