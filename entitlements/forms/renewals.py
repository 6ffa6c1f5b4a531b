"""What people say about a proposed renewal."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from entitlements.models import RenewalProposal


class ProposalForm(forms.Form):
    """Reviewed by the account manager; without VAT."""

    price = forms.DecimalField(
        min_value=0,
        max_digits=12,
        decimal_places=2,
        required=False,
        label=_("Price without VAT"),
        help_text=_("Worked out by the catalogue. What you change here is kept with who and when."),
    )
    note = forms.CharField(
        max_length=2000,
        required=False,
        label=_("Words to the customer"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("They stand in the mail, on the page and in the PDF."),
    )

    @classmethod
    def of(cls, proposal: RenewalProposal) -> ProposalForm:
        return cls(initial={"price": proposal.price, "note": proposal.note})


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=300, label=_("Why?"))


class AcceptForm(forms.Form):
    """`total` is the sum with VAT that stood on the page, as it was."""

    purchase_reference = forms.CharField(
        max_length=80, required=False, label=_("Your purchase reference")
    )
    total = forms.DecimalField(max_digits=14, decimal_places=2, widget=forms.HiddenInput)
