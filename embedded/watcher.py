"""Keeps one process running."""

from __future__ import annotations

import time
from collections.abc import Callable

from embedded.errors import ServiceError
from embedded.folder import DataFolder
from embedded.processes import Child, Family

_MANY = 5  # ends within _WHILE seconds, after which starting it again helps nobody
_WHILE = 60.0
_LONGEST_DELAY = 10.0
_FULL_DELAY = 3.0  # seconds between two tries while the disk is full


class Watcher:
    """Starts `name` by `start` and, when it ends by itself, again, a little later each time."""

    def __init__(
        self,
        name: str,
        start: Callable[[], Child],
        *,
        family: Family,
        folder: DataFolder,
        say: Callable[[str], None],
    ) -> None:
        self.name = name
        self._start = start
        self._family = family
        self._folder = folder
        self._say = say
        self._child: Child | None = None
        self._ends: list[float] = []
        self._start_at = 0.0

    def start(self) -> None:
        self._child = self._start()

    def check(self) -> None:
        """Raise ServiceError when the process has ended: nothing is started again here."""
        if self._child is not None and not self._child.running:
            raise ServiceError(f"{self._ended(self._child)} {explain(self._folder, self.name)}")

    def look(self) -> None:
        """Start again what ended; ServiceError when it keeps ending."""
        now = time.monotonic()
        if self._child is None:
            if now >= self._start_at:
                self._try_again(now)
        elif not self._child.running:
            self._note_end(self._child, now)

    def _try_again(self, now: float) -> None:
        try:
            self.start()
        except OSError:  # not even a log can be opened
            if not self._folder.is_full:
                raise
            self._start_at = now + _FULL_DELAY

    def _note_end(self, child: Child, now: float) -> None:
        self._child = None
        self._family.forget(child)
        if self._folder.is_full:  # nobody is to blame, and it ends some time: only wait
            self._start_at = now + _FULL_DELAY
            self._say(f"{self._ended(child)} The disk is full; trying again until it is not.")
            return
        self._ends = [one for one in self._ends if now - one < _WHILE] + [now]
        if len(self._ends) > _MANY:
            raise ServiceError(
                f"{self.name} ended {len(self._ends)} times within {_WHILE:.0f} seconds, so"
                f" everything is stopped. {explain(self._folder, self.name)}"
            )
        delay = min(2.0 ** (len(self._ends) - 1) - 0.5, _LONGEST_DELAY)
        self._start_at = now + delay
        self._say(f"{self._ended(child)} Starting it again in {delay:.1f} s.")

    def _ended(self, child: Child) -> str:
        code = child.process.returncode
        how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        return f"{self.name} ended {how}."


def explain(folder: DataFolder, name: str) -> str:
    """What to look at after `name` failed: a full disk by its name, and the end of its log."""
    end = folder.log_end(name)
    if "No space left on device" in end:
        advice = f"The disk of {folder.root} is full: free some room. "
    else:
        advice = ""
    return f"{advice}{folder.logs / name}.log ends with:\n{end or '    (nothing)'}"
