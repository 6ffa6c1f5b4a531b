"""What each table holds about people (F2): each app says it once, in its module `personal`.

A table that can hold a name, an address or a text of somebody is *held*: the export shows its rows,
the erasure clears them. Text that never is about a customer or colleague is *harmless*, and says
why. `tests/test_personal.py` walks every model, so that no new field can be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Model, QuerySet

from core.blotting import Words

if TYPE_CHECKING:
    from accounts.models import Person

Rows = Callable[["Person"], QuerySet[Any]]


@dataclass(frozen=True)
class Held:
    """One table, by the label of its model, and `what` its rows are in words.

    - `own(person)` gives the rows that are about the person or by them: they are exported.
    - `blot` are text fields in which name, address and telephone are blotted out, in every row;
      `near(person)`, else the own rows, are where single parts of the name go, too ("Hello Ana").
    - `clear` is set on the own rows at an erasure, `texts` only where the person's own texts are to
      go as well; with `is_deleted` the own rows are removed.
    - `secret` fields are never exported, and need no blotting: digests, keys.
    - `file` is exported beside the rows; `texts_by_hand(rows)` removes those that go with `texts`.
    - `by_hand(keys, words, at)` blots what no SQL can, such as raw mails, in a batch of rows.
    - `keeper` is the kind by which `core.keeper` blots rows that the desk itself may not change.
    - `day` is the field that says how old a row is.
    """

    model: str
    what: str
    own: Rows | None = None
    near: Rows | None = None
    blot: Sequence[str] = ()
    clear: Mapping[str, object] = field(default_factory=dict)
    texts: Mapping[str, object] = field(default_factory=dict)
    is_deleted: bool = False
    secret: Sequence[str] = ()
    file: str = ""
    texts_by_hand: Callable[[QuerySet[Any]], int] | None = None
    by_hand: Callable[[Collection[int], Words, datetime], int] | None = None
    keeper: str = ""
    day: str = ""

    @property
    def of(self) -> type[Model]:
        return apps.get_model(self.model)

    @property
    def named(self) -> set[str]:
        """The fields that this says something about."""
        return {*self.blot, *self.clear, *self.texts, *self.secret, self.file} - {""}


_held: dict[str, Held] = {}
_harmless: dict[str, dict[str, str]] = {}


def hold(*tables: Held) -> None:
    """Safe to repeat; the order is that in which an export shows them."""
    _held.update({one.model.lower(): one for one in tables})


def harmless(model: str, why: str, *fields: str) -> None:
    """These fields hold nothing about a person, or nothing that must go: say why."""
    _harmless.setdefault(model.lower(), {}).update(dict.fromkeys(fields, why))


def held() -> Iterator[Held]:
    """All tables with personal data, in the order of their apps."""
    return iter(list(_held.values()))


def held_in(label: str) -> Held:
    """Raises KeyError where the table is not registered (any longer)."""
    return _held[label.lower()]


def why_harmless(model: str, name: str) -> str:
    """The reason; "" where nobody gave one."""
    return _harmless.get(model.lower(), {}).get(name, "")
