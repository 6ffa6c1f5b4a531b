"""Orders in the portal: contacts see them; admin contacts review, place and cancel them."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import ContactRequest, contact_required
from core.errors import Refusal
from core.paging import paged
from core.pdf.answers import paper_answer
from entitlements import policies
from entitlements.actions import order_steps, orders
from entitlements.errors import OrderSentBefore
from entitlements.forms.orders import CancelOrderForm, ChooseLicenceForm, OrderForm
from entitlements.models import Billing, Licence, Order
from entitlements.reads.current import selling_terms
from entitlements.reads.papers import address_lines, drawn, pro_forma
from entitlements.rules.vat import Amounts, amounts_of

PAGE = 25
SECTION = "entitlements:orders"
CHANGED = "The VAT changed while you looked at it. Look at the order again before you place it."


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
    """First the licence (`?licence=`), then what is ordered for it; a POST orders it, once it was
    looked at in the review.

    `?level=` chooses a subscription beforehand. What was typed is never lost.
    """
    chooser, licence = _licence(request)
    if licence is None:
        if request.method == "POST":
            raise Http404
        return _show(request, chooser, None, None)
    at, given = timezone.now(), request.POST if request.method == "POST" else None
    form = OrderForm(licence, at=at, data=given, level=request.GET.get("level", ""))
    if request.method != "POST":
        return _show(request, chooser, licence, form)
    return _place(request, licence, form, at) or _show(request, chooser, licence, form, status=400)


@require_safe
@contact_required
def order_review(request: ContactRequest) -> HttpResponse:
    """What was chosen with its VAT and the billing address, before it is ordered; writes nothing.

    Without a billing address its form stands in the place of the order's, and leads back here.
    """
    chooser, licence = _licence(request)
    if licence is None:
        return _show(request, chooser, None, None)
    form = OrderForm(licence, at=timezone.now(), data=request.GET)
    if not form.is_valid():
        return _show(request, chooser, licence, form, status=400)
    billing = Billing.objects.visible_to(request.user).first()
    here = f"{reverse('entitlements:order_review')}?{form.again(licence)}"
    context = {
        "licence": licence,
        "form": form,
        "offer": form.offer,
        "billing": billing,
        "address": address_lines(billing.address) if billing else [],
        "amounts": _amounts(form, billing),
        "terms": selling_terms().terms,
        "here": here,
        "section": SECTION,
    }
    return render(request, "entitlements/order_review.html", context)


def _licence(request: ContactRequest) -> tuple[ChooseLicenceForm, Licence | None]:
    """The licence that is ordered for; 404 for who may not order."""
    if not policies.may_order(request.user, request.organisation):
        raise Http404
    named: QueryDict | None = request.GET if "licence" in request.GET else None
    chooser = ChooseLicenceForm(request.user, request.organisation, named)
    licence = chooser.chosen()
    if licence is not None:
        licence.organisation = request.organisation  # known: spares queries
    return chooser, licence


def _amounts(form: OrderForm, billing: Billing | None) -> Amounts | None:
    """None where nothing is to be paid, or nobody knows yet by whom."""
    if billing is None or not form.offer.price:
        return None
    return amounts_of(form.offer.price, billing.buyer, selling_terms().terms.seller)


def _place(
    request: ContactRequest, licence: Licence, form: OrderForm, at: datetime
) -> HttpResponse | None:
    """Order once, however often the form is sent; None where the form now says why not.

    What was not looked at with its VAT (`total`) is looked at first.
    """
    if not form.is_valid():
        return None
    amounts = _amounts(form, Billing.objects.visible_to(request.user).first())
    total = str(amounts.total if amounts else form.offer.price)
    if request.POST.get("total", "") != total:
        if request.POST.get("total"):
            messages.warning(request, CHANGED)
        return redirect(f"{reverse('entitlements:order_review')}?{form.again(licence)}")
    try:
        order = orders.place_order(licence, by=request.user, at=at, **form.asked())
    except Refusal as refusal:
        if isinstance(refusal, OrderSentBefore):
            form.renew_key()
        form.add_error(None, str(refusal))
        return None
    said = "is delivered: nothing has to be paid for it." if not order.is_open else "was placed."
    messages.success(request, f"Order {order.number} {said}")
    return redirect("entitlements:order", order.number)


@require_safe
@contact_required
def order_detail(request: ContactRequest, number: str) -> HttpResponse:
    return _detail(request, _order(request, number), CancelOrderForm())


@require_safe
@contact_required
def order_paper(request: ContactRequest, number: str) -> HttpResponse:
    """The pro-forma invoice as PDF."""
    return paper_answer(drawn(pro_forma(_order(request, number))), number)


@require_POST
@contact_required
def order_cancel(request: ContactRequest, number: str) -> HttpResponse:
    order = _order(request, number)
    if not policies.may_cancel_order(request.user, request.organisation):
        raise Http404
    form = CancelOrderForm(request.POST)
    if not form.is_valid():
        return _detail(request, order, form, status=400)
    order_steps.cancel_order(
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
    may_cancel = policies.may_cancel_order(request.user, request.organisation)
    context = {
        "order": order,
        "form": form,
        "address": address_lines(order.address),
        "may_cancel": may_cancel and order.is_open and order.invoiced_at is None,
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
