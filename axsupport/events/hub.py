"""Who hears what. Knows no socket: a page is an `Ear` that takes bytes; and no clock but `now`."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from axsupport.events.presence import Presence
from core.events.passes import LIFETIME, Pass

REPLAYS = 15.0  # seconds of news that a page which comes gets again: it was made earlier
QUICK, GATHERED = (
    0.05,
    2.0,
)  # seconds until a page of one thing hears, and a list
FULL = 300  # things that wait for one page; more is a page that should look at its whole list
PING = b": still here\n\n"


@dataclass(eq=False)
class Ear:
    """One open page. `send` takes bytes for it, `close` ends its connection."""

    granted: Pass
    tab: str
    send: Callable[[bytes], None]
    close: Callable[[], None]
    came: float
    box: dict[str, str] = field(default_factory=dict)  # what waits, the last of the same
    goes_out: float = 0.0  # when the box is sent; 0 while it is empty

    @property
    def gathers(self) -> float:
        """A page of one thing hears at once; lists of many hear of all in one go."""
        return QUICK if self.granted.looks_at or not self.granted.side else GATHERED


class Hub:
    """All pages that listen. `dirty` are those with something in their box."""

    def __init__(self) -> None:
        self.ears: set[Ear] = set()
        self.dirty: set[Ear] = set()
        self.presence = Presence()
        self._by_channel: dict[str, set[Ear]] = {}
        self._recent: deque[tuple[float, dict[str, Any]]] = deque(maxlen=1000)

    def join(self, ear: Ear, now: float) -> None:
        """Listen from now on, and hear what was published while the page was on its way."""
        self.ears.add(ear)
        for channel in ear.granted.hears:
            self._by_channel.setdefault(channel, set()).add(ear)
        for told_at, news in self._recent:
            if told_at >= now - REPLAYS and not set(news["to"]).isdisjoint(ear.granted.hears):
                self._put(ear, news["same"], _event(news["event"], news["facts"]), now)
        if not ear.granted.side:
            return
        if ear.granted.looks_at and self.presence.come(ear.granted, ear.tab):
            self._show(ear.granted.looks_at, now)
        for thing in self.presence.shown_to(ear.granted.hears):
            self._put(ear, f"presence {thing}", self._who(thing, ear), now)

    def part(self, ear: Ear, now: float) -> None:
        """Its connection is gone. Safe to repeat."""
        if ear not in self.ears:
            return
        self.ears.discard(ear)
        self.dirty.discard(ear)
        for channel in ear.granted.hears:
            heard = self._by_channel[channel]
            heard.discard(ear)
            if not heard:
                del self._by_channel[channel]
        if ear.granted.side and ear.granted.looks_at:
            self.presence.lose(ear.granted, ear.tab, now)

    def publish(self, news: dict[str, Any], now: float) -> None:
        """`news` as `core.events.news` writes it."""
        self._recent.append((now, news))
        said = _event(news["event"], news["facts"])
        for ear in self._hearing(news["to"]):
            self._put(ear, news["same"], said, now)

    def miss(self, now: float) -> None:
        """News may have been lost: every page asks by itself."""
        for ear in self.ears:
            self._put(ear, "missed", _event("missed", {}), now)

    def do(self, granted: Pass, tab: str, doing: str, now: float) -> None:
        """Somebody types an answer or a note, or stops."""
        if granted.side and self.presence.do(granted, tab, doing, now):
            self._show(granted.looks_at, now)

    def leave(self, granted: Pass, tab: str, now: float) -> None:
        """The page says that it is left."""
        if granted.side and self.presence.leave(granted, tab):
            self._show(granted.looks_at, now)

    def sweep(self, now: float) -> None:
        """What is over: typing, closed browsers, passes. Pages whose pass ends ask for another."""
        for thing in self.presence.sweep(now):
            self._show(thing, now)
        for ear in [one for one in self.ears if now - one.came >= LIFETIME]:
            ear.send(_event("renew", {}).encode())
            ear.close()

    def flush(self, now: float) -> None:
        """Send the boxes whose time has come."""
        for ear in [one for one in self.dirty if one.goes_out <= now]:
            self.dirty.discard(ear)
            said, ear.box, ear.goes_out = "".join(ear.box.values()), {}, 0.0
            ear.send(said.encode())

    def ping(self) -> None:
        """A word to each page: a line that is dead is found by it, a proxy keeps it open."""
        for ear in list(self.ears):
            ear.send(PING)

    def _hearing(self, channels: list[str] | set[str]) -> set[Ear]:
        found: set[Ear] = set()
        for channel in channels:
            found |= self._by_channel.get(channel, set())
        return found

    def _put(self, ear: Ear, same: str, said: str, now: float) -> None:
        if not ear.box:
            ear.goes_out = now + ear.gathers
            self.dirty.add(ear)
        if len(ear.box) >= FULL:
            ear.box = {"missed": _event("missed", {})}
        ear.box.pop(same, None)
        ear.box[same] = said

    def _show(self, thing: str, now: float) -> None:
        for ear in self._hearing(self.presence.shown_in(thing)):
            if ear.granted.side:
                self._put(ear, f"presence {thing}", self._who(thing, ear), now)

    def _who(self, thing: str, ear: Ear) -> str:
        """Who looks at it besides the page's own person; of another house only its name."""
        own, who = ear.granted, []
        for granted, doing in self.presence.looking_at(thing):
            if granted.person != own.person:
                name = granted.name if granted.side == own.side else granted.house
                who.append({"name": name, "doing": doing})
        return _event("presence", {"on": thing, "who": who})


def _event(name: str, facts: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(facts, separators=(',', ':'))}\n\n"
