"""What loading a catalogue would change, field by field. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from entitlements.actions.catalogue_spec import Catalogue


@dataclass(frozen=True)
class Difference:
    """`where` is "level premium"; `before` is None for what is new. Without a `field` the whole.

    A level that only gets a new version because its calendar does has the field "calendar" with
    the same key on both sides.
    """

    where: str
    field: str
    before: Any
    after: Any

    def __str__(self) -> str:
        if not self.field:
            return f"{self.where}: new"
        if self.before == self.after:
            return f"{self.where}: {self.field}: {_shown(self.after)}, in its new version"
        return f"{self.where}: {self.field}: {_shown(self.before)} -> {_shown(self.after)}"


def differences(wanted: Catalogue, held: Catalogue) -> list[Difference]:
    """In the order of the file. What `wanted` leaves out stays as it is: that is no difference."""
    pairs = (
        ("service", _by(wanted.services, "key"), _by(held.services, "key")),
        ("calendar", _by(wanted.calendars, "calendar"), _by(held.calendars, "calendar")),
        ("level", _by(wanted.levels, "level"), _by(held.levels, "level")),
    )
    found = [
        one
        for kind, wants, holds in pairs
        for key, spec in wants.items()
        for one in _of(f"{kind} {key}", spec, holds.get(key))
    ]
    return [*found, *_dragged(wanted, held, {one.where for one in found})]


def _by(specs: list[Any], key: str) -> dict[str, dict[str, Any]]:
    return {getattr(one, key): asdict(one) for one in specs}


def _of(where: str, wanted: Mapping[str, Any], held: Mapping[str, Any] | None) -> list[Difference]:
    if held is None:
        return [Difference(where, "", None, dict(wanted))]
    return [
        Difference(where, field, held[field], after)
        for field, after in wanted.items()
        if held[field] != after
    ]


def _dragged(wanted: Catalogue, held: Catalogue, changed: set[str]) -> Iterator[Difference]:
    """Levels that get a new version since the calendar that they count on does."""
    levels = _by(held.levels, "level") | _by(wanted.levels, "level")
    for key, level in levels.items():
        calendar = level["calendar"]
        if f"calendar {calendar}" in changed and f"level {key}" not in changed:
            yield Difference(f"level {key}", "calendar", calendar, calendar)


def _shown(value: Any) -> str:
    if isinstance(value, timedelta):
        return f"{value / timedelta(hours=1):g} hours"
    return "none" if value is None else repr(value) if isinstance(value, str) else str(value)
