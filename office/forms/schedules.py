"""The form of what goes out by itself: when, of which days, to whom, and how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import Person
from office.actions.schedules import AnySchedule, Wanted
from office.models import PictureSchedule
from office.rules.schedules import LAST_DAY, MONTH, WEEK, WEEKDAYS, WINDOWS

_WEEKLY = [(f"{WEEK}-{n}", f"Each {day}") for n, day in enumerate(WEEKDAYS, 1)]
_MONTHLY = [(f"{MONTH}-{n}", f"Day {n} of each month") for n in range(1, LAST_DAY + 1)]
_WAYS = [("attached", "Attached as a PDF"), ("link", "As a link to the PDF, after signing in")]


class ScheduleForm(forms.Form):
    """`readers` are those who may be chosen; `zone` is the clock of who sets it."""

    when = forms.ChoiceField(label="Sent on")
    hour = forms.TypedChoiceField(
        label="At", choices=[(n, f"{n:02}:00") for n in range(24)], coerce=int
    )
    readers = forms.MultipleChoiceField(
        label="To",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one person who reads it."},
    )
    way = forms.ChoiceField(label="The report comes", choices=_WAYS, widget=forms.RadioSelect)

    def __init__(
        self, people: Sequence[Person], one: AnySchedule | None, zone: str, data: Any = None
    ) -> None:
        super().__init__(data, initial=_initial(one))
        self._people = {str(who.pk): who for who in people}
        self._fields()["when"].choices = self.days()
        self._fields()["hour"].help_text = f"By your clock, {zone}."
        chosen = [(key, f"{who.name}, {who.email}") for key, who in self._people.items()]
        self._fields()["readers"].choices = chosen

    def _fields(self) -> dict[str, Any]:
        return self.fields

    @staticmethod
    def days() -> list[tuple[str, str]]:
        return [*_WEEKLY, *_MONTHLY]

    def wanted(self) -> Wanted:
        given = self.cleaned_data
        every, _, day = given["when"].partition("-")
        readers = [self._people[key] for key in given["readers"]]
        return Wanted(every, int(day), given["hour"], readers, given["way"] == "attached")


class PictureForm(ScheduleForm):
    window = forms.ChoiceField(label="Which days", choices=list(WINDOWS.items()))
    field_order = ("window", "when", "hour", "readers", "way")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._fields()["way"].label = "The picture comes"


class ReportForm(ScheduleForm):
    @staticmethod
    def days() -> list[tuple[str, str]]:
        return _MONTHLY


def _initial(one: AnySchedule | None) -> dict[str, Any]:
    if one is None:
        return {"when": "week-1", "hour": 8, "way": "attached", "window": "week"}
    found: dict[str, Any] = {
        "when": f"{one.every}-{one.day}",
        "hour": one.hour,
        "readers": [str(pk) for pk in one.readers],
        "way": "attached" if one.attaches else "link",
    }
    if isinstance(one, PictureSchedule):
        found["window"] = one.window
    return found
