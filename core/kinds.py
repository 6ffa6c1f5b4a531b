"""Kinds of journal entries: what each keeps as facts, and how it reads. One class a kind.

Each app declares its own, beside the words for people, and imports that module when it starts:

    class Escalated(Kind, key="incident.escalated", icon="arrow-up", tone="warm"):
        before: int
        after: int

        def said(self, name: LookUp) -> EntryWords | str:
            return f"Escalated to {Tier(self.after).label}"

The journal refuses facts that a declared kind does not know; entries of earlier releases may lack
some, which are None then. A kind that is not declared reads as its key does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, NewType, Self, dataclass_transform

if TYPE_CHECKING:
    from core.models import JournalEntry

PersonId = NewType("PersonId", int)  # a fact that is read as the person's name
LookUp = Callable[[Any], str]  # a person's name by their key
# What is written as a moment, a day or an amount is read as a string (ISO 8601).
Moment = datetime | str
Day = date | str
Amount = Decimal | str

kinds: dict[str, type[Kind]] = {}


@dataclass(frozen=True)
class EntryWords:
    """How a journal entry reads: text, a detail below it, an icon and a tone of the timeline."""

    text: str
    detail: str = ""
    icon: str = "circle-dot"
    tone: str = ""


class UndeclaredFacts(TypeError):
    """A mistake of ours: an entry with facts that its kind does not declare."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Kind:
    """Base of all kinds; its subclasses are frozen dataclasses of their facts.

    `text` is what the entry says; without one the key in plain words, or what `said` puts together
    from the facts. `security` marks what is about safety: who got in, with what key, to do what;
    the journal keeps the address and the name of the request with it.
    """

    entry_kind: ClassVar[str]
    looks: ClassVar[EntryWords]
    is_security: ClassVar[bool]

    def __init_subclass__(
        cls,
        *,
        key: str,
        text: str = "",
        icon: str = "circle-dot",
        tone: str = "",
        security: bool = False,
    ) -> None:
        dataclass(frozen=True, kw_only=True)(cls)
        cls.entry_kind, cls.is_security = key, security
        cls.looks = EntryWords(text or plain(key), "", icon, tone)
        if kinds.setdefault(key, cls).__qualname__ != cls.__qualname__:
            raise ValueError(f"{key} is declared twice.")

    @classmethod
    def facts(cls) -> frozenset[str]:
        """The names of its facts."""
        return frozenset(one.name for one in fields(cls))  # type: ignore[arg-type]  # by the hook

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Self:
        """From what the journal has: unknown facts are left out, missing ones their default."""
        known = {one.name: one for one in fields(cls)}  # type: ignore[arg-type]  # by the hook
        lacking = {name: None for name, one in known.items() if one.default is MISSING}
        return cls(**lacking | {name: facts[name] for name in known if name in facts})

    def said(self, name: LookUp) -> EntryWords | str:
        """The text, or all that is said; a `reason` stands below the text by itself."""
        return self.looks.text

    def words(self, name: LookUp) -> EntryWords:
        """How the entry reads; `name` finds the people that the facts name."""
        said = self.said(name)
        if isinstance(said, EntryWords):
            return said
        reason = str(getattr(self, "reason", "") or "")
        return EntryWords(said, reason, self.looks.icon, self.looks.tone)


def plain(key: str) -> str:
    """A key that has no words of its own: "Subscription cut short" says enough."""
    return key.replace(".", " ").replace("_", " ").capitalize()


def check(key: str, facts: Iterable[str]) -> None:
    """Raises `UndeclaredFacts` for facts that the kind does not know."""
    kind = kinds.get(key)
    odd = set(facts) - kind.facts() if kind else set()
    if odd:
        raise UndeclaredFacts(f"{key} has no {', '.join(sorted(odd))}: declare what it keeps.")


def looks_of(key: str) -> EntryWords:
    """Text, icon and tone of a kind, without what its facts say."""
    return kinds[key].looks if key in kinds else EntryWords(plain(key))


def words_of(entry: JournalEntry, name: LookUp) -> EntryWords:
    """How one entry of the journal reads."""
    kind = kinds.get(entry.kind)
    if kind is None:
        return EntryWords(plain(entry.kind))
    return kind.read(entry.facts).words(name)


def people_in(entries: Iterable[JournalEntry]) -> set[int]:
    """The keys of the people whom the facts of these entries name."""
    found: set[int] = set()
    for entry in entries:
        kind = kinds.get(entry.kind)
        for fact in _people(kind) if kind else ():
            given = entry.facts.get(fact)
            found |= {one for one in (given if isinstance(given, list) else [given]) if one}
    return found


def _people(kind: type[Kind]) -> list[str]:
    """Annotations are strings here: `PersonId`, `PersonId | None` or `list[PersonId]`."""
    return [one.name for one in fields(kind) if "PersonId" in str(one.type)]  # type: ignore[arg-type]


def utc(given: Moment | None) -> str:
    """ "17 Jun 2026, 14:00 UTC"; "" without a moment."""
    if given is None:
        return ""
    at = (given if isinstance(given, datetime) else datetime.fromisoformat(given)).astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M} UTC"
