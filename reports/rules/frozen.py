"""Frozen dataclasses to JSON and back without loss, and refused when they do not fit."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


def to_json(value: Any) -> Any:
    """Dataclasses become objects, tuples lists, moments ISO 8601 in UTC, days ISO 8601.

    Floats are refused: what is frozen must read back equal from any JSON store.
    """
    if dataclasses.is_dataclass(value):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"The moment {value.isoformat()} has no time zone.")
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int):
        return value
    raise ValueError(f"{type(value).__name__} can not be frozen.")


def from_json(kind: type[Record], raw: Any) -> Record:
    """The inverse of `to_json`; a ValueError names the first place that does not fit."""
    record: Record = _read(kind, raw, kind.__name__)
    return record


def checksum(record: Any) -> str:
    """sha256, in hex, of the canonical JSON: UTF-8, sorted keys, no white space."""
    canonical = json.dumps(
        to_json(record), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _read(kind: Any, raw: Any, where: str) -> Any:
    if dataclasses.is_dataclass(kind):
        return _read_record(kind, raw, where)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        (some,) = (option for option in get_args(kind) if option is not types.NoneType)
        return None if raw is None else _read(some, raw, where)
    if origin is tuple:
        if not isinstance(raw, list):
            raise ValueError(f"{where}: a list is expected.")
        item = get_args(kind)[0]
        return tuple(_read(item, each, f"{where}[{n}]") for n, each in enumerate(raw))
    return _read_plain(kind, raw, where)


def _read_record(kind: Any, raw: Any, where: str) -> Any:
    if not isinstance(raw, Mapping):
        raise ValueError(f"{where}: an object is expected.")
    hints = _hints(kind)
    if odd := set(raw) ^ set(hints):
        raise ValueError(f"{where}: missing or unknown: {', '.join(sorted(odd))}.")
    return kind(**{name: _read(hint, raw[name], f"{where}.{name}") for name, hint in hints.items()})


def _read_plain(kind: Any, raw: Any, where: str) -> Any:
    if kind in (date, datetime):
        if not isinstance(raw, str):
            raise ValueError(f"{where}: a {kind.__name__} is expected.")
        value = kind.fromisoformat(raw)
        if kind is datetime and value.tzinfo is None:
            raise ValueError(f"{where}: the moment has no time zone.")
        return value
    # type(), because True is an int to isinstance
    if type(raw) is not kind:
        raise ValueError(f"{where}: {kind.__name__} is expected, not {type(raw).__name__}.")
    return raw


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
