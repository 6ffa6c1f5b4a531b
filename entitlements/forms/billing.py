"""To whom orders are invoiced, and how the vendor sells."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.countries import countries
from core.widgets import LongSelect
from entitlements.models.billing import Address, SellingTerms
from entitlements.rules.vat import Seller


def country_choices() -> list[tuple[str, str]]:
    named = sorted(countries().values(), key=lambda one: one.name)
    return [("", "Choose a country"), *((one.code, one.name) for one in named)]


class BillingForm(forms.Form):
    name = forms.CharField(max_length=200, label=_("Name of the company"))
    street = forms.CharField(max_length=200, label=_("Street and number"))
    postal_code = forms.CharField(max_length=20, required=False, label=_("Postal code"))
    city = forms.CharField(max_length=100)
    country = forms.ChoiceField(choices=country_choices, widget=LongSelect)
    vat_number = forms.CharField(
        max_length=30,
        required=False,
        label=_("VAT number"),
        help_text=_("With one, no VAT is charged in other countries of the EU (reverse charge)."),
    )
    email = forms.EmailField(
        max_length=254,
        required=False,
        label=_("Mail address for invoices"),
        help_text=_("If not yours."),
    )

    def address(self) -> Address:
        return Address.kept({name: self.cleaned_data[name] or "" for name in Address.NAMES})


class SellingTermsForm(forms.Form):
    country = forms.ChoiceField(
        choices=country_choices, widget=LongSelect, label=_("Your company's country")
    )
    vat_number = forms.CharField(max_length=30, required=False, label=_("Your VAT number"))
    rates = forms.CharField(
        label=_("VAT rates by country"),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=(
            _(
                "One a line, as RO 21. Your own country's is needed. Another country of the EU is"
                " charged with its own rate where it stands here, else with yours; with a VAT"
                " number nothing is charged there, and nothing outside of the EU."
            )
        ),
    )
    payment_days = forms.IntegerField(min_value=1, max_value=365, label=_("Days to pay"))
    bank = forms.CharField(
        max_length=300,
        required=False,
        label=_("Bank"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands on pro-forma invoices and proposals: the bank, IBAN, BIC."),
    )

    def __init__(self, terms: SellingTerms, data: QueryDict | None = None) -> None:
        rates = "\n".join(f"{country} {rate}" for country, rate in terms.seller.rates.items())
        super().__init__(data, initial=terms.as_json() | {"rates": rates})

    def clean_rates(self) -> dict[str, Decimal]:
        found: dict[str, Decimal] = {}
        for line in cast(str, self.cleaned_data["rates"]).splitlines():
            if not line.strip():
                continue
            country, _, percent = line.strip().replace(",", ".").rstrip("% ").partition(" ")
            try:
                rate = Decimal(percent.strip())
            except InvalidOperation:
                raise ValidationError(f"“{line.strip()}” is no rate. Write it as RO 21.") from None
            if not rate.is_finite():
                raise ValidationError(f"“{line.strip()}” is no rate. Write it as RO 21.")
            if country.upper() in found:
                raise ValidationError(f"{country.upper()} stands there twice.")
            found[country.upper()] = rate
        return found

    def terms(self) -> SellingTerms:
        given = self.cleaned_data
        seller = Seller(given["country"], given["rates"])
        return SellingTerms(seller, given["vat_number"], given["payment_days"], given["bank"])
