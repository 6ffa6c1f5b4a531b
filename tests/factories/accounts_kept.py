"""What the office keeps about customers."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Organisation, Person
from office.models import (
    AccountNote,
    DayFigure,
    HealthScore,
    PictureSchedule,
    ReportSchedule,
    ReviewPlan,
)
from tests.factories.base import NINE
from tests.factories.people import make_manager, make_organisation, make_tam


def make_note(organisation: Organisation | None = None, **fields: Any) -> AccountNote:
    """A note with a next step on the following day; `next_step=""` makes one without."""
    organisation = organisation or make_organisation()
    defaults: dict[str, Any] = {"text": "They want a second site.", "at": NINE}
    if fields.get("next_step") != "":
        defaults |= {
            "next_step": "Send the offer",
            "next_on": date(2026, 3, 3),
            "remind_at": NINE.replace(day=3),
        }
    defaults["by"] = fields.pop("by", None) or organisation.tam or make_tam(organisation)
    return AccountNote.objects.create(organisation=organisation, **defaults | fields)


def make_plan(organisation: Organisation | None = None, **fields: Any) -> ReviewPlan:
    organisation = organisation or make_organisation()
    defaults: dict[str, Any] = {"on": date(2026, 4, 1), "agenda": "Renewal", "made_at": NINE}
    defaults["made_by"] = fields.pop("made_by", None) or make_tam(organisation)
    return ReviewPlan.objects.create(organisation=organisation, **defaults | fields)


def make_score(organisation: Organisation | None = None, **fields: Any) -> HealthScore:
    defaults: dict[str, Any] = {"on": NINE.date(), "score": 80}
    return HealthScore.objects.create(
        organisation=organisation or make_organisation(), **defaults | fields
    )


def make_day_figure(organisation: Organisation | None = None, **fields: Any) -> DayFigure:
    defaults: dict[str, Any] = {"figure": "kept", "day": NINE.date(), "number": 1}
    return DayFigure.objects.create(
        organisation=organisation or make_organisation(), **defaults | fields
    )


RHYTHM: dict[str, Any] = {
    "every": "month",
    "day": 3,
    "hour": 8,
    "timezone": "Europe/Berlin",
    "attaches": True,
    "next_at": NINE.replace(day=3),
    "set_at": NINE,
}


def make_picture_schedule(by: Person | None = None, **fields: Any) -> PictureSchedule:
    """Of a manager, to themselves; due on 3 March 2026 at nine."""
    by = by or make_manager()
    defaults = {"show": "promises", "window": "month", "readers": [by.pk], "set_by": by}
    return PictureSchedule.objects.create(by=by, **RHYTHM | defaults | fields)


def make_report_schedule(organisation: Organisation | None = None, **fields: Any) -> ReportSchedule:
    """To the customer's account manager, who owns it; due on 3 March 2026 at nine."""
    organisation = organisation or make_organisation()
    by = fields.pop("by", None) or organisation.tam or make_tam(organisation)
    defaults = {"readers": [by.pk], "by": by, "set_by": by}
    return ReportSchedule.objects.create(organisation=organisation, **RHYTHM | defaults | fields)
