"""Forms about known defects. They check shape; the actions check the rules."""

from __future__ import annotations

from django import forms

from tickets.forms.staff import ActionForm


class LinkDefectForm(ActionForm):
    number = forms.CharField(
        max_length=30, label="Number of the defect", help_text="As in the developers' tracker."
    )
    title = forms.CharField(
        max_length=200,
        required=False,
        label="Its title, if it is not on our list yet",
        help_text="Name no customer: engineers of partners read it.",
    )


class FixForm(forms.Form):
    build = forms.CharField(
        max_length=60,
        label="Fixed in build",
        help_text="Such as 10.6.2. Customers of linked incidents read it on their page.",
    )


class ReopenForm(forms.Form):
    reason = forms.CharField(max_length=300, label="Why the fix does not hold")
