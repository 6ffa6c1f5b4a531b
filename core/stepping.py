"""Many rows for a slow reader, step by step: no transaction is open while their line is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

R = TypeVar("R")


def in_steps(
    step: Callable[[int], Sequence[tuple[int, R]]],
    within: Callable[[], AbstractContextManager[None]],
) -> Iterator[list[R]]:
    """The rows of each step, until one is empty.

    `step(after)` reads the next few rows behind that key, each with its own key, in a transaction
    that `within` opens for it alone. What is written meanwhile may be in it or not.
    """
    after = 0
    while True:
        with within():
            found = list(step(after))
        if not found:
            return
        yield [row for _, row in found]
        after = found[-1][0]
