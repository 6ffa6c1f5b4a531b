"""The form of the technical levels' own targets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from entitlements.reads.current import current_calendars
from tickets.actions.ladder.tier_targets import LONGEST, current_tier_targets
from tickets.enums import Tier


class TierTargetsForm(forms.Form):
    """For each level its working hours, and the calendar that they are counted on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = current_tier_targets()
        calendars = [(one.calendar, one.name) for one in current_calendars().values()]
        for tier in Tier:
            mine = now.get(tier)
            self.fields[f"hours{tier}"] = forms.DecimalField(
                label=f"{tier.label}: working hours",
                min_value=0,
                max_value=LONGEST // timedelta(hours=1),
                decimal_places=2,
                initial=mine and round(mine.target / timedelta(hours=1), 2),
            )
            self.fields[f"calendar{tier}"] = forms.ChoiceField(
                label=f"{tier.label}: counted on",
                choices=calendars,
                initial=mine and mine.calendar,
            )

    def wanted(self) -> dict[int, tuple[timedelta, str]]:
        """Call it on a valid form."""
        given = self.cleaned_data
        return {
            int(tier): (
                timedelta(seconds=round(float(given[f"hours{tier}"]) * 3600)),
                given[f"calendar{tier}"],
            )
            for tier in Tier
        }
