"""GoLive projects: looked at, and opened, never edited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin

from accounts.models import Person
from entitlements.actions import licences
from entitlements.admin.action_pages import ActionAdmin
from entitlements.forms import admin as forms
from entitlements.models import (
    GoLiveProject,
)


@admin.register(GoLiveProject)
class GoLiveProjectAdmin(ActionAdmin):
    form = forms.ProjectForm
    list_display = ("name", "organisation", "starts_on", "ends_on")
    list_select_related = ("organisation",)
    search_fields = ("name", "organisation__name")

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> GoLiveProject:
        given = dict(form.cleaned_data)
        return licences.open_project(given.pop("organisation"), at=at, by=by, **given)
