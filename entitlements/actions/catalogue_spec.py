"""What a catalogue says, as plain data: between the file, the admin's forms and the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal


@dataclass(frozen=True)
class ServiceSpec:
    """Fields as in `models.Service`; `position` orders them: the place in the file."""

    key: str
    name: str
    limits: str
    reportable: bool
    position: int


@dataclass(frozen=True)
class CalendarSpec:
    """Fields as in `models.CalendarVersion`; `calendar` is its lasting key."""

    calendar: str
    name: str
    timezone: str
    hours: dict[str, list[list[str]]]
    holidays: list[str]
    overrides: dict[str, list[list[str]]]
    holiday_names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LevelSpec:
    """Fields as in `models.LevelVersion`; `calendar` is the key of its calendar."""

    level: str
    response_time: timedelta
    calendar: str
    channels: list[str]
    services: list[str]
    resources: list[str]
    round_the_clock: bool
    maintenance: bool
    monthly_report: bool
    supplied_by: list[str]
    price_percent: Decimal | None
    pack_prices: dict[str, str]
    price_text: str
    first_year_free: bool
    evaluation_days: int | None


@dataclass(frozen=True)
class Catalogue:
    services: list[ServiceSpec]
    calendars: list[CalendarSpec]
    levels: list[LevelSpec]


# The fields of a level that stand in its table as they are.
LEVEL_FIELDS = (
    "calendar",
    "round_the_clock",
    "channels",
    "services",
    "resources",
    "maintenance",
    "monthly_report",
    "supplied_by",
    "price_percent",
    "first_year_free",
    "evaluation_days",
    "price_text",
)
