"""Small tables that managers change now and then and every report reads: kept by each process.

Nobody has to say when they changed. The first use in a scope (`core.rls`) asks for a stamp of all
of them in one statement; what was read under the same stamp before is given again. Outside of a
scope, and after a change in it, they are read as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

T = TypeVar("T")

Stamp = tuple[object, ...]

# Where each row lies and who wrote it: no two versions of a row share both.
_STAMP = "(SELECT coalesce(sum(hashtext(ctid::text || '/' || xmin::text)), 0) FROM {})"


class Kept(Generic[T]):
    """What `read` gives, which is made of the rows of `models` alone and never changed by anybody.

    The tables are the vendor's, without an organisation, and have some dozens of rows.
    """

    def __init__(self, *models: type[Model], read: Callable[[], T]) -> None:
        self._tables = tuple(one._meta.db_table for one in models)
        self._read = read
        self._last: tuple[Stamp, T] | None = None
        _tables.update(dict.fromkeys(self._tables))
        _all.append(self)

    def __call__(self) -> T:
        seen = _seen.get()
        if seen is None:
            return self._read()
        stamps = seen.stamps()
        stamp = (connection.settings_dict["NAME"], *(stamps[one] for one in self._tables))
        last = self._last  # another thread may change it meanwhile
        if last is None or last[0] != stamp:
            last = self._last = stamp, self._read()
        return last[1]


def forget() -> None:
    """As a process that has just begun: for tests that count what is asked."""
    for one in _all:
        one._last = None


@contextmanager
def seen_once() -> Iterator[None]:
    """Around a whole transaction; inside another one it does nothing."""
    if _seen.get() is not None:
        yield
        return
    seen = _Seen()
    token = _seen.set(seen)
    try:
        with connection.execute_wrapper(seen.look):
            yield
    finally:
        _seen.reset(token)


class _Seen:
    """The stamps of the present transaction, until it changes any of the tables itself."""

    def __init__(self) -> None:
        self._stamps: dict[str, object] | None = None

    def stamps(self) -> dict[str, object]:
        if self._stamps is None:
            tables = list(_tables)
            with connection.cursor() as cursor:
                cursor.execute("SELECT " + ", ".join(_STAMP.format(one) for one in tables))
                self._stamps = dict(zip(tables, cursor.fetchone(), strict=True))
        return self._stamps

    def look(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if self._stamps is not None and not str(sql).startswith(("SELECT", "SAVEPOINT", "RELEASE")):
            is_back = str(sql).startswith("ROLLBACK")
            if is_back or any(one in str(sql) for one in _tables):
                self._stamps = None
        return answer


_tables: dict[str, None] = {}
_all: list[Kept[Any]] = []
_seen: ContextVar[_Seen | None] = ContextVar("seen", default=None)
