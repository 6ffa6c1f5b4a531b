"""Subscriptions and projects: looked at, and sold again, never edited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Person
from core.errors import Refusal
from entitlements.actions import licences, subscriptions
from entitlements.admin.deeds import DeedAdmin, manager_of
from entitlements.forms import admin as forms
from entitlements.holdings import local_day
from entitlements.models import (
    GoLiveProject,
    Subscription,
)


@admin.register(Subscription)
class SubscriptionAdmin(DeedAdmin):
    form = forms.SubscriptionForm
    list_display = ("licence", "organisation", "level", "starts_on", "ends_on", "price", "currency")
    list_filter = ("level", "ends_on")
    list_select_related = ("licence", "organisation")
    search_fields = ("licence__key", "organisation__name")
    ordering = ("ends_on",)
    actions = ("renew",)

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> Subscription:
        given = dict(form.cleaned_data)
        return subscriptions.subscribe(given.pop("licence"), at=at, by=by, **given)

    @admin.action(description="Renew for a year, without a gap", permissions=["add"])
    def renew(self, request: HttpRequest, queryset: QuerySet[Subscription]) -> None:
        for one in queryset.select_related("licence__organisation"):
            at = timezone.now()
            free_on = subscriptions.renewal_starts_on(one.licence, level=one.level)
            starts_on = free_on or local_day(at, one.licence.organisation.timezone)
            try:
                made = subscriptions.subscribe(
                    one.licence, level=one.level, starts_on=starts_on, at=at, by=manager_of(request)
                )
            except Refusal as refusal:
                messages.warning(request, f"{one.licence.key}: {refusal}")
            else:
                messages.success(request, f"{one.licence.key}: {made}")


@admin.register(GoLiveProject)
class GoLiveProjectAdmin(DeedAdmin):
    form = forms.ProjectForm
    list_display = ("name", "organisation", "starts_on", "ends_on")
    list_select_related = ("organisation",)
    search_fields = ("name", "organisation__name")

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> GoLiveProject:
        given = dict(form.cleaned_data)
        return licences.open_project(given.pop("organisation"), at=at, by=by, **given)
