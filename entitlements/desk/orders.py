"""Orders, for who takes and settles them (OR1 to OR3), and how the vendor sells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions.exporting import note_export
from accounts.http import SignedInRequest
from accounts.models import Organisation
from accounts.tenancy import working_for
from core.admin import Site
from core.errors import Refusal
from core.form_pages import submitted
from core.paging import paged
from core.pdf.answers import paper_answer
from core.reading import one_or_404
from core.sheets import csv_pieces
from core.text import clean
from entitlements import policies
from entitlements.actions import order_steps
from entitlements.actions.billing import set_billing, set_terms
from entitlements.enums import OrderState
from entitlements.forms.billing import BillingForm, SellingTermsForm
from entitlements.forms.order_steps import InvoiceForm, MonthForm
from entitlements.forms.orders import CancelOrderForm
from entitlements.models import Billing, Order, SellingTermsVersion
from entitlements.querysets import OURS_TO_MOVE
from entitlements.reads.bookkeeping import COLUMNS, Month, lines_of, month_of
from entitlements.reads.current import selling_terms
from entitlements.reads.papers import address_lines, drawn, pro_forma

PAGE = 50
SHOWN = 20  # versions
SECTION = "Orders"

# What the list shows, by the key of its tab.
TABS: dict[str, tuple[str, Q]] = {
    "": ("To do", OURS_TO_MOVE),
    "open": ("Requested", Q(state=OrderState.OPEN)),
    "confirmed": ("To invoice", Q(state=OrderState.CONFIRMED)),
    "invoiced": ("Wait for payment", Q(state=OrderState.INVOICED)),
    "paid": ("To deliver", Q(state=OrderState.PAID)),
    "delivered": ("Delivered", Q(state=OrderState.DELIVERED)),
    "cancelled": ("Cancelled", Q(state=OrderState.CANCELLED)),
    "all": ("All", Q()),
}


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Step:
    """The next action of an order, by the name that is posted."""

    name: str
    label: str
    hint: str


STEPS = {
    OrderState.OPEN: Step("confirm", "Confirm", "The customer gets a mail with the pro-forma."),
    OrderState.CONFIRMED: Step(
        "invoice", "Put on the invoice lines", "It stands in this month's file for the bookkeeping."
    ),
    OrderState.INVOICED: Step("paid", "Paid", "It is delivered at once, and the customer told."),
    OrderState.PAID: Step("deliver", "Deliver", "What was in the way may be out of it by now."),
}


@require_safe
def orders(request: SignedInRequest) -> HttpResponse:
    """Those of the customers that the person sees; `?show=` is a tab, `?q=` a number or a name."""
    _check(request)
    found = Order.objects.visible_to(request.user)
    words = clean(request.GET.get("q", ""))[:100]
    if words:
        found = found.filter(
            Q(number__icontains=words)
            | Q(organisation__name__icontains=words)
            | Q(licence__key__icontains=words)
            | Q(purchase_reference__icontains=words)
            | Q(invoice_number__icontains=words)
        )
    asked = request.GET.get("show", "")
    asked = asked if asked in TABS else ""
    page = paged(found.filter(TABS[asked][1]).for_list(), request, size=PAGE)
    settles = policies.may_settle_orders(request.user)
    context = {
        "page_obj": page,
        "rows": [(one, _step(one, settles)) for one in page.object_list],
        "tabs": _tabs(found, asked),
        "show": asked,
        "words": words,
        "settles": settles,
        "month": month_of("", at=timezone.now()),
        "section": SECTION,
    }
    return render(request, "staff/orders/list.html", context)


@require_safe
def order(request: SignedInRequest, number: str) -> HttpResponse:
    found = _order(request, number)
    return _detail(request, found, CancelOrderForm(), InvoiceForm())


@require_POST
def order_step(request: SignedInRequest, number: str) -> HttpResponse:
    """One step of one order; back to where it was taken from (`from=list`)."""
    found, at, by = _order(request, number), timezone.now(), request.user
    step = request.POST.get("step", "")
    allowed = _may_take(step, found, request)
    if not allowed:
        raise Http404
    if step == "cancel":
        form = CancelOrderForm(request.POST)
        if not form.is_valid():
            return _detail(request, found, form, InvoiceForm(), status=400)
        order_steps.cancel_order(found, by=by, at=at, reason=form.cleaned_data["reason"])
        messages.success(request, f"{number} is cancelled.")
    elif step == "invoice":
        invoice = InvoiceForm(request.POST)
        if not invoice.is_valid():
            return _detail(request, found, CancelOrderForm(), invoice, status=400)
        given = invoice.cleaned_data["invoice_number"]
        order_steps.invoice_order(found, by=by, at=at, invoice_number=given)
        messages.success(request, f"{number} is a line of this month's file.")
    elif step == "confirm":
        order_steps.confirm_order(found, by=by, at=at)
        messages.success(request, f"{number} is confirmed.")
    else:
        _deliver(request, found, is_paid=step == "paid")
    if request.POST.get("from") == "list":
        return redirect("admin:orders")
    return redirect("admin:order", number)


def _deliver(request: SignedInRequest, found: Order, *, is_paid: bool) -> None:
    """A payment stays noted where the delivery is refused, which says what is in its way."""
    at, by = timezone.now(), request.user
    if is_paid:
        found = order_steps.mark_paid(found, by=by, at=at)
    try:
        if found.is_open:
            order_steps.deliver_order(found, by=by, at=at)
    except Refusal as refusal:
        if not is_paid:
            raise
        messages.warning(request, f"{found.number} is paid, and not delivered: {refusal}")
    else:
        messages.success(request, f"{found.number} is {'paid, and ' * is_paid}delivered.")


@require_safe
def order_paper(request: SignedInRequest, number: str) -> HttpResponse:
    return paper_answer(drawn(pro_forma(_order(request, number))), number)


@require_POST
def order_lines(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """The bookkeeping's file of a month. A POST, since the journal says who took it."""
    if not policies.may_settle_orders(request.user):
        raise Http404
    at = timezone.now()
    form = MonthForm(request.POST)
    month = month_of(form.cleaned_data["month"], at=at) if form.is_valid() else None
    if month is None:
        messages.warning(request, "That is no month. Give one as 2026-03.")
        return redirect("admin:orders")
    note_export(request.user, f"invoice lines of {month.key} as CSV", at=at)
    answer = StreamingHttpResponse(_pieces(request, month), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="invoice-lines-{month.key}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _pieces(request: SignedInRequest, month: Month) -> Iterator[bytes]:
    """A transaction of its own: the request's is over when the last line is read."""
    with working_for(request.user):
        lines = lines_of(request.user, month)
        yield from csv_pieces(COLUMNS, lines, zone=ZoneInfo(month.zone))


@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: SignedInRequest) -> HttpResponse:
    """With which VAT the vendor sells; every edit is a version, with who and when."""
    if not policies.may_settle_orders(request.user):
        raise Http404
    form = SellingTermsForm(selling_terms().terms, request.POST or None)

    def save() -> HttpResponse:
        made = set_terms(form.terms(), by=request.user, at=timezone.now())
        said = "Saved. Orders get it from now on." if made else "Nothing was different."
        messages.success(request, said)
        return redirect("admin:selling_terms")

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {
        "form": form,
        "history": SellingTermsVersion.objects.select_related("made_by")[:SHOWN],
        "section": "VAT and payment",
    }
    return render(request, "staff/orders/terms.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def billing(request: SignedInRequest, slug: str) -> HttpResponse:
    """A customer's billing address, for who takes their orders."""
    organisation = one_or_404(Organisation.objects.visible_to(request.user), slug=slug)
    if not policies.may_set_billing(request.user, organisation):
        raise Http404
    found = Billing.objects.filter(organisation=organisation).select_related("changed_by").first()
    known = found.address.as_json() if found else None
    initial = known or {"name": organisation.name, "country": organisation.country}
    form = BillingForm(request.POST or None, initial=initial)

    def save() -> HttpResponse:
        set_billing(organisation, form.address(), by=request.user, at=timezone.now())
        messages.success(request, "The billing address is saved. It counts from now on.")
        return redirect("admin:billing", slug)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {"form": form, "billing": found, "organisation": organisation, "section": SECTION}
    return render(request, "staff/orders/billing.html", context, status=status)


def _check(request: SignedInRequest) -> None:
    if not policies.may_see_orders(request.user):
        raise Http404


def _order(request: SignedInRequest, number: str) -> Order:
    _check(request)
    found = Order.objects.visible_to(request.user).select_related(
        *("licence", "organisation__tam", "ordered_by", "settled_by", "pack", "subscription"),
        *("confirmed_by", "invoiced_by", "paid_by"),
    )
    return get_object_or_404(found, number=number)


def _tabs(found: QuerySet[Order], asked: str) -> list[Tab]:
    counts = found.aggregate(
        **{f"n_{key}": Count("pk", filter=condition) for key, (_, condition) in TABS.items()}
    )
    return [Tab(key, label, counts[f"n_{key}"], key == asked) for key, (label, _) in TABS.items()]


def _step(one: Order, settles: bool) -> Step | None:
    """The next step, where the person may take it."""
    step = STEPS.get(OrderState(one.state))
    return step if settles or (step is not None and step.name == "confirm") else None


def _may_take(step: str, found: Order, request: SignedInRequest) -> bool:
    may: dict[str, Callable[[], bool]] = {
        "confirm": lambda: policies.may_confirm_order(request.user, found.organisation),
        "cancel": lambda: policies.may_cancel_order(request.user, found.organisation),
        **dict.fromkeys(
            ("invoice", "paid", "deliver"), lambda: policies.may_settle_orders(request.user)
        ),
    }
    return step in may and may[step]()


def _detail(
    request: SignedInRequest,
    found: Order,
    cancelling: CancelOrderForm,
    invoicing: InvoiceForm,
    *,
    status: int = 200,
) -> HttpResponse:
    settles = policies.may_settle_orders(request.user)
    step = _step(found, settles)
    if step is not None and found.state == OrderState.CONFIRMED and found.is_free:
        step = None
    context = {
        "order": found,
        "step": step,
        "way": _way(found),
        "address": address_lines(found.address),
        "cancelling": cancelling,
        "invoicing": invoicing,
        "may_cancel": found.is_open and policies.may_cancel_order(request.user, found.organisation),
        "section": SECTION,
    }
    return render(request, "staff/orders/order.html", context, status=status)


def _way(found: Order) -> list[tuple[str, str, str]]:
    """The steps of the order: label, who or when, and "done" or "now"."""
    moments = (
        ("Requested", found.ordered_at, found.ordered_by),
        ("Confirmed", found.confirmed_at, found.confirmed_by),
        ("Invoice line", found.invoiced_at, found.invoiced_by),
        ("Paid", found.paid_at, found.paid_by),
        ("Delivered", found.settled_at if found.state == OrderState.DELIVERED else None, None),
    )
    way, is_next = [], found.is_open
    for label, moment, person in moments:
        if moment is not None:
            way.append((label, f"{moment:%-d %b %Y}{f', {person}' if person else ''}", "done"))
        else:
            way.append((label, "", "now" if is_next else ""))
            is_next = False
    return way


assert isinstance(admin.site, Site)
admin.site.add_pages(
    ("orders/", orders, "orders"),
    ("orders/lines/", order_lines, "order_lines"),
    ("orders/terms/", terms, "selling_terms"),
    ("orders/<slug:number>/", order, "order"),
    ("orders/<slug:number>/step/", order_step, "order_step"),
    ("orders/<slug:number>/pro-forma.pdf", order_paper, "order_paper"),
    ("organisations/<slug:slug>/billing/", billing, "billing"),
)
