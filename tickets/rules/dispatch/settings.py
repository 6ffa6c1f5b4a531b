"""What managers may set about dispatch (rule 6), and what can not be used. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

MOST_ENGINEERS = 10  # who may be tried
MOST_ROOM = 500  # unfinished incidents


class Wish(StrEnum):
    """What an engineer should be or have, if anybody is or has it."""

    DID_NOT_TAKE = "let_lie"
    LEVEL = "level"
    SKILL = "skill"


class Order(StrEnum):
    """What decides among those who meet the wishes; what is counted are incidents."""

    LOCAL = "local"
    LANGUAGE = "language"
    URGENT = "urgent"
    LOAD = "load"
    WAITED = "waited"


WISHES = {
    Wish.DID_NOT_TAKE: "has not left it untaken before",
    Wish.LEVEL: "is level 2, where that is due",
    Wish.SKILL: "knows the service",
}
ORDERS = {
    Order.LOCAL: "works for the local partner",
    Order.LANGUAGE: "speaks the language of the report",
    Order.URGENT: "has the fewest as urgent",
    Order.LOAD: "has the fewest unfinished",
    Order.WAITED: "waited longest for a new one",
}


@dataclass(frozen=True)
class DispatchRules:
    """The setting; its defaults are what the desk is delivered with.

    `wishes` are in the order of their weight: the last one is dropped first. `order` decides
    among equals, the first one most; after all of them the one who was added first comes first.
    """

    take_within: int = 50  # percent of the response time until a fresh incident is passed on
    most_tries: int = 3  # engineers who may let an incident lie before the leads are asked
    capacity: int = 25  # unfinished incidents of an engineer, unless their profile says otherwise
    wishes: tuple[str, ...] = (Wish.DID_NOT_TAKE, Wish.LEVEL, Wish.SKILL)
    order: tuple[str, ...] = (
        Order.LOCAL,
        Order.LANGUAGE,
        Order.URGENT,
        Order.LOAD,
        Order.WAITED,
    )

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> DispatchRules:
        """From what `facts` gave; more in it is left alone."""
        return cls(
            take_within=int(facts["take_within"]),
            most_tries=int(facts["most_tries"]),
            capacity=int(facts["capacity"]),
            wishes=tuple(facts["wishes"]),
            order=tuple(facts["order"]),
        )

    def facts(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self) | {"wishes": list(self.wishes), "order": list(self.order)}


AS_DELIVERED = DispatchRules()


def problems(rules: DispatchRules) -> list[str]:
    """What is wrong with these rules, in sentences; empty for those that can be used."""
    found = []
    if not 1 <= rules.take_within <= 99:
        found.append(
            "An incident is passed on between 1 and 99 percent of its response time: at 0 nobody"
            " could take it, at 100 it would be too late. Half of it, 50, is usual."
        )
    if not 1 <= rules.most_tries <= MOST_ENGINEERS:
        found.append(
            f"Between 1 and {MOST_ENGINEERS} engineers may have an incident before the leads are"
            " asked."
        )
    if not 1 <= rules.capacity <= MOST_ROOM:
        found.append(f"An engineer has room for 1 to {MOST_ROOM} incidents.")
    found += _misnamed(rules.wishes, WISHES, "A wish")
    found += _misnamed(rules.order, ORDERS, "A criterion among equals")
    if Wish.DID_NOT_TAKE not in rules.wishes:
        found.append(
            f"Keep the wish that somebody “{WISHES[Wish.DID_NOT_TAKE]}”: without it an incident"
            " could not be passed on."
        )
    if not rules.order:
        found.append("Name at least one criterion among equals.")
    return found


def _misnamed(named: Sequence[str], known: Mapping[Any, str], what: str) -> list[str]:
    found = []
    if len(set(named)) != len(named):
        found.append(f"{what} is named twice. Choose another one there, or none.")
    if set(named) - set(known):
        found.append(f"{what} is not known. Choose from the list.")
    return found
