"""What closing an account means beyond the account: each app says it, and does it.

`accounts` closes the account and knows nothing of incidents or shifts. An app that keeps something
for people registers here when it starts: what would happen, in sentences for whoever is about to
close the account, and the doing, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import Person

Foresee = Callable[["Person", datetime], Sequence[str]]
CarryOut = Callable[["Person", "Person | None", datetime], None]


@dataclass(frozen=True)
class Consequences:
    """`foresee(person, at)` says what would happen, `carry_out(person, by, at)` does it.

    `left(person, by, at)` does what is needed when the person stays, and may no longer see or do
    what they could: another role, another partner, other organisations.
    """

    name: str
    foresee: Foresee
    carry_out: CarryOut
    left: CarryOut | None = None


_registered: dict[str, Consequences] = {}


def register(consequences: Consequences) -> None:
    """Called by an app's `ready`; the same name again replaces it."""
    _registered[consequences.name] = consequences


def foreseen(person: Person, *, at: datetime) -> list[str]:
    """What closing the account of `person` would do, as sentences; writes nothing."""
    return [said for one in _registered.values() for said in one.foresee(person, at)]


def carry_out(person: Person, *, by: Person | None, at: datetime) -> None:
    """Do all of it. Call it in the transaction that closes the account, after that is written."""
    for one in _registered.values():
        one.carry_out(person, by, at)


def have_left(person: Person, *, by: Person | None, at: datetime) -> None:
    """The person was moved: give on what they may no longer work on. As above."""
    for one in _registered.values():
        if one.left is not None:
            one.left(person, by, at)
