"""The forms and actions of GoLive projects."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.actions import golive
from engagements.actions.golive import Set
from engagements.forms.acting import ActionForm, Asked, PageAction, long_field
from engagements.models import Requirements
from engagements.reads.catalogue import modules_now
from engagements.rules.requirements import NUMBERS, TEXTS

Data = dict[str, Any]


class RequirementsForm(ActionForm):
    """One field a question of the sheet."""

    def prepare(self) -> None:
        sheet = Requirements.objects.filter(engagement=self.asked.engagement).first()
        values = sheet.values if sheet else {}
        for one in NUMBERS:
            self.fields[one.key] = forms.IntegerField(
                label=f"{one.name} ({one.unit})", required=False, min_value=0, max_value=10**9
            )
        for one in TEXTS:
            self.fields[one.key] = long_field(one.name, rows=3, required=False)
        for key, value in values.items():
            if key in self.fields:
                self.fields[key].initial = value


class SettingForm(ActionForm):
    what = forms.ChoiceField(label=_("Setting"))
    host = forms.CharField(label=_("Host"), max_length=120)
    value = forms.CharField(label=_("Value"), max_length=300, help_text=_("on or off for a state"))
    reason = forms.CharField(label=_("Why"), max_length=500)

    def prepare(self) -> None:
        cast(Any, self.fields["what"]).choices = [
            (module.name, [(f"{module.key}:{one.key}", one.name) for one in module.settings])
            for module in modules_now()
        ]


class NoteForm(ActionForm):
    note = forms.CharField(
        label=_("What changed since the last one"), max_length=500, required=False
    )


def _fill_in(asked: Asked, data: Data) -> str:
    golive.fill_in(asked.engagement, data, **asked.to_do)
    return "Kept. You can change it until the design is accepted."


def _set(asked: Asked, data: Data) -> str:
    module, _, setting = data.pop("what").partition(":")
    golive.change(asked.engagement, Set(module=module, setting=setting, **data), **asked.to_do)
    return "It stands in the register."


def _report(asked: Asked, data: Data) -> str:
    golive.report_pilot(asked.engagement, **data, **asked.to_do)
    return "The pilot project report was made and handed over."


_SHEET = PageAction(
    "Requirements",
    "Keep them",
    RequirementsForm,
    _fill_in,
    hint="What the platform has to carry. What you do not know yet can stay empty.",
)
OF_THE_TEAM = {
    "requirements": _SHEET,
    "setting": PageAction(
        "A setting of the platform",
        "Write it down",
        SettingForm,
        _set,
        hint="The register keeps who, when, from, to and why; nothing of it is changed afterwards.",
    ),
    "pilot-report": PageAction(
        "The pilot project report",
        "Make it and hand it over",
        NoteForm,
        _report,
        hint="It is made of the sheet and the register.",
    ),
}
OF_THE_CUSTOMER = {"requirements": _SHEET}
