"""The forms and actions of the system planning."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from engagements.actions import sizing
from engagements.actions.sizing import Assumed
from engagements.forms.acting import ActionForm, Asked, PageAction, long_field
from engagements.models import Sizing
from engagements.reads.catalogue import prices_now
from engagements.rules.assumptions import ALL, ASSUMED_HINT, GROUPS, Assumption, plain

Data = dict[str, Any]
PAGE = "planning"


class PlanningForm(ActionForm):
    """A field for each assumption, with the values of the newest version, else the managers'."""

    reason = forms.CharField(label=_("What is new in this version"), max_length=500)
    currency = forms.CharField(label=_("Currency"), max_length=3, min_length=3)
    advice = long_field(
        "What we advise besides", rows=4, required=False, help_text="It stands in the report."
    )

    def prepare(self) -> None:
        newest = Sizing.objects.filter(engagement=self.asked.engagement).first()
        prices = prices_now()
        values: dict[str, Any] = {key: plain(value) for key, value in prices.values.items()}
        if newest:
            values |= newest.assumptions
        self.fields["reason"].initial = "" if newest else "First planning"
        self.fields["currency"].initial = newest.currency if newest else prices.currency
        self.fields["advice"].initial = newest.advice if newest else ""
        for key, one in ALL.items():
            self.fields[key] = _field(one, str(self.fields["currency"].initial), values[key])

    @property
    def sections(self) -> list[tuple[str, list[BoundField]]]:
        words = [self[name] for name in ("reason", "currency", "advice")]
        groups = [(group.name, [self[one.key] for one in group.items]) for group in GROUPS]
        return [("", words), *groups]


def _field(one: Assumption, currency: str, value: object) -> forms.DecimalField:
    unit = one.unit_in(currency)
    return forms.DecimalField(
        label=f"{one.name} ({unit})" if unit else one.name,
        min_value=one.low,
        max_value=one.high,
        max_digits=12,
        decimal_places=4,
        initial=value,
        help_text=one.source or ASSUMED_HINT,
    )


class NoteForm(ActionForm):
    note = forms.CharField(
        label=_("What changed since the last one"), max_length=500, required=False
    )


def _compute(asked: Asked, data: Data) -> str:
    words = {name: data.pop(name) for name in ("reason", "currency", "advice")}
    made = sizing.compute(asked.engagement, Assumed(values=data, **words), **asked.to_do)
    return f"Version {made.number} is computed. The customer reads it once it is handed over."


def _hand_over(asked: Asked, data: Data) -> str:
    sizing.hand_over_planning(asked.engagement, **data, **asked.to_do)
    return "The system planning report was handed over."


OF_THE_TEAM = {
    "plan-capacity": PageAction(
        "Compute the system planning",
        "Compute it",
        PlanningForm,
        _compute,
        hint="It goes by the sheet of requirements and by these values. Each time is a version.",
        page=PAGE,
    ),
    "planning-report": PageAction(
        "The system planning report",
        "Hand it over",
        NoteForm,
        _hand_over,
        hint="The newest version, as it stands. The customer accepts it or sends it back.",
        page=PAGE,
    ),
}
