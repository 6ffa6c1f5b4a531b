"""Where rooms meet: what a lower app shows or counts of those above it, which it may not import.

One small registry a purpose. Each app fills them once, in `ready()` of its AppConfig; the order of
filling is that of `INSTALLED_APPS`, lowest first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from accounts.models import Organisation, Person
    from core.events.news import News
    from core.models import JournalEntry


@dataclass(frozen=True)
class MeasuredSweep:
    """A sweep whose rows tell how far behind it is; `key` is its name in the beat table.

    `rows` gives all that it still has to look at, `moment` names the field that says since when
    each is due. `waits`: what is due waits for room, so that it is no fault of the sweep.
    """

    key: str
    label: str
    what: str
    rows: Callable[[], QuerySet[Any]]
    moment: str
    waits: bool = False


@dataclass(frozen=True)
class Badge:
    """A number in the staff's navigation. `rows` gives what is counted, or None for nothing."""

    name: str
    rows: Callable[[Person], QuerySet[Any] | None]


@dataclass(frozen=True)
class Panel:
    """A part of a page of a lower app. `context` None: it is not shown to this reader."""

    template: str
    context: Callable[[HttpRequest], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Work:
    """Who works for whom, as only a room above the people's knows it.

    `reached` gives the organisations, by id, whose work came up to a person's level; `staff` the
    vendor's people, by id, who work for any of the organisations; `unfinished` counts what is
    still owed to an organisation.
    """

    reached: Callable[[Person], QuerySet[Any, Any]]
    staff: Callable[[QuerySet[Any]], QuerySet[Any, Any]]
    unfinished: Callable[[Organisation], int]


# By keys of licences what a room heard that each runs: when, and which version.
VersionsNamed = Callable[["Collection[int]"], "Mapping[int, tuple[datetime, str]]"]


@dataclass(frozen=True)
class Reported:
    """What a person sees of the reports of one thing: how many, of how many customers, the number
    of the latest, and where to look.
    """

    incidents: int
    customers: int
    number: str
    url: str


# By keys of known defects, what a person sees of the reports that come from each.
ReportsOfDefects = Callable[["Person", "Collection[int]"], "Mapping[int, Reported]"]
Announcer = Callable[["JournalEntry"], "Iterable[News]"]


@dataclass(frozen=True)
class ReadFile:
    """What a file says, for a page: headers as pairs, and its text."""

    heads: tuple[tuple[str, str], ...]
    text: str


FileReader = Callable[[bytes], ReadFile]  # never raises, whatever stands in the file
file_readers: dict[str, FileReader] = {}  # by the ending of the name, such as ".eml"


def read_files(ending: str, reader: FileReader) -> None:
    """Show files whose name ends so as `reader` reads them. Safe to repeat."""
    file_readers[ending] = reader


reports_of_defects: dict[str, ReportsOfDefects] = {}
versions_named: dict[str, VersionsNamed] = {}
work: dict[str, Work] = {}
announcers: dict[str, Announcer] = {}  # by what the journal calls its subjects
measured_sweeps: dict[str, MeasuredSweep] = {}
badges: dict[str, Badge] = {}
resource_pages: dict[str, str] = {}  # an online resource of the levels: name of its page
front_pages: dict[str, str] = {}  # a role: name of the page where it lands after signing in
notice_words: dict[str, str] = {}  # template of a notice: what it told its reader
_panels: dict[str, list[Panel]] = {}


def measure(*sweeps: MeasuredSweep) -> None:
    """Show these on the watchdog's page and in its figures."""
    measured_sweeps.update({one.key: one for one in sweeps})


def add_work(room: str, of_it: Work) -> None:
    """Let who sees whom follow from who works for whom. Safe to repeat."""
    work[room] = of_it


def name_versions(room: str, source: VersionsNamed) -> None:
    """Let what this room heard of versions count where what somebody runs is asked. Repeatable."""
    versions_named[room] = source


def count_reports(room: str, source: ReportsOfDefects) -> None:
    """Let pages of what fixes a defect say who reported it. Safe to repeat."""
    reports_of_defects[room] = source


def announce_entries(of: str, announcer: Announcer) -> None:
    """Tell open pages of journal entries about these ("tickets.incident"). Safe to repeat."""
    announcers[of] = announcer


def add_resource_page(resource: str, page: str) -> None:
    """Let the published list of the levels lead to it; the URL takes no argument."""
    resource_pages[resource] = page


def add_front_page(role: str, page: str) -> None:
    """Where people of a role land after signing in; the URL takes no argument. Safe to repeat."""
    front_pages[role] = page


def add_badge(badge: Badge) -> None:
    """Count these in the staff's navigation."""
    badges[badge.name] = badge


def add_panel(page: str, panel: Panel) -> None:
    """Show a part on the page of that name. Safe to repeat."""
    shown = _panels.setdefault(page, [])
    if panel not in shown:
        shown.append(panel)


def panels_of(page: str, request: HttpRequest) -> list[tuple[str, Mapping[str, Any]]]:
    """Template and context of each part that this reader sees on the page."""
    found = ((one.template, one.context(request)) for one in _panels.get(page, ()))
    return [(template, context) for template, context in found if context is not None]
