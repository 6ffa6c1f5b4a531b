"""The catalogue as TOML that `catalogue_file.read` understands as the same catalogue. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from entitlements.actions.catalogue_spec import LEVEL_FIELDS, Catalogue


def write(catalogue: Catalogue) -> str:
    """The catalogue as TOML."""
    lines: list[str] = []
    for place, service in enumerate(catalogue.services, start=1):
        fields = ["key", "name", "reportable", "limits"]
        if service.position != place:
            fields.append("position")
        lines += ["[[service]]", *_pairs(service, fields), ""]
    for calendar in catalogue.calendars:
        lines += [f"[calendar.{calendar.calendar}]"]
        lines += [*_pairs(calendar, ("name", "timezone", "holidays")), ""]
        for part in ("hours", "holiday_names", "overrides"):
            lines += _table(f"calendar.{calendar.calendar}.{part}", getattr(calendar, part))
    for level in catalogue.levels:
        hours = level.response_time / timedelta(hours=1)
        plain = int(hours) if hours.is_integer() else hours
        lines += [f"[level.{level.level}]", f"response_hours = {plain}"]
        lines += [*_pairs(level, LEVEL_FIELDS), ""]
        lines += _table(f"level.{level.level}.pack_prices", level.pack_prices)
    return "\n".join(lines)


def _pairs(spec: object, names: Iterable[str]) -> list[str]:
    values = [(name, getattr(spec, name)) for name in names]
    return [f"{name} = {_value(value)}" for name, value in values if value is not None]


def _table(name: str, content: Mapping[str, Any]) -> list[str]:
    if not content:
        return []
    pairs = [f"{json.dumps(key)} = {_value(value)}" for key, value in content.items()]
    return [f"[{name}]", *pairs, ""]


def _value(value: object) -> str:
    """JSON's texts, flags, numbers and lists are TOML's, too."""
    plain = json.dumps(str(value) if isinstance(value, Decimal) else value, ensure_ascii=False)
    return plain.replace("\x7f", "\\u007f")  # TOML wants it escaped, JSON does not
