"""The forms of the account page and of the health score."""

from __future__ import annotations

from typing import Any

from django import forms

from office.actions.notes import LONGEST
from office.rules.health import MEASURES, Rules, Scale


class NoteForm(forms.Form):
    text = forms.CharField(
        label="Note",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What was said, or what you saw. Customers never see it.",
    )
    next_step = forms.CharField(label="Next step", max_length=200, required=False)
    next_on = forms.DateField(
        label="By",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="You are reminded that morning.",
    )


class ReviewForm(forms.Form):
    on = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    agenda = forms.CharField(
        label="Agenda", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )


class HealthForm(forms.Form):
    """Weight, worst and best of each measure, and where "well" and "to watch" begin."""

    good_from = forms.IntegerField(label="“Well” from", min_value=2, max_value=100)
    watch_from = forms.IntegerField(label="“To watch” from", min_value=1, max_value=99)

    def __init__(self, rules: Rules, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["good_from"].initial = rules.good_from
        self.fields["watch_from"].initial = rules.watch_from
        for one in MEASURES:
            scale = rules.scales.get(one.key, Scale(0, 0, 100))
            self.fields[f"weight_{one.key}"] = forms.IntegerField(
                label=f"{one.name}: weight", min_value=0, max_value=100, initial=scale.weight
            )
            for end, value in (("worst", scale.worst), ("best", scale.best)):
                self.fields[f"{end}_{one.key}"] = forms.FloatField(
                    label=f"{one.name}: {end}", min_value=0, max_value=10_000, initial=value
                )

    def rows(self) -> list[tuple[Any, ...]]:
        """Of the table: the measure, and its three fields."""
        return [
            (one, *(self[f"{part}_{one.key}"] for part in ("weight", "worst", "best")))
            for one in MEASURES
        ]

    def wanted(self) -> Rules:
        given = self.cleaned_data
        scales = {
            one.key: Scale(*(given[f"{part}_{one.key}"] for part in ("weight", "worst", "best")))
            for one in MEASURES
        }
        return Rules(scales, given["good_from"], given["watch_from"])
