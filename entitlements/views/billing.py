"""To whom an organisation's orders are invoiced: its admin contact says it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.http import ContactRequest, contact_required
from core.form_pages import submitted
from entitlements import policies
from entitlements.actions.billing import set_billing
from entitlements.forms.billing import BillingForm
from entitlements.models import Billing


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def billing(request: ContactRequest) -> HttpResponse:
    """The address, to change; `next` leads back to what was about to be ordered."""
    if not policies.may_order(request.user, request.organisation):
        raise Http404
    found = Billing.objects.visible_to(request.user).select_related("changed_by").first()
    known = found.address.as_json() if found else None
    initial = known or {"name": request.organisation.name, "country": request.organisation.country}
    form = BillingForm(request.POST or None, initial=initial)
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    back = asked if safe and asked.startswith(("/orders/", "/renewals/")) else ""

    def save() -> HttpResponse:
        set_billing(request.organisation, form.address(), by=request.user, at=timezone.now())
        messages.success(request, gettext("The billing address is saved. It counts from now on."))
        return redirect(back or "entitlements:billing")

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {"form": form, "billing": found, "back": back, "section": "entitlements:orders"}
    return render(request, "entitlements/billing.html", context, status=status)
