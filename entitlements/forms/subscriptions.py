"""What a manager types to change a subscription. `actions/changes.py` has the rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entitlements.forms.fields import explain_fields
from entitlements.levels import subscribed_choices
from entitlements.models import Subscription
from entitlements.models.money import MONEY


def _day() -> forms.DateInput:
    """A browser's date field takes its value in ISO form only."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SubscriptionDeedForm(forms.Form):
    """`subscription` is the one that is changed; its own values are what is proposed."""

    def __init__(self, subscription: Subscription, *args: Any) -> None:
        super().__init__(*args)
        self.subscription = subscription
        explain_fields(self.fields)


class RenewForm(SubscriptionDeedForm):
    starts_on = forms.DateField(
        required=False,
        widget=_day(),
        label=_("First day"),
        help_text=_("Empty: the day after the last one that was sold, so that no gap is left."),
    )
    price = forms.DecimalField(required=False, help_text=_("Empty: the catalogue's."), **MONEY)


class UpgradeForm(SubscriptionDeedForm):
    price = forms.DecimalField(
        required=False,
        help_text=_("Empty: the catalogue's, less what was paid for days that are not used."),
        **MONEY,
    )


class DowngradeForm(SubscriptionDeedForm):
    price = forms.DecimalField(required=False, help_text=_("Empty: the catalogue's."), **MONEY)


class CancelForm(SubscriptionDeedForm):
    ends_on = forms.DateField(
        required=False,
        widget=_day(),
        label=_("First day without it"),
        help_text=_("Empty: tomorrow. One that has not begun yet is void at once."),
    )
    reason = forms.CharField(max_length=300, label=_("Why"), help_text=_("Kept with the contract."))


class CorrectForm(SubscriptionDeedForm):
    level = forms.ChoiceField(choices=subscribed_choices)
    starts_on = forms.DateField(widget=_day(), label=_("First day"))
    last_on = forms.DateField(widget=_day(), label=_("Last day"))
    price = forms.DecimalField(**MONEY)
    reason = forms.CharField(max_length=300, label=_("What was wrong"))

    def __init__(self, subscription: Subscription, *args: Any) -> None:
        super().__init__(subscription, *args)
        self.initial = {
            "level": subscription.level,
            "starts_on": subscription.starts_on,
            "last_on": subscription.ends_on - timedelta(days=1),
            "price": subscription.price,
        }
