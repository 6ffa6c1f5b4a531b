"""The form of the rules of dispatch: figures, and a list for each place of an order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from tickets.rules.dispatch.settings import MOST_ENGINEERS, MOST_ROOM, ORDERS, WISHES, DispatchRules

LONGEST = 31  # days that are replayed
_PLACES = ("First", "Second", "Third", "Fourth", "Fifth")


class DispatchRulesForm(forms.Form):
    """Filled from `rules` unless it was posted; moments are read in the active zone."""

    take_within = forms.IntegerField(
        min_value=1,
        max_value=99,
        label=_("Passed on after (percent)"),
        help_text=_(
            "Of the response time: what its engineer did not take by then goes to another."
        ),
    )
    most_tries = forms.IntegerField(
        min_value=1,
        max_value=MOST_ENGINEERS,
        label=_("Engineers who may leave it untaken"),
        help_text=_("After them the leads are asked."),
    )
    capacity = forms.IntegerField(
        min_value=1,
        max_value=MOST_ROOM,
        label=_("Room of an engineer"),
        help_text=_("Unfinished incidents, unless their own profile says otherwise."),
    )
    reason = forms.CharField(
        max_length=300,
        required=False,  # what would it have done? is asked without one
        label=_("Why it is changed"),
        help_text=_("Kept with the version. Needed to save, not to try it."),
    )
    starts_at = forms.DateTimeField(
        required=False,
        label=_("Counts from"),
        help_text=_("Empty: from now on."),
        widget=forms.DateTimeInput({"type": "datetime-local"}),
    )

    def __init__(self, rules: DispatchRules, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = rules.facts()
        self.initial = {name: given[name] for name in ("take_within", "most_tries", "capacity")}
        self._add_places("wishes", WISHES, given["wishes"])
        self._add_places("order", ORDERS, given["order"])

    def figures(self) -> list[BoundField]:
        return [self[name] for name in ("take_within", "most_tries", "capacity")]

    def wishes(self) -> list[BoundField]:
        return list(self._places("wishes"))

    def order(self) -> list[BoundField]:
        return list(self._places("order"))

    def rules(self) -> DispatchRules:
        """Call it on a valid form. Whether they can be used, the rules themselves say."""
        given = self.cleaned_data
        listed = {
            name: tuple(said for one in self._places(name) if (said := given[one.name]))
            for name in ("wishes", "order")
        }
        return DispatchRules(
            take_within=given["take_within"],
            most_tries=given["most_tries"],
            capacity=given["capacity"],
            **listed,
        )

    def starts(self) -> datetime | None:
        return self.cleaned_data["starts_at"]  # type: ignore[no-any-return]  # the form's own

    def _add_places(self, name: str, words: Mapping[Any, str], now: list[str]) -> None:
        for place in range(len(words)):
            self.fields[f"{name}{place}"] = forms.ChoiceField(
                choices=[("", _("Nothing more")), *words.items()],
                required=False,
                initial=now[place] if place < len(now) else "",
                label=_PLACES[place],
            )

    def _places(self, name: str) -> Iterator[BoundField]:
        return (self[one] for one in self.fields if one.startswith(name))


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")  # as the browser's field wants it


class ReplayForm(forms.Form):
    """The days to replay, both included; last week unless others were posted."""

    from_on = forms.DateField(label=_("From"), widget=_day())
    to_on = forms.DateField(label=_("To"), widget=_day())

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        monday = today - timedelta(days=today.weekday() + 7)
        self.initial = {"from_on": monday, "to_on": monday + timedelta(days=6)}
        self._today = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("from_on"), data.get("to_on")
        if first is None or last is None:
            return data
        if last < first:
            self.add_error("to_on", "The last day comes before the first one.")
        elif (last - first).days >= LONGEST:
            self.add_error("to_on", f"Choose at most {LONGEST} days.")
        elif first > self._today:
            self.add_error("from_on", "Nothing came in on days to come: choose earlier ones.")
        return data
