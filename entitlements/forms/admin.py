"""What a manager types to sell, correct and promise. Forms check shapes; `actions/` the rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from entitlements.actions.catalogue_spec import LevelSpec, ServiceSpec
from entitlements.enums import Channel, Resource, Supplier
from entitlements.forms.fields import explain_fields
from entitlements.levels import subscribed_choices
from entitlements.models import (
    GoLiveProject,
    IncidentPack,
    LedgerEntry,
    LevelVersion,
    Licence,
    Service,
    Subscription,
)
from entitlements.models.money import MONEY
from entitlements.reads.current import current_calendars

_AN_HOUR = timedelta(hours=1)


class ActionForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A form whose row is written by an action. `refusal` is what the action said, if it did."""

    refusal: Refusal | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        explain_fields(self.fields)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if self.refusal is not None:
            self.add_error(None, str(self.refusal))
        return found

    def _post_clean(self) -> None:
        """Not the model's own checks: an action's sentences say what would help."""


class LicenceForm(ActionForm):
    class Meta:
        model = Licence
        fields = ("organisation", "key", "product", "edition", "registered_on", "price", "currency")


class SubscriptionForm(ActionForm):
    level = forms.ChoiceField(choices=subscribed_choices)
    ends_on = forms.DateField(
        required=False, help_text=_("The first day without it. Empty: a paid year.")
    )
    price = forms.DecimalField(
        required=False, help_text=_("Empty: the catalogue's percentage."), **MONEY
    )

    class Meta:
        model = Subscription
        fields = ("licence", "level", "starts_on", "ends_on", "price")


class PackForm(ActionForm):
    quantity = forms.IntegerField()
    price = forms.DecimalField(
        required=False, help_text=_("Empty: the catalogue's price of this size."), **MONEY
    )

    class Meta:
        model = IncidentPack
        fields = ("licence", "quantity", "price")


class ProjectForm(ActionForm):
    class Meta:
        model = GoLiveProject
        fields = ("organisation", "name", "starts_on", "ends_on")


class AdjustmentForm(ActionForm):
    """Corrects a pack by hand; every other entry is written by what happens."""

    quantity = forms.IntegerField(help_text=_("How many to add; a negative number takes."))
    reason = forms.CharField(max_length=300, help_text=_("The customer reads it in the ledger."))

    class Meta:
        model = LedgerEntry
        fields = ("pack", "quantity", "reason")


class ServiceForm(ActionForm):
    class Meta:
        model = Service
        fields = ("key", "name", "limits", "reportable", "position")

    def spec(self) -> ServiceSpec:
        given = self.cleaned_data
        return ServiceSpec(
            self.instance.key if self.instance.pk else given["key"],
            given["name"],
            given["limits"],
            given["reportable"],
            given["position"],
        )


class LevelForm(ActionForm):
    """A level as it shall be promised from now on (R4)."""

    response_hours = forms.FloatField(min_value=0.01, max_value=8784)
    counted_on = forms.ChoiceField(choices=[], label=_("Calendar"))
    channels = forms.MultipleChoiceField(
        choices=Channel.choices, widget=forms.CheckboxSelectMultiple
    )
    services = forms.MultipleChoiceField(
        choices=[], required=False, widget=forms.CheckboxSelectMultiple
    )
    resources = forms.MultipleChoiceField(
        choices=Resource.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    supplied_by = forms.MultipleChoiceField(
        choices=Supplier.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    price_percent = forms.DecimalField(required=False, decimal_places=2, max_digits=5)
    pack_prices = forms.JSONField(
        required=False, help_text=_('Gold: incidents to price, as {"5": "750.00"}.')
    )
    evaluation_days = forms.IntegerField(
        required=False, min_value=1, help_text=_("Basic: how long an evaluation is supported.")
    )

    class Meta:
        model = LevelVersion
        fields = (
            "level",
            "round_the_clock",
            "maintenance",
            "monthly_report",
            "first_year_free",
            "price_text",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services, calendars = self.fields["services"], self.fields["counted_on"]
        assert isinstance(services, forms.ChoiceField)
        assert isinstance(calendars, forms.ChoiceField)
        services.choices = list(Service.objects.values_list("key", "name"))
        calendars.choices = [(one.calendar, one.name) for one in current_calendars().values()]

    def clean_pack_prices(self) -> dict[str, str]:
        given = self.cleaned_data["pack_prices"] or {}
        if not isinstance(given, dict):
            raise forms.ValidationError(_('Write incidents to price, as {"5": "750.00"}.'))
        return {str(size): str(price) for size, price in given.items()}

    def spec(self) -> LevelSpec:
        given = dict(self.cleaned_data)
        hours, calendar = given.pop("response_hours"), given.pop("counted_on")
        return LevelSpec(response_time=hours * _AN_HOUR, calendar=calendar, **given)


def initial_of(version: models.Model) -> dict[str, Any]:
    """What a form shows that makes the next version after `version`."""
    names = [field.name for field in version._meta.concrete_fields]
    initial = {name: getattr(version, name) for name in names if name not in ("id", "made_by")}
    if isinstance(version, LevelVersion):
        initial["response_hours"] = version.response_time / _AN_HOUR
        initial["counted_on"] = version.calendar.calendar
    return initial
