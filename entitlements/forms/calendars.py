"""What a manager types to say when somebody works. Forms check shapes; `actions/` the rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from entitlements.actions.catalogue_spec import CalendarSpec
from entitlements.actions.public_holidays import public_holidays
from entitlements.errors import UnknownCountry, UnknownRegion
from entitlements.forms.admin import ActionForm
from entitlements.models import CalendarVersion
from entitlements.rules import calendar_text
from entitlements.rules.calendars import CalendarError

HOLIDAYS_OF = ("country", "region", "first_year", "last_year")
FILL = "_fill"  # the button that shows them before anything is saved
_FIELD_OF = {UnknownCountry: "country", UnknownRegion: "region"}


class LinesField(forms.CharField):
    """Days, one a line; what a catalogue file or the API would say is understood as JSON, too."""

    def __init__(
        self,
        read: Callable[[str], dict[str, Any]],
        show: Callable[[Any], str],
        rows: int,
        **options: Any,
    ) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows, "cols": 60}), **options)
        self._read, self._show = read, show

    def prepare_value(self, value: Any) -> Any:
        return self._show(value) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        try:
            if text.startswith(("{", "[")):
                return json.loads(text)
            return self._read(text)
        except CalendarError as error:
            raise forms.ValidationError(str(error)) from None
        except ValueError:
            raise forms.ValidationError(_("This is no JSON. Write a line for each day.")) from None


class CalendarForm(ActionForm):
    """A calendar as it shall be from now on; what runs keeps the version it began with (R4).

    The public holidays of a country join those that were written by hand, whose names win.
    """

    hours = LinesField(
        calendar_text.hours_of,
        calendar_text.hours_in_lines,
        7,
        help_text=_(
            "A line a day, as “mon-thu 08:00-12:00, 13:00-17:00” or “fri 08:00-13:00”. A day"
            " that is left out is closed; the last time of a day is 24:00."
        ),
    )
    holidays = LinesField(
        calendar_text.holidays_of,
        calendar_text.holidays_in_lines,
        14,
        required=False,
        help_text=_("Closed all day. A line a day, with its name, as “2026-12-25 Christmas Day”."),
    )
    overrides = LinesField(
        calendar_text.overrides_of,
        calendar_text.overrides_in_lines,
        4,
        required=False,
        label=_("Days with other hours"),
        help_text=_("A line a day, as “2026-12-24 08:00-12:00” or “2026-12-31 closed”."),
    )
    country = forms.CharField(
        required=False, max_length=60, help_text=_("A code or an English name, as DE or Germany.")
    )
    region = forms.CharField(
        required=False,
        max_length=60,
        help_text=_("A code or a name, as BY. Empty: the whole country"),
    )
    first_year = forms.IntegerField(required=False)
    last_year = forms.IntegerField(required=False)

    class Meta:
        model = CalendarVersion
        fields = ("calendar", "name", "timezone", "hours", "holidays", "overrides")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if "holidays" in given:
            given["holidays"] = self._with_public_holidays(given)
        return given

    def filled(self) -> dict[str, Any] | None:
        """What was typed, with the public holidays in it; None where they can not be had."""
        if any(name in self.errors for name in ("holidays", *HOLIDAYS_OF)):
            return None
        typed = {name: self.data.get(name, "") for name in self.fields}
        return typed | {"holidays": self.cleaned_data["holidays"]}

    def spec(self) -> CalendarSpec:
        given = self.cleaned_data
        holidays, names = given["holidays"] or [], {}
        if isinstance(holidays, dict):
            names = {day: name for day, name in holidays.items() if name}
            holidays = list(holidays)
        return CalendarSpec(
            given["calendar"],
            given["name"],
            given["timezone"],
            given["hours"],
            holidays,
            given["overrides"] or {},
            names,
        )

    def _with_public_holidays(self, given: dict[str, Any]) -> Any:
        """Those of the country and the years, if one is named; a holiday by hand keeps its name."""
        by_hand, country = given["holidays"], given.get("country")
        if not country:
            if FILL in self.data:
                self.add_error("country", "Name the country whose public holidays you want.")
            elif given.get("region"):
                self.add_error("country", "Name the country of this region, too.")
            return by_hand
        first = given.get("first_year")
        if first is None:
            self.add_error("first_year", "Say from which year on.")
            return by_hand
        try:
            found = public_holidays(
                country,
                given.get("region", ""),
                first_year=first,
                last_year=given.get("last_year") or first,
            )
        except Refusal as refusal:
            self.add_error(_FIELD_OF.get(type(refusal), "first_year"), str(refusal))
            return by_hand
        named = by_hand if isinstance(by_hand, dict) else dict.fromkeys(by_hand or (), "")
        kept = {day: name or found.get(day, "") for day, name in named.items()}
        return dict(sorted((found | kept).items()))


def initial_of(version: CalendarVersion) -> dict[str, Any]:
    """What the form shows that makes the next version after `version`."""
    names = version.holiday_names
    return {
        "calendar": version.calendar,
        "name": version.name,
        "timezone": version.timezone,
        "hours": version.hours,
        "holidays": {day: names.get(day, "") for day in version.holidays},
        "overrides": version.overrides,
    }
