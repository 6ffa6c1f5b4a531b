"""Licences: registered here, priced, transferred; never edited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.models import Person
from entitlements import policies
from entitlements.actions import licences
from entitlements.actions.transfers import transfer
from entitlements.admin.action_pages import ActionAdmin, LookInline, action_page, manager_of
from entitlements.forms import admin as forms
from entitlements.forms.licences import PriceForm, TransferForm
from entitlements.models import Licence, Subscription
from entitlements.reads.coverage_summary import LicenceCoverage, summary_of


class SubscriptionInline(LookInline):
    model = Subscription
    fields = ("level", "starts_on", "ends_on", "price", "currency", "bought_at", "bought_by")


class PriceFilter(admin.SimpleListFilter):
    """Customers register licences whose price nobody has set yet."""

    title = "price"
    parameter_name = "priced"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "To be set"), ("yes", "Set")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "no":
            return queryset.filter(price=0, transferred_at=None).exclude(edition="evaluation")
        return queryset.filter(price__gt=0) if self.value() == "yes" else queryset


class OwnedFilter(admin.SimpleListFilter):
    title = "owner"
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Still has it"), ("no", "Transferred it")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(transferred_at__isnull=self.value() == "yes")


@admin.register(Licence)
class LicenceAdmin(ActionAdmin):
    """Adding one registers it; its page sets its price, and gives it to somebody else."""

    form = forms.LicenceForm
    change_form_template = "staff/licence_change.html"
    list_display = ("key", "organisation", "edition", "registered_on", "price", "gone")
    list_filter = (PriceFilter, OwnedFilter, "edition")
    list_select_related = ("organisation",)
    search_fields = ("key", "organisation__name")
    inlines = (SubscriptionInline,)

    @admin.display(description="Transferred")
    def gone(self, licence: Licence) -> str:
        return f"{licence.transferred_at:%Y-%m-%d}" if licence.transferred_at else ""

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def get_urls(self) -> list[URLPattern]:
        door = self.admin_site.admin_view
        mine = [
            path("<int:object_id>/price/", door(self.price), name="entitlements_licence_price"),
            path(
                "<int:object_id>/transfer/",
                door(self.transfer),
                name="entitlements_licence_transfer",
            ),
        ]
        return [*mine, *super().get_urls()]

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> Licence:
        given = dict(form.cleaned_data)
        organisation = given.pop("organisation")
        return licences.register_licence(organisation, at=at, by=by, **given)

    def price(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Set the price, as for a licence that a customer registered."""
        licence, by = _managed(request, object_id), manager_of(request)
        form = PriceForm(request.POST or None, initial={"price": licence.price or None})

        def do(at: datetime) -> Licence:
            return licences.set_price(licence, at=at, by=by, price=form.cleaned_data["price"])

        page = {
            "title": f"Set the price in {licence.currency}",
            "page_action": "Set the price",
            "said": lambda done: f"{done} costs {done.price} {done.currency} now.",
        }
        return _action(request, licence, form, do, page)

    def transfer(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Give it to another organisation, with what was sold for it."""
        licence, by = _managed(request, object_id), manager_of(request)
        form = TransferForm(by, licence, *([request.POST] if request.method == "POST" else []))

        def do(at: datetime) -> Licence:
            asked = form.cleaned_data
            return transfer(licence, to=asked["to"], reason=asked["reason"], at=at, by=by)

        at = timezone.now()
        page = {
            "title": "Transfer the licence",
            "page_action": "Transfer it",
            "said": lambda done: f"{done} was transferred. It is {done.organisation}'s now.",
            "goes_along": _goes_along(licence, at) if licence.transferred_at is None else None,
        }
        return _action(request, licence, form, do, page)


def _managed(request: HttpRequest, pk: int) -> Licence:
    """The licence, for whoever may manage contracts; for everybody else there is none."""
    person = manager_of(request)
    if not policies.may_manage_contracts(person):
        raise Http404
    visible = Licence.objects.visible_to(person).select_related("organisation")
    return get_object_or_404(visible, pk=pk)


def _action(
    request: HttpRequest,
    licence: Licence,
    form: Form,
    do: Callable[[datetime], Licence],
    page: dict[str, Any],
) -> HttpResponse:
    return action_page(
        request,
        "staff/licence_action.html",
        form,
        do,
        said=page["said"],
        goes_to="admin:entitlements_licence_change",
        context=page | {"licence": licence, "section": "Licences"},
    )


def _goes_along(licence: Licence, at: datetime) -> LicenceCoverage:
    (support,) = summary_of(licence.organisation, at=at, licences=[licence])
    return support
