"""Licences: registered here, looked at, never edited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Person
from entitlements.actions import licences
from entitlements.admin.deeds import DeedAdmin, LookInline
from entitlements.forms import admin as forms
from entitlements.models import Licence, Subscription


class SubscriptionInline(LookInline):
    model = Subscription
    fields = ("level", "starts_on", "ends_on", "price", "currency", "bought_at", "bought_by")


@admin.register(Licence)
class LicenceAdmin(DeedAdmin):
    form = forms.LicenceForm
    list_display = ("key", "organisation", "product", "edition", "registered_on", "price")
    list_filter = ("edition",)
    list_select_related = ("organisation",)
    search_fields = ("key", "organisation__name")
    inlines = (SubscriptionInline,)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> Licence:
        given = dict(form.cleaned_data)
        organisation = given.pop("organisation")
        return licences.register_licence(organisation, at=at, by=by, **given)
