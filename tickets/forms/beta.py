"""What the team makes of a beta member's words. It checks shape; the actions check the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DecideForm(forms.Form):
    """`do` says what becomes of it; a defect takes a number, an answer its words."""

    do = forms.ChoiceField(
        choices=[
            ("defect", _("Known defect")),
            ("incident", _("Incident")),
            ("answer", _("Answer")),
        ]
    )
    number = forms.CharField(max_length=30, required=False, label=_("Number of the defect"))
    title = forms.CharField(
        max_length=200,
        required=False,
        label=_("Its title"),
        help_text=_("Of one that is not on the list yet; it names no customer."),
    )
    answer = forms.CharField(
        max_length=1000,
        required=False,
        label=_("A word to the member"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("do") == "defect" and not said.get("number"):
            self.add_error("number", "Which known defect is it?")
        if said.get("do") == "answer" and not said.get("answer"):
            self.add_error("answer", "Write what the member reads.")
        return said
