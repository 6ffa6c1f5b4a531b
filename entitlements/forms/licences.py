"""The form by which a customer registers a licence. It checks shapes; the action the rules."""

from __future__ import annotations

from datetime import date

from django import forms

from entitlements.actions.licences import PRODUCT
from entitlements.enums import Edition


class RegisterLicenceForm(forms.Form):
    """A licence as it stands on the invoice. `today` is the organisation's day."""

    key = forms.CharField(
        max_length=60,
        label="Licence key",
        help_text="As it is printed on the invoice.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    product = forms.CharField(max_length=120, initial=PRODUCT)
    edition = forms.ChoiceField(choices=Edition.choices)
    invoiced_on = forms.DateField(
        label="Day of the invoice", widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, today: date, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # the request's data, when there is any
        day = self.fields["invoiced_on"]
        day.initial = today
        day.help_text = (
            "Support begins on this day. Without an invoice at hand, leave today's date."
        )
        day.widget.attrs["max"] = today.isoformat()
