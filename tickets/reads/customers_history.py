"""An incident's conversation as its customer reads it: what was said, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from core.journal import entries_of
from core.models import JournalEntry
from entitlements.levels import Level
from tickets.enums import State, Tier
from tickets.models import Incident, Message


class Said(NamedTuple):
    """An event in the customer's words."""

    text: str
    icon: str


@dataclass(frozen=True)
class Item:
    """A message, or an event between messages; `key` is the event's place in the history."""

    at: datetime
    message: Message | None = None
    key: str = ""
    text: str = ""
    icon: str = ""


_STATES = {
    State.OPEN: Said("We work on it", "refresh-cw"),
    State.WAITING: Said("We wait for your answer", "clock"),
    State.SOLVED: Said("Solved", "circle-check"),
    State.CLOSED: Said("Closed", "lock"),
}
_TEAMS = {
    Tier.TS1: "It is back with the support team",
    Tier.TS2: "Our testing team looks into it",
    Tier.TS3: "Our developers look into it",
}


def _state(facts: Mapping[str, Any]) -> Said | None:
    return _STATES.get(State(facts.get("after") or State.OPEN))


def _tier(facts: Mapping[str, Any]) -> Said:
    tier = Tier(int(facts.get("after") or Tier.TS1))
    return Said(_TEAMS[tier], "arrow-down" if tier == Tier.TS1 else "arrow-up")


def _level(facts: Mapping[str, Any]) -> Said | None:
    level = facts.get("level")
    if level not in Level.values:
        return None
    return Said(f"{Level(level).facts.label} serves it from now on", "shield-check")


_IN_BETA = "incident.fix_in_beta"
# Nothing else of the journal is a customer's: `tickets.reads.live.PUBLIC` lets pages know of these.
_WORDS: dict[str, Callable[[Mapping[str, Any]], Said | None]] = {
    "incident.state": _state,
    "incident.reopened": lambda facts: Said("Opened again", "rotate-ccw"),
    "incident.escalated": _tier,
    "incident.given_back": _tier,
    "incident.upgraded": _level,
    "incident.converted": _level,
    "incident.goodwill": lambda facts: Said("We help out of goodwill", "shield-check"),
    "incident.gold_elected": lambda facts: Said("A Gold incident was spent on it", "star"),
    "incident.defect_linked": lambda facts: Said("Its cause is a known defect", "link"),
    "incident.defect_fixed": lambda facts: Said("The defect is fixed", "wrench"),
    "incident.fix_released": lambda facts: Said(
        f"{facts.get('version', 'A release')} is published, which fixes it", "circle-check"
    ),
    _IN_BETA: lambda facts: Said(
        f"The beta build {facts.get('version', '')} has a fix to try", "flag"
    ),
    "incident.fix_withdrawn": lambda facts: Said(
        f"The fix in {facts.get('version', 'the release')} does not hold", "wrench"
    ),
}


def history_of(
    incident: Incident, messages: Sequence[Message], *, knows_builds: bool = False
) -> list[Item]:
    """The messages, which the reader may see, with what happened between them; one statement.

    Of beta builds who takes part reads, and nobody beside them (BT5).
    """
    kinds = [one for one in _WORDS if knows_builds or one != _IN_BETA]
    entries = entries_of(incident).filter(kind__in=kinds).order_by("at", "pk")
    found = [Item(one.sent_at, message=one) for one in messages]
    last = ""
    for place, entry in enumerate(entries):
        said = _said(entry)
        if said is not None and said.text != last:
            found.append(Item(entry.at, key=f"event-{place}", text=said.text, icon=said.icon))
            last = said.text
    # What follows from a message has its moment: words first.
    return sorted(found, key=lambda one: (one.at, one.message is None))


def _said(entry: JournalEntry) -> Said | None:
    return _WORDS[entry.kind](entry.facts or {})
