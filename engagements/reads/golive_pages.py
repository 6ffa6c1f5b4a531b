"""The pages below a GoLive project's: which there are, and what each shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Person
from engagements.models import Engagement
from engagements.reads.sizing import page_of_planning

MOST_DIGITS = 4  # of the number of a version


@dataclass(frozen=True)
class Asked:
    """What is shown to whom; `query` is what the address asks for besides."""

    engagement: Engagement
    reader: Person
    at: datetime
    version: str = ""

    @property
    def number(self) -> int | None:
        given = self.version
        good = given.isascii() and given.isdigit() and len(given) <= MOST_DIGITS
        return int(given) if good else None


@dataclass(frozen=True)
class ProjectPage:
    key: str  # of its address
    name: str
    read: Callable[[Asked], dict[str, Any]]

    @property
    def template(self) -> str:
        return f"engagements/golive/{self.key.replace('-', '_')}.html"


def _planning(asked: Asked) -> dict[str, Any]:
    return {"plan": page_of_planning(asked.engagement, asked.reader, asked.number)}


PROJECT_PAGES = (ProjectPage("planning", "Capacity and cost", _planning),)
BY_KEY = {one.key: one for one in PROJECT_PAGES}
