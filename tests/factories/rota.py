"""Who is on duty when."""

from __future__ import annotations

from typing import Any

from rota.models import Absence, Pattern, Shift, Swap
from tests.factories.base import NINE, TODAY, days, hours
from tests.factories.people import make_engineer

EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def make_pattern(**fields: Any) -> Pattern:
    """From midnight of the Monday on, every day 08:00 to 17:00 UTC; no shift is laid out."""
    midnight = NINE - hours(9)
    defaults = {
        "person": fields.pop("person", None) or make_engineer(),
        "timezone": "UTC",
        "weekly": {day: [["08:00", "17:00"]] for day in EVERY_DAY},
        "starts_on": TODAY,
        "starts_at": midnight,
        "planned_until": midnight,
    }
    return Pattern.objects.create(**defaults | fields)


def make_shift(**fields: Any) -> Shift:
    """From nine on, for eight hours."""
    person = fields.pop("person", None) or make_engineer()
    defaults = {"planned_for": person, "starts_at": NINE, "ends_at": NINE + hours(8)}
    return Shift.objects.create(person=person, **defaults | fields)


def make_absence(**fields: Any) -> Absence:
    """From nine on, for a day."""
    person = fields.pop("person", None) or make_engineer()
    defaults = {
        "starts_at": NINE,
        "ends_at": NINE + days(1),
        "reported_by": person,
        "reported_at": NINE,
    }
    return Absence.objects.create(person=person, **defaults | fields)


def make_swap(**fields: Any) -> Swap:
    """Asked at nine, about a shift of the day after."""
    shift = fields.pop("shift", None) or make_shift(
        starts_at=NINE + days(1), ends_at=NINE + days(1) + hours(8)
    )
    defaults = {
        "asked_by": shift.person,
        "asked_of": fields.pop("asked_of", None) or make_engineer(),
        "asked_at": NINE,
    }
    return Swap.objects.create(shift=shift, **defaults | fields)
