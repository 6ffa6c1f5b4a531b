"""Orders for managers: marked paid, cancelled, exported for whoever writes the invoices."""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.actions.exporting import note_export
from core.errors import Refusal
from core.export import plain
from core.model_admin import ReadOnlyAdmin
from entitlements import policies
from entitlements.actions import orders
from entitlements.admin.action_pages import manager_of
from entitlements.models import Order

# A cell that begins so is a formula to a spreadsheet, and customers type some of the cells.
_COLUMNS = (
    "number",
    "ordered_at",
    "organisation",
    "country",
    "licence",
    "what",
    "price",
    "currency",
    "purchase_reference",
    "ordered_by",
    "state",
)


class ReasonForm(ActionForm):
    """Beside the list's actions."""

    reason = forms.CharField(
        max_length=300,
        required=False,
        label="Reason (to cancel)",
        widget=forms.TextInput(attrs={"size": 30}),
    )


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = (
        "number",
        "organisation",
        "licence",
        "title",
        "price",
        "currency",
        "purchase_reference",
        "state",
        "ordered_at",
    )
    list_filter = ("state", "kind")
    list_select_related = ("organisation", "licence")
    search_fields = ("number", "organisation__name", "licence__key", "purchase_reference")
    ordering = ("-ordered_at", "-pk")
    actions = ("mark_paid", "cancel", "export_csv")
    action_form = ReasonForm

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return policies.may_manage_contracts(manager_of(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [field.name for field in self.opts.concrete_fields if field.name != "form_key"]

    @admin.action(description="Mark paid, and deliver", permissions=["settle"])
    def mark_paid(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        """Each order in a transaction of its own: one that is refused holds up no other."""
        for order in queryset:
            try:
                orders.mark_paid(order, by=manager_of(request), at=timezone.now())
            except Refusal as refusal:
                messages.warning(request, f"{order.number}: {refusal}")
            else:
                messages.success(request, f"{order.number} is paid, and delivered.")

    @admin.action(description="Cancel, with the reason", permissions=["settle"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        reason = request.POST.get("reason", "")
        for order in queryset:
            try:
                orders.cancel_order(order, by=manager_of(request), at=timezone.now(), reason=reason)
            except Refusal as refusal:
                messages.warning(request, f"{order.number}: {refusal}")
            else:
                messages.success(request, f"{order.number} is cancelled.")

    @admin.action(description="Export as CSV", permissions=["settle"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Order]) -> HttpResponse:
        """Those that were selected; filtered by state and all selected, every open one."""
        by = manager_of(request)
        note_export(by, f"{queryset.count()} orders as CSV", at=timezone.now())
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="orders.csv"'
        rows = csv.writer(response)
        rows.writerow(_COLUMNS)
        related = queryset.select_related("organisation", "licence", "ordered_by")
        for order in related.order_by("number"):
            rows.writerow(plain(cell) for cell in _row(order))
        return response


def _row(order: Order) -> tuple[object, ...]:
    return (
        order.number,
        order.ordered_at.isoformat(timespec="seconds"),
        order.organisation.name,
        order.organisation.country,
        order.licence.key,
        order.title,
        order.price,
        order.currency,
        order.purchase_reference,
        order.ordered_by.email,
        order.state,
    )
