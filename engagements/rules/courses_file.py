"""Files that a new desk begins with: courses, cases of audits. Pure: text in, values out."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "courses.toml"
SHIPPED_CASES = SHIPPED.with_name("audit_cases.toml")


def read(text: str) -> list[dict[str, Any]]:
    """The values of each course, as the table keeps them; days become the agenda."""
    made = []
    for one in tomllib.loads(text)["course"]:
        days = one.pop("day", [])
        agenda = [
            {"title": day["title"], "points": day["points"], "assumed": day.get("assumed", False)}
            for day in days
        ]
        made.append({**one, "agenda": agenda})
    return made


def read_cases(text: str) -> list[dict[str, Any]]:
    """The values of each case of the library of audits."""
    return list(tomllib.loads(text)["case"])
