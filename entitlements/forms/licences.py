"""What is typed about a licence: to register, price and transfer it. Actions check the rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from core.widgets import LongSelect
from entitlements.actions.licences import PRODUCT
from entitlements.enums import Edition
from entitlements.forms.fields import explain_fields
from entitlements.models import Licence


class RegisterLicenceForm(forms.Form):
    """A licence as it stands on the invoice. `today` is the organisation's day."""

    key = forms.CharField(
        max_length=60,
        label=_("Licence key"),
        help_text=_("As it is printed on the invoice."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    product = forms.CharField(max_length=120, initial=PRODUCT)
    edition = forms.ChoiceField(choices=Edition.choices)
    invoiced_on = forms.DateField(
        label=_("Day of the invoice"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),  # as browsers want it
    )

    def __init__(self, today: date, *args: Any) -> None:
        super().__init__(*args)
        explain_fields(self.fields)
        day = self.fields["invoiced_on"]
        day.initial = today
        day.help_text = (
            "Support begins on this day. Without an invoice at hand, leave today's date."
        )
        day.widget.attrs["max"] = today.isoformat()


class TransferForm(forms.Form):
    """Who gets a licence, and why; for managers."""

    to = forms.ModelChoiceField(
        Organisation.objects.none(),
        empty_label=_("Choose the organisation"),
        label=_("It goes to"),
        widget=LongSelect,
    )
    reason = forms.CharField(
        max_length=300,
        label=_("Why it changes hands"),
        help_text=_("Kept in the journal of both organisations; customers do not read it."),
    )
    sure = forms.BooleanField(label=_("Both organisations know of it, and agree"))

    def __init__(self, person: Person, licence: Licence, *args: Any) -> None:
        super().__init__(*args)
        others = Organisation.objects.visible_to(person).exclude(pk=licence.organisation_id)
        self.fields["to"].queryset = others.order_by("name", "pk")  # type: ignore[attr-defined]


class PriceForm(forms.Form):
    """What a licence costs; for managers."""

    price = forms.DecimalField(
        max_digits=12,
        decimal_places=2,
        help_text=_("Subscriptions sold from now on take their percentage of it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        explain_fields(self.fields)
