"""Related rows that somebody has in hand already, so that nobody reads them again."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model


def give(to: Model, name: str, rows: Iterable[Model]) -> None:
    """Let `to.<name>.all()` give these, as after `prefetch_related(name)`.

    Only for who has just made all of them in this transaction.
    """
    found = getattr(to, name).all()
    found._result_cache = list(rows)
    found._prefetch_done = True
    kept = to.__dict__.setdefault("_prefetched_objects_cache", {})
    kept[name] = found
