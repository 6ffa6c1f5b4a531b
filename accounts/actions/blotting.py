"""Blotting words out of rows, by the database itself where it can."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Func, JSONField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Left

from accounts.models import Erasure
from core import keeper
from core.blotting import BLOT, Words
from core.journal import label
from core.personal import Held

BATCH = 2000  # rows that one step looks at
BY_HAND = 100  # where each is read whole, as raw mails are
KEPT = 20_000  # where each step leaves a tombstone


@dataclass(frozen=True)
class Batch:
    """What one step did: rows changed, the last key it looked at, whether more follow."""

    changed: int
    reached: int
    more: bool


def blot_batch(table: Held, words: Words, *, erasure: Erasure, at: datetime) -> Batch:
    """Blot the words out of the next rows of the table, as many as one step does."""
    after = erasure.reached
    size = KEPT if table.keeper else BY_HAND if table.by_hand else BATCH
    if not (table.blot or table.by_hand) or not _has_number_keys(table):
        return Batch(0, after, more=False)
    keys = (
        table.of._default_manager.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    )
    step = list(keys[:size])
    if not step:
        return Batch(0, after, more=False)
    rows = table.of._default_manager.filter(pk__gt=after, pk__lte=step[-1])
    if table.keeper:
        changed = _by_keeper(table, rows, words, erasure, at)
    else:
        changed = blot(table, rows, words.pattern)
        if table.by_hand is not None:
            changed += table.by_hand(step, words, at)
    return Batch(changed, step[-1], more=len(step) == size)


def blot(table: Held, rows: QuerySet[Any], pattern: str, *, flags: str = "gi") -> int:
    """Blot what `pattern` finds in the table's text fields; how many rows that changed."""
    lookup = "iregex" if "i" in flags else "regex"
    changed = 0
    for name in table.blot:
        field: Any = table.of._meta.get_field(name)
        found = rows.alias(said=Cast(name, TextField())).filter(**{f"said__{lookup}": pattern})
        fresh: Any = Func(
            Cast(F(name), TextField()),
            Value(pattern),
            Value(BLOT),
            Value(flags),
            function="regexp_replace",
            output_field=TextField(),
        )
        if isinstance(field, JSONField):
            fresh = Cast(fresh, JSONField())
        elif field.max_length:
            fresh = Left(fresh, field.max_length)
        keys = found.order_by().values("pk")
        changed += table.of._default_manager.filter(pk__in=keys).update(**{name: fresh})
    return changed


def _by_keeper(
    table: Held, rows: QuerySet[Any], words: Words, erasure: Erasure, at: datetime
) -> int:
    person = erasure.person
    (name,) = table.blot
    named = Q(said__iregex=words.pattern)
    if name == "facts":  # of their own entries the address that they came from goes, too
        theirs = Q(by=person) | Q(subject=label(person))
        named |= theirs & Q(facts__has_key="from_address")
    found = rows.alias(said=Cast(name, TextField())).filter(named)
    keys = list(found.order_by().values_list("pk", flat=True))
    if not keys:
        return 0
    return keeper.forget(
        table.keeper,
        at=at,
        by=erasure.asked_by,
        keys=keys,
        about=person.pk,
        pattern=words.pattern,
        subject=label(person),
    )


def _has_number_keys(table: Held) -> bool:
    """Sessions have a text for a key; they are removed, never blotted."""
    return table.of._meta.pk.get_internal_type().endswith("AutoField")
