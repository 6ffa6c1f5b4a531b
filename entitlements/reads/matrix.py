"""The support programme as the table that the vendor prints: levels across, services down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from core.registries import resource_pages
from entitlements.channels import IN_PROGRAMME
from entitlements.enums import Level, Resource, Supplier
from entitlements.models import LevelVersion, Service
from entitlements.reads.coverage_summary import promise_of
from entitlements.reads.current import current_levels


@dataclass(frozen=True)
class Column:
    level: str
    label: str
    note: str


@dataclass(frozen=True)
class Row:
    """A cell is a text, or whether the level includes it. `limits` is what lies outside.

    `url` is where the thing itself is; "" for what has no page.
    """

    label: str
    cells: list[str | bool]
    limits: str = ""
    url: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Matrix:
    columns: list[Column]
    groups: list[Group]


def matrix_of_today() -> Matrix:
    """The newest version of every level, in two queries."""
    held = current_levels()
    levels = {one: held[one] for one in reversed(Level) if one in held}
    services = list(Service.objects.all())
    columns = [Column(one, str(one.label), one.facts.note) for one in levels]
    groups = [
        _group("Price", levels, [("Price", lambda one: one.price_text)]),
        _group("Response", levels, _RESPONSE),
        _group("Availability", levels, [("24 x 7 x 365", lambda one: one.round_the_clock)]),
        _group("Channels", levels, _channels()),
        Group("Included services", _service_rows(levels, services)),
        _group("Maintenance", levels, [("Software maintenance", lambda one: one.maintenance)]),
        Group("Online resources", _resource_rows(levels)),
        _group("Supplied by", levels, _listed(Supplier, "supplied_by")),
    ]
    return Matrix(columns, groups)


_Cell = Callable[[LevelVersion], str | bool]
_RESPONSE: list[tuple[str, _Cell]] = [
    ("Maximum response time", promise_of),
    ("Counted on", lambda one: one.calendar.name),
]


def _channels() -> list[tuple[str, _Cell]]:
    return [(one.facts.row, _includes("channels", one.value)) for one in IN_PROGRAMME]


def _listed(names: Iterable[Supplier | Resource], field: str) -> list[tuple[str, _Cell]]:
    return [(str(one.label), _includes(field, one.value)) for one in names]


def _includes(field: str, key: str) -> _Cell:
    return lambda level: key in getattr(level, field)


def _service_rows(levels: Mapping[Level, LevelVersion], services: list[Service]) -> list[Row]:
    rows = [
        Row(one.name, [one.key in level.services for level in levels.values()], one.limits)
        for one in services
    ]
    report = [level.monthly_report for level in levels.values()]
    return [*rows, Row("Monthly service report", [*report])]


def _resource_rows(levels: Mapping[Level, LevelVersion]) -> list[Row]:
    """Each leads to its page, where a room above has one."""
    return [
        Row(
            str(one.label),
            [one.value in level.resources for level in levels.values()],
            url=reverse(resource_pages[one.value]) if one.value in resource_pages else "",
        )
        for one in Resource
    ]


def _group(
    title: str, levels: Mapping[Level, LevelVersion], rows: list[tuple[str, _Cell]]
) -> Group:
    return Group(
        title, [Row(label, [cell(level) for level in levels.values()]) for label, cell in rows]
    )
