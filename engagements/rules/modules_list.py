"""The modules of the product as text: a line a module, its settings below it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engagements.rules.modules import STATE, Module, Setting

_KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
_ASSUMED = "assumed"


class ModulesFault(ValueError):
    """A text that makes no list; it says which line and why."""


def read_modules(text: str) -> tuple[Module, ...]:
    """`Name | key`, and below it `- Name | key | value as delivered | assumed`."""
    found: list[tuple[str, str, list[Setting]]] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line:
            continue
        parts = [part.strip() for part in line.removeprefix("-").split("|")]
        if line.startswith("-"):
            if not found:
                raise ModulesFault(f"Line {number}: a setting stands below its module.")
            _add(found[-1][2], _setting(parts, number), number)
        else:
            name, key = _named(parts, number, "Name | key", most=2)
            if any(name == known or key == other for known, other, _ in found):
                raise ModulesFault(f"Line {number}: “{name}” is there twice.")
            found.append((name, key, []))
    _check_whole(found)
    return tuple(Module(key, name, tuple(settings)) for name, key, settings in found)


def _check_whole(found: Sequence[tuple[str, str, Sequence[Setting]]]) -> None:
    if not found:
        raise ModulesFault("Write at least one module.")
    for name, _, settings in found:
        if not any(one.key == STATE for one in settings):
            raise ModulesFault(f"“{name}” needs the setting “- State | {STATE} | on”.")


def write_modules(modules: Sequence[Module]) -> str:
    """As `read_modules` reads it."""
    lines = []
    for module in modules:
        lines.append(f"{module.name} | {module.key}")
        for one in module.settings:
            parts = [one.name, one.key, one.default, _ASSUMED if one.assumed else ""]
            while not parts[-1]:
                parts.pop()
            lines.append(f"- {' | '.join(parts)}")
    return "\n".join(lines)


def _setting(parts: list[str], number: int) -> Setting:
    form = "- Name | key | value as delivered | assumed"
    name, key = _named(parts, number, form, most=4)
    default, mark = [*parts[2:], "", ""][:2]
    if mark and mark.lower() != _ASSUMED:
        raise ModulesFault(f"Line {number}: write {form}.")
    return Setting(key, name, default[:300], assumed=bool(mark))


def _named(parts: list[str], number: int, form: str, *, most: int) -> tuple[str, str]:
    if not 2 <= len(parts) <= most or not parts[0] or not _KEY.match(parts[1]):
        raise ModulesFault(f"Line {number}: write {form}; a key has small letters, digits and _.")
    if len(parts[0]) > 60:
        raise ModulesFault(f"Line {number}: a name has at most 60 letters.")
    return parts[0], parts[1]


def _add(settings: list[Setting], one: Setting, number: int) -> None:
    if any(one.key == other.key or one.name == other.name for other in settings):
        raise ModulesFault(f"Line {number}: “{one.name}” is there twice.")
    settings.append(one)
