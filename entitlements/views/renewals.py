"""Renewals in the portal: contacts read our proposals, admin contacts answer them (RN2)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from accounts.http import ContactRequest, contact_required
from core.errors import Refusal
from core.pdf.answers import paper_answer
from entitlements import policies
from entitlements.actions import renewals
from entitlements.enums import RenewalState
from entitlements.errors import BillingMissing
from entitlements.forms.renewals import AcceptForm, ReasonForm
from entitlements.models import Billing, RenewalProposal
from entitlements.reads.current import selling_terms
from entitlements.reads.holdings import local_day
from entitlements.reads.papers import address_lines, drawn, proposal_paper
from entitlements.rules.vat import amounts_of

SECTION = "entitlements:orders"


@require_safe
@contact_required
def renewal(request: ContactRequest, number: str) -> HttpResponse:
    return _page(request, _proposal(request, number), AcceptForm(), ReasonForm())


@require_safe
@contact_required
def renewal_paper(request: ContactRequest, number: str) -> HttpResponse:
    return paper_answer(drawn(proposal_paper(_proposal(request, number))), number)


@require_POST
@contact_required
def renewal_accept(request: ContactRequest, number: str) -> HttpResponse:
    """One click; without a billing address its page comes between, and leads back."""
    proposal = _answerable(request, number)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _page(request, proposal, form, ReasonForm(), status=400)
    try:
        done = renewals.accept_proposal(
            proposal, by=request.user, at=timezone.now(), **form.cleaned_data
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        missing = isinstance(refusal, BillingMissing)
        return _page(request, proposal, form, ReasonForm(), status=refusal.status, ask=missing)
    assert done.order is not None
    messages.success(request, f"Thank you. {proposal.get_level_display()} goes on without a gap.")
    return redirect("entitlements:order", done.order.number)


@require_POST
@contact_required
def renewal_decline(request: ContactRequest, number: str) -> HttpResponse:
    proposal = _answerable(request, number)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, proposal, AcceptForm(), form, status=400)
    renewals.decline_proposal(proposal, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, gettext("We know it now. If you think again, write to us."))
    return redirect("entitlements:renewal", number)


def _proposal(request: ContactRequest, number: str) -> RenewalProposal:
    """One that was sent: a draft is ours alone, also when it is withdrawn unsent."""
    found = RenewalProposal.objects.visible_to(request.user).exclude(sent_at=None)
    related = ("organisation__tam", "licence", "order", "answered_by")
    return get_object_or_404(found.select_related(*related), number=number)


def _answerable(request: ContactRequest, number: str) -> RenewalProposal:
    if not policies.may_answer_renewal(request.user, request.organisation):
        raise Http404
    return _proposal(request, number)


def _page(
    request: ContactRequest,
    proposal: RenewalProposal,
    accepting: AcceptForm,
    declining: ReasonForm,
    *,
    status: int = 200,
    ask: bool = False,
) -> HttpResponse:
    billing = Billing.objects.visible_to(request.user).first()
    seller = selling_terms().terms.seller
    today = local_day(timezone.now(), request.organisation.timezone)
    amounts = amounts_of(proposal.net, billing.buyer, seller) if billing else None
    context = {
        "proposal": proposal,
        "billing": billing,
        "address": address_lines(billing.address) if billing else [],
        "amounts": amounts,
        "total": str(amounts.total if amounts else proposal.net),
        "accepting": accepting,
        "declining": declining,
        "ask": ask,
        "is_over": today > proposal.open_until,
        "may_answer": proposal.state == RenewalState.SENT
        and policies.may_answer_renewal(request.user, request.organisation),
        "section": SECTION,
    }
    return render(request, "entitlements/renewal.html", context, status=status)
