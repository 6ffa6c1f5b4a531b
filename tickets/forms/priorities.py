"""How urgent it is, asked by whom it hits and how hard; the same on every form that files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.enums import Impact, Priority, Urgency
from tickets.rules.priorities import priority_of


class PriorityFields(forms.Form):
    """`priority`, where it is given, stands for itself; it is no question to a customer."""

    impact = forms.TypedChoiceField(
        choices=Impact.choices,
        coerce=int,
        empty_value=None,
        initial=Impact.SEVERAL,
        required=False,
        label=_("Who is affected?"),
    )
    urgency = forms.TypedChoiceField(
        choices=Urgency.choices,
        coerce=int,
        empty_value=None,
        initial=Urgency.HINDERED,
        required=False,
        label=_("How much does it hinder?"),
    )
    priority = forms.TypedChoiceField(
        choices=[("", _("From the two before")), *Priority.choices],
        coerce=int,
        empty_value=None,
        required=False,
        label=_("Priority"),
    )


def priority_from(named: dict[str, Any]) -> int:
    """What the fields come to, where they are still being filled in; None for what is not known."""
    if named.get("priority"):
        return int(named["priority"])
    impact, urgency = named.get("impact"), named.get("urgency")
    return priority_of(impact, urgency) if impact and urgency else Priority.NORMAL
