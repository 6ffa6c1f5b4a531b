"""The form by which an incident is said to be outside the limits of support."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets import policies
from tickets.forms.solutions import SolutionFields
from tickets.forms.staff import ActionForm, long_text
from tickets.reads.canned import limits_text
from tickets.rules.canned import first_raw

CAUSE = "third-party"  # the shipped cause that this is mostly about


class OutsideForm(SolutionFields, ActionForm):
    """The customer's text begins as managers keep it, with the limits of the service."""

    field_order = ["key", "version", "body", "solution", "cause", "give_back"]

    body = long_text(10, label="What the customer reads")
    give_back = forms.BooleanField(
        required=False, label=_("Give the Gold incident back: no help was given")
    )

    def prepare(self) -> None:
        self.offer_causes(self.incident)
        self.always_need_solution()
        self.fields["body"].initial = limits_text(self.incident, self.person)
        self.fields["cause"].initial = CAUSE
        self.fields["solution"].initial = "Its cause is outside the limits of support."
        spent = self.incident.decision.pack_id is not None
        if not spent or not policies.may_refund(self.person, self.incident):
            del self.fields["give_back"]

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if raw := first_raw(body):
            raise forms.ValidationError(f"Fill in {raw} first.")
        return body
