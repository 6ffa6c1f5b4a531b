"""Gold packs and their ledger, corrected by a new entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Person
from entitlements.actions import packs
from entitlements.admin.action_pages import ActionAdmin, LookInline
from entitlements.forms import admin as forms
from entitlements.models import (
    IncidentPack,
    LedgerEntry,
)


class LedgerInline(LookInline):
    model = LedgerEntry
    fields = ("at", "kind", "debit", "credit", "quantity", "balance", "incident", "reason", "by")


@admin.register(IncidentPack)
class IncidentPackAdmin(ActionAdmin):
    form = forms.PackForm
    list_display = ("licence", "organisation", "quantity", "available", "purchased_at", "price")
    list_select_related = ("licence", "organisation")
    search_fields = ("licence__key", "organisation__name")
    ordering = ("-purchased_at",)
    inlines = (LedgerInline,)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> IncidentPack:
        given = dict(form.cleaned_data)
        return packs.buy_pack(given.pop("licence"), at=at, by=by, **given)


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ActionAdmin):
    """Adding one corrects a pack by hand, with a reason (ADJUST)."""

    form = forms.AdjustmentForm
    list_display = ("at", "organisation", "pack", "kind", "change", "balance", "incident", "by")
    list_filter = ("kind",)
    list_select_related = ("organisation", "pack", "incident", "by")
    search_fields = ("organisation__name", "pack__licence__key", "incident__number")
    ordering = ("-pk",)
    show_full_result_count = False

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> LedgerEntry:
        return packs.adjust(at=at, by=by, **form.cleaned_data)
