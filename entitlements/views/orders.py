"""Orders in the portal: contacts see them, admin contacts place and cancel them."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import ContactRequest, contact_required
from core.errors import Refusal
from core.paging import paged
from entitlements import policies
from entitlements.actions import orders
from entitlements.errors import OrderSentBefore
from entitlements.forms.orders import CancelOrderForm, ChooseLicenceForm, OrderForm
from entitlements.models import Licence, Order

PAGE = 25
SECTION = "entitlements:orders"


@require_safe
@contact_required
def order_list(request: ContactRequest) -> HttpResponse:
    """The organisation's orders, newest first."""
    found = Order.objects.visible_to(request.user).for_list()
    context = {
        "page_obj": paged(found, request, size=PAGE),
        "may_order": policies.may_order(request.user, request.organisation),
    }
    return render(request, "entitlements/order_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def order_new(request: ContactRequest) -> HttpResponse:
    """First the licence (`?licence=`), then what is ordered for it; a POST orders it.

    `?level=` chooses a subscription beforehand. What was typed is never lost.
    """
    if not policies.may_order(request.user, request.organisation):
        raise Http404
    named = request.GET if "licence" in request.GET else None
    chooser = ChooseLicenceForm(request.user, request.organisation, named)
    licence = chooser.chosen()
    if licence is None:
        if request.method == "POST":
            raise Http404
        return _show(request, chooser, None, None)
    licence.organisation = request.organisation  # known: spares queries
    at, given = timezone.now(), request.POST if request.method == "POST" else None
    form = OrderForm(licence, at=at, data=given, level=request.GET.get("level", ""))
    if request.method != "POST":
        return _show(request, chooser, licence, form)
    return _place(request, licence, form, at) or _show(request, chooser, licence, form, status=400)


def _place(
    request: ContactRequest, licence: Licence, form: OrderForm, at: datetime
) -> HttpResponse | None:
    """Order once, however often the form is sent; None where the form now says why not."""
    if not form.is_valid():
        return None
    try:
        order = orders.place_order(licence, by=request.user, at=at, **form.asked())
    except Refusal as refusal:
        if isinstance(refusal, OrderSentBefore):
            form.renew_key()
        form.add_error(None, str(refusal))
        return None
    messages.success(request, f"Order {order.number} was placed.")
    return redirect("entitlements:order", order.number)


@require_safe
@contact_required
def order_detail(request: ContactRequest, number: str) -> HttpResponse:
    return _detail(request, _order(request, number), CancelOrderForm())


@require_POST
@contact_required
def order_cancel(request: ContactRequest, number: str) -> HttpResponse:
    order = _order(request, number)
    if not policies.may_cancel_order(request.user, request.organisation):
        raise Http404
    form = CancelOrderForm(request.POST)
    if not form.is_valid():
        return _detail(request, order, form, status=400)
    orders.cancel_order(
        order, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"]
    )
    messages.success(request, f"Order {order.number} is cancelled.")
    return redirect("entitlements:order", order.number)


def _order(request: ContactRequest, number: str) -> Order:
    found = Order.objects.visible_to(request.user).select_related(
        "licence", "organisation", "ordered_by", "settled_by", "pack", "subscription"
    )
    return get_object_or_404(found, number=number)


def _detail(
    request: ContactRequest, order: Order, form: CancelOrderForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "order": order,
        "form": form,
        "may_cancel": policies.may_cancel_order(request.user, request.organisation),
        "section": SECTION,
    }
    return render(request, "entitlements/order_detail.html", context, status=status)


def _show(
    request: ContactRequest,
    chooser: ChooseLicenceForm,
    licence: Licence | None,
    form: OrderForm | None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"chooser": chooser, "licence": licence, "form": form, "section": SECTION}
    return render(request, "entitlements/order_new.html", context, status=status)
