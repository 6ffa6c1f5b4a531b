"""What the vendor does with an order on its page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.text import clean


class InvoiceForm(forms.Form):
    invoice_number = forms.CharField(
        max_length=40, required=False, label=_("Invoice number, when it is known")
    )

    def clean_invoice_number(self) -> str:
        return clean(self.cleaned_data["invoice_number"])


class MonthForm(forms.Form):
    """The month whose lines the bookkeeping gets, as "2026-03"."""

    month = forms.RegexField(
        regex=r"^\d{4}-\d{2}$", widget=forms.TextInput(attrs={"type": "month"}), label=_("Month")
    )
