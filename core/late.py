"""Rows that are written together at the end of their transaction: a statement for each kind.

The journal and the outbox are written by nearly every action and read by hardly any. So inside a
scope (`core.rls`) their rows are gathered, and written before the commit. A statement that names
one of their tables has them written first, so nobody can tell the difference. What was gathered in
a savepoint that is undone is never written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction


@dataclass(frozen=True)
class Late:
    """A kind of rows. `names`: what a statement that reads them has in it, such as the table."""

    names: tuple[str, ...]
    write: Callable[[list[Any]], None]

    def add(self, rows: Sequence[Any]) -> None:
        """Have the rows written at the end of the scope, or now where there is none."""
        gathered = _gathered.get()
        if gathered is not None and rows:
            gathered.add(self, rows)
        elif rows:
            self.write(list(rows))


@contextmanager
def gathering() -> Iterator[bool]:
    """Around a whole transaction, True there; inside another one it does nothing.

    The caller says `settle` where the work is done and only the commit is left.
    """
    if _gathered.get() is not None:
        yield False
        return
    gathered = _Gathered()
    token = _gathered.set(gathered)
    try:
        with connection.execute_wrapper(gathered.look):
            yield True
    finally:
        _gathered.reset(token)


def settle() -> None:
    """Write what was gathered: before the commit, and before the wall changes."""
    gathered = _gathered.get()
    if gathered is not None and not connection.needs_rollback:
        gathered.write()


class _Mark:
    """Stands among the callbacks of the commit; Django drops it when its savepoint is undone."""

    def __call__(self) -> None:
        pass


@dataclass(frozen=True)
class _Added:
    late: Late
    rows: Sequence[Any]
    mark: _Mark


class _Gathered:
    def __init__(self) -> None:
        self._waiting: list[_Added] = []
        # With the mark of when: if that savepoint is undone, they have to be written once more.
        self._written: list[tuple[_Mark, list[_Added]]] = []
        self._names: tuple[str, ...] = ()  # of all that was added
        self._is_writing = False

    def add(self, late: Late, rows: Sequence[Any]) -> None:
        self._waiting.append(_Added(late, rows, _marked()))
        if not set(late.names) <= set(self._names):
            self._names += late.names

    def look(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        """Have them written before a statement that could read them."""
        if self._names and not self._is_writing and any(one in str(sql) for one in self._names):
            self.write()
        return execute(sql, params, many, context)

    def write(self) -> None:
        standing = {id(entry[1]) for entry in connection.run_on_commit}
        undone = [one for mark, many in self._written if id(mark) not in standing for one in many]
        self._written = [one for one in self._written if id(one[0]) in standing]
        due = [one for one in undone + self._waiting if id(one.mark) in standing]
        self._waiting = []
        if not due:
            return
        self._is_writing = True
        try:
            for late in dict.fromkeys(one.late for one in due):
                late.write([row for one in due if one.late is late for row in one.rows])
        except BaseException:
            self._waiting = due  # whoever goes on after it loses nothing
            raise
        finally:
            self._is_writing = False
        self._written.append((_marked(), due))


def _marked() -> _Mark:
    mark = _Mark()
    transaction.on_commit(mark)
    return mark


_gathered: ContextVar[_Gathered | None] = ContextVar("gathered", default=None)
