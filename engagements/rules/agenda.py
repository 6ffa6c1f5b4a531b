"""The agenda of a course as text that a manager types, and as data. Pure.

A line that begins with "#" is a day; "(assumed)" at its end says that no source stated it. Every
other line is a point of the day above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_ASSUMED = "(assumed)"
MOST_DAYS, MOST_POINTS, LONGEST = 20, 30, 200


class AgendaUnusable(ValueError):
    """Says in one sentence what is wrong with what was typed."""


@dataclass(frozen=True)
class Day:
    title: str
    points: tuple[str, ...]
    assumed: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"title": self.title, "points": list(self.points), "assumed": self.assumed}


def days_of(stored: Sequence[dict[str, Any]]) -> list[Day]:
    return [Day(one["title"], tuple(one["points"]), bool(one.get("assumed"))) for one in stored]


def read(text: str) -> list[Day]:
    """Raises `AgendaUnusable`; an empty text is an empty agenda."""
    found: list[tuple[str, list[str], bool]] = []
    for line in (raw.strip() for raw in text.splitlines()):
        if not line:
            continue
        if len(line) > LONGEST:
            raise AgendaUnusable(f"A line has {LONGEST} characters at most: “{line[:40]}…”.")
        if line.startswith("#"):
            title = line.lstrip("# ").removesuffix(_ASSUMED).strip()
            if not title:
                raise AgendaUnusable("A day needs a title after its “#”.")
            found.append((title, [], line.endswith(_ASSUMED)))
        elif not found:
            raise AgendaUnusable("Begin with a day: “# Day 1: installation”.")
        else:
            found[-1][1].append(line.removeprefix("- ").strip())
    if len(found) > MOST_DAYS or any(len(points) > MOST_POINTS for _, points, _ in found):
        raise AgendaUnusable(f"{MOST_DAYS} days with {MOST_POINTS} points each are the most.")
    return [Day(title, tuple(points), assumed) for title, points, assumed in found]


def write(days: Sequence[Day]) -> str:
    """What `read` reads again to the same."""
    blocks = []
    for day in days:
        head = f"# {day.title}" + (f" {_ASSUMED}" if day.assumed else "")
        blocks.append("\n".join([head, *(f"- {point}" for point in day.points)]))
    return "\n\n".join(blocks)
