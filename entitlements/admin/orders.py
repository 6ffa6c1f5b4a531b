"""Orders among all records, to be read; what is done with them is on `entitlements.desk.orders`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.model_admin import ReadOnlyAdmin
from entitlements.models import Order


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = (
        "number",
        "organisation",
        "licence",
        "title",
        "price",
        "vat",
        "currency",
        "purchase_reference",
        "state",
        "ordered_at",
    )
    list_filter = ("state", "kind")
    list_select_related = ("organisation", "licence")
    search_fields = ("number", "organisation__name", "licence__key", "purchase_reference")
    ordering = ("-ordered_at", "-pk")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [field.name for field in self.opts.concrete_fields if field.name != "form_key"]
