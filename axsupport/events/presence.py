"""Who looks at what, and who is typing: told by pages that are open, forgotten by a sweep.

A page that is left says so, and is forgotten at once. One whose browser was killed, whose line
went dead or whose tab went to sleep says nothing: it stays for `LINGERS`, in which a page that
only lost its line comes back without a flicker.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.events.passes import Pass

LINGERS = 45.0  # seconds after the last word of a page that did not say that it leaves
TYPES = 8.0  # seconds after the last key
DOINGS = frozenset({"answer", "note"})


@dataclass
class Tab:
    """One open page. `until` is None while its connection stands."""

    until: float | None = None
    doing: str = ""
    doing_until: float = 0.0


@dataclass
class Onlooker:
    granted: Pass
    tabs: dict[str, Tab] = field(default_factory=dict)

    def doing(self) -> str:
        """An answer before a note: who writes to the customer matters more."""
        return min((tab.doing for tab in self.tabs.values() if tab.doing), default="")


class Presence:
    """Every change returns whether others see something new. `now` is on any steady clock."""

    def __init__(self) -> None:
        self._looking: dict[str, dict[int, Onlooker]] = {}
        self._channels: dict[str, set[str]] = {}  # that hear of each thing

    def come(self, granted: Pass, tab: str) -> bool:
        before = self._seen(granted)
        people = self._looking.setdefault(granted.looks_at, {})
        onlooker = people.setdefault(granted.person, Onlooker(granted))
        onlooker.granted = granted  # names and channels are those of the newest pass
        onlooker.tabs.setdefault(tab, Tab()).until = None
        heard = self._channels.setdefault(granted.looks_at, {granted.looks_at})
        heard.update(granted.shown_in)
        return self._seen(granted) != before

    def lose(self, granted: Pass, tab: str, now: float) -> None:
        """The connection is gone without a word."""
        found = self._tab(granted, tab)
        if found is not None:
            found.until = now + LINGERS

    def leave(self, granted: Pass, tab: str) -> bool:
        before = self._seen(granted)
        onlooker = self._looking.get(granted.looks_at, {}).get(granted.person)
        if onlooker is not None:
            onlooker.tabs.pop(tab, None)
            self._tidy(granted.looks_at)
        return self._seen(granted) != before

    def do(self, granted: Pass, tab: str, doing: str, now: float) -> bool:
        before = self._seen(granted)
        found = self._tab(granted, tab)
        if found is not None:
            found.doing = doing if doing in DOINGS else ""
            found.doing_until = now + TYPES
        return self._seen(granted) != before

    def sweep(self, now: float) -> list[str]:
        """Forget what is over; the things of which others see something new."""
        changed = []
        for thing in list(self._channels):
            before = self.looking_at(thing)
            for onlooker in self._looking.get(thing, {}).values():
                _forget(onlooker, now)
            self._tidy(thing)
            if self.looking_at(thing) != before:
                changed.append(thing)
            elif thing not in self._looking:
                del self._channels[thing]
        return changed

    def looking_at(self, thing: str) -> list[tuple[Pass, str]]:
        """Each onlooker's pass with what they type, by the order of their coming."""
        return [(one.granted, one.doing()) for one in self._looking.get(thing, {}).values()]

    def shown_in(self, thing: str) -> set[str]:
        """The channels that hear who looks at it."""
        return self._channels.get(thing, {thing})

    def shown_to(self, channels: Iterable[str]) -> list[str]:
        """The things looked at now of which a page that hears these channels is told."""
        heard = set(channels)
        return [thing for thing in self._looking if heard & self.shown_in(thing)]

    def _seen(self, granted: Pass) -> tuple[bool, str]:
        onlooker = self._looking.get(granted.looks_at, {}).get(granted.person)
        return (onlooker is not None, onlooker.doing() if onlooker else "")

    def _tab(self, granted: Pass, tab: str) -> Tab | None:
        onlooker = self._looking.get(granted.looks_at, {}).get(granted.person)
        return onlooker.tabs.get(tab) if onlooker else None

    def _tidy(self, thing: str) -> None:
        people = self._looking.get(thing, {})
        for person, onlooker in list(people.items()):
            if not onlooker.tabs:
                del people[person]
        if not people:
            self._looking.pop(thing, None)


def _forget(onlooker: Onlooker, now: float) -> None:
    for name, tab in list(onlooker.tabs.items()):
        if tab.doing and tab.doing_until <= now:
            tab.doing = ""
        if tab.until is not None and tab.until <= now:
            del onlooker.tabs[name]
