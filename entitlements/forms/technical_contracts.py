"""The manager's forms for technical contracts. They check shapes; the action the rules."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from entitlements.forms.admin import ActionForm
from entitlements.models import TechnicalContract


class SignContractForm(ActionForm):
    class Meta:
        model = TechnicalContract
        fields = ("organisation", "reference", "subject", "starts_on", "ends_on", "days")


class EndContractForm(ActionForm):
    """Ends a contract early; everything else of it stays as it was signed."""

    last_on = forms.DateField(
        label=_("End it early: last day"),
        help_text=_("The last day with on-site support, today at the earliest."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = forms.CharField(max_length=300, help_text=_("Kept in the journal."))

    class Meta:
        model = TechnicalContract
        fields: tuple[str, ...] = ()
