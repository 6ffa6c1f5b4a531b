"""The pages below a GoLive project's: which there are, and what each shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Person
from engagements.models import Engagement
from engagements.reads.deployment import checklists_of, cut_over_page, go_no_go_page
from engagements.reads.sizing import page_of_planning

MOST_DIGITS = 4  # of the number of a version


@dataclass(frozen=True)
class Asked:
    """What is shown to whom; `query` is what the address asks for besides."""

    engagement: Engagement
    reader: Person
    at: datetime
    works: bool  # on the project, of ours
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


def _run_book(asked: Asked) -> dict[str, Any]:
    return {"lists": checklists_of(asked.engagement, asked.reader, works=asked.works)}


def _cut_over(asked: Asked) -> dict[str, Any]:
    return {"plan": cut_over_page(asked.engagement, asked.reader, works=asked.works)}


def _go_no_go(asked: Asked) -> dict[str, Any]:
    return {"sheet": go_no_go_page(asked.engagement, asked.reader)}


PROJECT_PAGES = (
    ProjectPage("planning", "Capacity and cost", _planning),
    ProjectPage("run-book", "Run book", _run_book),
    ProjectPage("go-no-go", "Go / no-go", _go_no_go),
    ProjectPage("cut-over", "Cut-over", _cut_over),
)
BY_KEY = {one.key: one for one in PROJECT_PAGES}
