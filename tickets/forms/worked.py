"""Minutes worked, in a line."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.forms.staff import ActionForm
from tickets.models.worked import A_DAY


class MinutesForm(ActionForm):
    minutes = forms.IntegerField(
        min_value=-A_DAY,
        max_value=A_DAY,
        label=_("Minutes to add"),
        help_text=_("With a minus, what you noted too much. Customers never see them."),
    )

    def clean_minutes(self) -> int:
        minutes: int = self.cleaned_data["minutes"]
        if not minutes:
            raise forms.ValidationError(_("Say how many minutes."))
        return minutes
