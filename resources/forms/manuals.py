"""The forms of documentation: what a manual is, and its file for a version."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entitlements.enums import Edition, Level
from resources.actions.manuals.keeping import ManualDraft
from resources.enums import Audience, ManualKind


class ManualForm(forms.Form):
    """What is documented, and who reads it."""

    title = forms.CharField(max_length=120, label=_("Title"))
    product = forms.CharField(max_length=120, label=_("Product"))
    kind = forms.ChoiceField(choices=ManualKind.choices, label=_("Kind"))
    summary = forms.CharField(max_length=300, required=False, label=_("In one sentence"))
    audience = forms.ChoiceField(
        choices=Audience.choices, initial=Audience.REGISTERED, label=_("Who reads it")
    )
    levels = forms.MultipleChoiceField(
        choices=[(one.value, one.label) for one in Level],
        required=False,
        label=_("Levels"),
        help_text=_("Where it is for customers with one of the levels."),
        widget=forms.CheckboxSelectMultiple,
    )
    editions = forms.MultipleChoiceField(
        choices=Edition.choices,
        required=False,
        label=_("Editions"),
        help_text=_("None: it is for each."),
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("audience") == Audience.LEVELS and not said.get("levels"):
            self.add_error("levels", "Choose the levels whose customers may read it.")
        return said

    def draft(self) -> ManualDraft:
        """Call it on a valid form."""
        return ManualDraft(**self.cleaned_data)


class ManualFileForm(forms.Form):
    version = forms.CharField(max_length=40, label=_("Version"), help_text=_("Such as 10.6"))
    file = forms.FileField(
        allow_empty_file=True, label=_("File"), help_text=_("A PDF, or a zip of HTML or Markdown.")
    )
    is_preview = forms.BooleanField(required=False, label=_("That version is not released yet"))
