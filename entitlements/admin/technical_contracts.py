"""Technical contracts: signed, and ended early with a reason (rule 10)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Person
from entitlements import policies
from entitlements.actions import technical_contracts
from entitlements.admin.action_pages import ActionAdmin, manager_of
from entitlements.forms.technical_contracts import EndContractForm, SignContractForm
from entitlements.models import TechnicalContract


@admin.register(TechnicalContract)
class TechnicalContractAdmin(ActionAdmin):
    """Adding one is signing it; its page shortens it. Nothing else of it ever changes."""

    form = SignContractForm
    list_display = ("reference", "organisation", "subject", "starts_on", "ends_on", "days")
    list_filter = ("ends_on",)
    list_select_related = ("organisation",)
    search_fields = ("reference", "organisation__name", "subject")
    ordering = ("-starts_on", "-pk")
    _signed = ("organisation", "reference", "subject", "starts_on", "ends_on", "days", "made_at")

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return policies.may_manage_contracts(manager_of(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*self._signed, "last_on", "reason"] if obj else SignContractForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self._signed if obj else ()

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is not None:
            kwargs["form"] = EndContractForm
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            return super().save_model(request, obj, form, change)
        technical_contracts.end_early(
            obj, at=timezone.now(), by=manager_of(request), **form.cleaned_data
        )
        obj.refresh_from_db()
        return None

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> TechnicalContract:
        given = dict(form.cleaned_data)
        return technical_contracts.sign(given.pop("organisation"), at=at, by=by, **given)
