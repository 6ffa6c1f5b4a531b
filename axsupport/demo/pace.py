"""The pace of those who tell the demo together: nobody runs far ahead of the slowest."""

from __future__ import annotations

from multiprocessing.context import ForkContext

AHEAD = 3  # days
_PATIENCE = 300  # seconds, after which one that says nothing is taken for dead


class Pace:
    """How many days each of `parts` processes has told; made before they are forked."""

    def __init__(self, fork: ForkContext, parts: int) -> None:
        self._told = fork.Array("i", parts, lock=False)
        self._gave_up = fork.Value("i", 0, lock=False)
        self._turn = fork.Condition()

    def day_is_over(self, part: int) -> int:
        """Count a day of this part, and wait for the others where it is far ahead; its days.

        `RuntimeError` when another gave up or says nothing for minutes.
        """
        with self._turn:
            self._told[part] += 1
            self._turn.notify_all()
            goes_on = self._turn.wait_for(lambda: self._may_go_on(part), _PATIENCE)
            if not goes_on or self._gave_up.value:
                raise RuntimeError("another process of the demo broke off")
            days: int = self._told[part]
            return days

    def give_up(self) -> None:
        """Nobody has to wait for this one any more: the whole demo is of no use."""
        with self._turn:
            self._gave_up.value = 1
            self._turn.notify_all()

    def _may_go_on(self, part: int) -> bool:
        is_near = self._told[part] - min(self._told) <= AHEAD
        return bool(self._gave_up.value) or is_near
