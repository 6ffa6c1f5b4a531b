"""For how long rows are kept, by kind: each app names what grows old (F2).

The days are settings, 0 is for ever. `accounts.tasks.forget_old` sweeps; a page says before what
would go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet


@dataclass(frozen=True)
class Kept:
    """One kind. `rows(before)` are all that are older than that moment, by their field `moment`.

    `forget(keys, at)` takes a batch of them away, and says how many; safe to repeat.
    """

    key: str
    setting: str
    label: str
    goes: str
    rows: Callable[[datetime], QuerySet[Any]]
    moment: str
    forget: Callable[[list[int], datetime], int]

    @property
    def days(self) -> int:
        return int(getattr(settings, self.setting))

    def before(self, at: datetime) -> datetime:
        return at - timedelta(days=self.days)

    def due(self, at: datetime) -> QuerySet[Any]:
        """What would go now, the oldest first; nothing where it is kept for ever."""
        if not self.days:
            return self.rows(at).none()
        return self.rows(self.before(at)).order_by(self.moment, "pk")


_kinds: dict[str, Kept] = {}


def keep(*kinds: Kept) -> None:
    """Safe to repeat."""
    _kinds.update({one.key: one for one in kinds})


def kinds() -> list[Kept]:
    return list(_kinds.values())
