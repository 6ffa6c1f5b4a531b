"""What is done when a response target nears its end and when it is breached (X3). Pure.

A policy is a list of steps, each at a percent of the target; 100 is the breach. It never moves
the level (TS1 to TS3) of an incident: that is a person's decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.words import listed

BREACH = 100
MAX_WARNINGS = 3

# Whom a step may tell by mail.
GROUPS = {
    "owner": "the owner",
    "leads": "the leads",
    "tam": "the account manager",
    "managers": "the managers",
    "on_duty": "the engineers on duty",
    "team": "the team that works on it",
}
# Whose telephone a step may ring: nobody's, or that of the first who has one.
CALLS = {
    "": "nobody",
    "on_duty": "the engineer on duty",
    "manager": "the manager on duty",
}


@dataclass(frozen=True)
class Step:
    """At `percent` of the target: whom to tell (`GROUPS`), whom to call (`CALLS`)."""

    percent: int
    notify: tuple[str, ...] = ()
    call: str = ""
    raise_priority: bool = False
    redispatch: bool = False  # to another engineer where the owner has not answered

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Step:
        """From what `facts` of a step gave."""
        return cls(
            percent=int(facts["percent"]),
            notify=tuple(facts.get("tell", ())),
            call=str(facts.get("call", "")),
            raise_priority=bool(facts.get("raise_priority", False)),
            redispatch=bool(facts.get("redispatch", False)),
        )

    def facts(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "percent": self.percent,
            "tell": list(self.notify),
            "call": self.call,
            "raise_priority": self.raise_priority,
            "redispatch": self.redispatch,
        }

    def words(self) -> str:
        """Such as "mail to the owner and the leads, a call to the engineer on duty"."""
        said = []
        if self.notify:
            names = [words for group, words in GROUPS.items() if group in self.notify]
            said.append("mail to " + listed(names))
        if self.call:
            said.append("a call to " + CALLS[self.call])
        if self.raise_priority:
            said.append("priority up by one")
        if self.redispatch:
            said.append("to another engineer")
        return ", ".join(said) or "nothing"


_USUAL = ("owner", "leads", "tam")
AS_SHIPPED = tuple(Step(percent, _USUAL) for percent in (75, 90, BREACH))


def problems(steps: Sequence[Step]) -> list[str]:
    """What is wrong with a policy, in sentences; empty for one that can be used."""
    found = []
    percents = [step.percent for step in steps]
    if percents.count(BREACH) != 1:
        found.append("Say what is done at the breach.")
    if any(not 0 < one <= BREACH for one in percents):
        found.append("A warning is given between 1 and 99 percent of the response time.")
    if len(set(percents)) != len(percents):
        found.append("Two warnings are given at the same percent. Remove one.")
    if len(percents) - 1 > MAX_WARNINGS:
        found.append(f"At most {MAX_WARNINGS} warnings are given.")
    if any(set(step.notify) - set(GROUPS) or step.call not in CALLS for step in steps):
        found.append("Choose whom to tell and to call from the lists.")
    if any(step.percent == BREACH and not step.notify for step in steps):
        found.append("Somebody has to be notified of a breach: choose at least one group.")
    return found


def warn_at(steps: Sequence[Step]) -> list[int]:
    """The percents at which warnings are given, in order."""
    return sorted(step.percent for step in steps if step.percent < BREACH)


def step_at(steps: Sequence[Step], percent: int) -> Step:
    """The step that counts at `percent`, which may be of an older policy's thresholds.

    For a breach the breach's. For a warning the last one at or before its percent, the first one
    where all come later; in a policy without warnings the breach's mails, and nothing else.
    """
    breach = next(step for step in steps if step.percent == BREACH)
    if percent >= BREACH:
        return breach
    warnings = sorted((one for one in steps if one.percent < BREACH), key=lambda one: one.percent)
    if not warnings:
        return Step(percent, breach.notify)
    return next((one for one in reversed(warnings) if one.percent <= percent), warnings[0])


def raised(priority: int) -> int:
    """One more urgent; 1, critical, is the end."""
    return max(1, priority - 1)
