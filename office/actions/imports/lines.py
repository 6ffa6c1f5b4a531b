"""One line while it is worked on: its cells by field, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from accounts.models import Organisation, Person
from core.text import one_line
from office.enums import Outcome
from office.errors import CellMissing, CellTooLong, CellUnreadable
from office.rules.imports.kinds import TableKind
from office.rules.imports.values import DayForm, Unreadable, amount_of, day_of, whole_of


@dataclass(frozen=True)
class Cells:
    """What a line says, by field; reading a cell raises a `Refusal` that names it."""

    table: TableKind
    values: Mapping[str, str]
    days: DayForm

    def text(self, name: str) -> str:
        """On one line; "" where it is empty. Errors: `CellMissing`, `CellTooLong`."""
        known = self.table.field(name)
        found = one_line(self.values.get(name, ""))
        if not found and known.is_needed:
            raise CellMissing(field=known.label)
        if len(found) > known.longest:
            raise CellTooLong(field=known.label, length=len(found), most=known.longest)
        return found

    def day(self, name: str) -> date | None:
        """None where it is empty. Errors: `CellMissing`, `CellUnreadable`."""
        text = self.text(name)
        return self._read(name, lambda: day_of(text, self.days)) if text else None

    def amount(self, name: str) -> Decimal | None:
        """None where it is empty. Error: `CellUnreadable`."""
        text = self.text(name)
        return self._read(name, lambda: amount_of(text)) if text else None

    def whole(self, name: str) -> int | None:
        """None where it is empty. Error: `CellUnreadable`."""
        text = self.text(name)
        return self._read(name, lambda: whole_of(text)) if text else None

    def label(self, name: str) -> str:
        return self.table.field(name).label

    def _read(self, name: str, read: Any) -> Any:
        try:
            return read()
        except Unreadable as error:
            raise CellUnreadable(field=self.label(name), why=str(error)) from error


@dataclass(frozen=True)
class Brought:
    """What a line did: `subject` is what it made or changed, or what was there already.

    `before` is what a change wrote over, `after` what it wrote, both as JSON takes them.
    """

    outcome: Outcome
    subject: Any
    said: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)

    @property
    def organisation(self) -> int | None:
        """Whose the line is; nobody's where it made the organisation itself."""
        return None if isinstance(self.subject, Organisation) else self.subject.organisation_id


class Bringer(Protocol):
    """One kind of table: how a line of it is known, brought in, and taken back."""

    def key(self, cells: Cells) -> str:
        """By what two lines of one file mean the same. Raises what a cell refuses."""
        ...

    def bring(self, cells: Cells, *, by: Person, at: datetime) -> Brought: ...

    def take_back(self, pk: int, change: Mapping[str, Any], *, by: Person, at: datetime) -> None:
        """Undo what `bring` did, by the key of what it made. Nothing where that is gone."""
        ...
