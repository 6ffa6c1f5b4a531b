"""What an entry of the journal says was before and after, field by field, texts line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.kinds import kinds, looks_of
from core.models import JournalEntry
from resources.rules.differences import Line, differences
from tickets.reads.timeline import in_words

LONG = 80  # characters from which a text is compared line by line


@dataclass(frozen=True)
class Change:
    """One field; `lines` where it is a text of some length, else `before` and `after`."""

    name: str
    before: str
    after: str
    lines: Sequence[Line] = field(default_factory=tuple)


@dataclass(frozen=True)
class Shown:
    """An entry as the page shows it; `facts` are those that no change tells."""

    entry: JournalEntry
    text: str
    detail: str
    changes: Sequence[Change]
    facts: Sequence[tuple[str, str]]


def shown(entries: Iterable[JournalEntry]) -> list[Shown]:
    """In the order given; one query for the people whom the facts name."""
    return [
        Shown(entry, words.text, words.detail, changes_of(entry.facts), _others(entry.facts))
        for entry, words in in_words(entries)
    ]


def changes_of(facts: Mapping[str, Any]) -> list[Change]:
    """What `before` and `after` tell apart; nothing where an entry has not both."""
    if "before" not in facts or "after" not in facts:
        return []
    before, after = facts["before"], facts["after"]
    if not isinstance(before, dict) or not isinstance(after, dict):
        before, after = {"": before}, {"": after}
    names = dict.fromkeys([*before, *after])
    return [
        _change(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _change(name: str, before: object, after: object) -> Change:
    was, now = _plain(before), _plain(after)
    is_long = max(len(was), len(now)) > LONG or "\n" in was + now
    lines = differences(was, now) if is_long and isinstance(after or before, str) else ()
    return Change(name.replace("_", " "), was, now, tuple(lines))


def _plain(value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_plain(one)}" for key, one in value.items())
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)


def _others(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    told = {"before", "after"} if changes_of(facts) else set()
    return [
        (name.replace("_", " "), _plain(value)) for name, value in facts.items() if name not in told
    ]


def known_kinds() -> list[tuple[str, str]]:
    """What can have happened: each key with its words, by the key."""
    return [(key, looks_of(key).text) for key in sorted(kinds)]
