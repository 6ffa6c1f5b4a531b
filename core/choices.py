"""Choices of which each member carries its facts in the one place where it is named.

Like Django's `TextChoices`, so that fields and forms take them, but pure, and with a row of facts
instead of a label alone: who adds a member has to say everything about it.
"""

from __future__ import annotations

from enum import EnumMeta, StrEnum
from typing import Any, Self


class _Listed(EnumMeta):
    @property
    def choices(cls) -> list[tuple[str, str]]:
        """Value and label of each member, as a field or a form wants them."""
        members: list[Any] = list(cls)
        return [(str(one.value), one.label) for one in members]

    @property
    def values(cls) -> list[str]:
        members: list[Any] = list(cls)
        return [str(one.value) for one in members]


class Choice(StrEnum, metaclass=_Listed):
    """A text with facts. A subclass names its members and gives each its value and its facts."""

    facts: Any
    _value_: str

    def __new__(cls, value: str, facts: Any = None) -> Self:
        """`facts` are given where a member is named; `Level("gold")` finds that member."""
        if facts is None:
            raise TypeError(f"{cls.__name__}: say what is known of {value!r}.")
        made = str.__new__(cls, value)
        made._value_, made.facts = value, facts
        return made

    @property
    def label(self) -> str:
        """What people read."""
        return str(self.facts.label)
