"""Renewals, for who answers for the customer: to review, sent, answered; and who lapsed (RN1)."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest
from core.admin import Site
from core.errors import Refusal
from core.paging import paged
from core.pdf.answers import paper_answer
from core.text import clean
from entitlements import policies
from entitlements.actions import renewals
from entitlements.desk.orders import Tab
from entitlements.enums import RenewalState
from entitlements.forms.renewals import ProposalForm, ReasonForm
from entitlements.models import RenewalProposal, Subscription
from entitlements.querysets import RenewalQuerySet
from entitlements.reads.papers import drawn, proposal_paper
from entitlements.reads.renewals import lapsed_of, told

PAGE = 50
SECTION = "Renewals"
TABS = {
    "": "To review",
    "sent": "Sent",
    "accepted": "Accepted",
    "declined": "Declined",
    "lapsed": "Lapsed",
    "all": "All",
}


@require_safe
def proposals(request: SignedInRequest) -> HttpResponse:
    """Those of the customers that the person sees; `?show=` is a tab, `?q=` a number or a name."""
    _check(request)
    at, words = timezone.now(), clean(request.GET.get("q", ""))[:100]
    asked = request.GET.get("show", "")
    asked = asked if asked in TABS else ""
    found = RenewalProposal.objects.visible_to(request.user)
    lapsed = lapsed_of(request.user, at=at)
    if words:
        named = Q(organisation__name__icontains=words) | Q(licence__key__icontains=words)
        slug = Q(organisation__slug=words)
        found, lapsed = found.filter(named | slug | Q(number=words)), lapsed.filter(named | slug)
    context: dict[str, object] = {
        "tabs": _tabs(found, lapsed, asked),
        "show": asked,
        "words": words,
        "section": SECTION,
    }
    if asked == "lapsed":
        ended = paged(lapsed, request, size=PAGE)
        context |= {"page_obj": ended, "lapsed": [told(one, at=at) for one in ended.object_list]}
    else:
        page = paged(_shown(found, asked).for_list(), request, size=PAGE)
        context |= {"page_obj": page, "rows": page.object_list}
    return render(request, "staff/orders/renewals.html", context)


@require_safe
def proposal(request: SignedInRequest, number: str) -> HttpResponse:
    found = _proposal(request, number)
    return _page(request, found, ProposalForm.of(found), ReasonForm())


@require_safe
def proposal_pdf(request: SignedInRequest, number: str) -> HttpResponse:
    return paper_answer(drawn(proposal_paper(_proposal(request, number))), number)


@require_POST
def proposal_step(request: SignedInRequest, number: str) -> HttpResponse:
    """Save, send (which saves before) or withdraw."""
    found, at, by = _proposal(request, number), timezone.now(), request.user
    if not policies.may_send_renewal(by, found.organisation):
        raise Http404
    if request.POST.get("step") == "withdraw":
        reason = ReasonForm(request.POST)
        if not reason.is_valid():
            return _page(request, found, ProposalForm.of(found), reason, status=400)
        renewals.withdraw_proposal(found, by=by, at=at, **reason.cleaned_data)
        messages.success(request, f"{number} is withdrawn.")
        return redirect("admin:renewal", number)
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, ReasonForm(), status=400)
    try:
        found = renewals.change_proposal(found, by=by, at=at, **form.cleaned_data)
        if request.POST.get("step") == "send":
            renewals.send_proposal(found, by=by, at=at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, found, form, ReasonForm(), status=refusal.status)
    is_sent = request.POST.get("step") == "send"
    messages.success(request, f"{number} is {'sent' if is_sent else 'saved'}.")
    return redirect(
        "admin:renewals" if is_sent else "admin:renewal", *([] if is_sent else [number])
    )


def _check(request: SignedInRequest) -> None:
    if not policies.may_see_orders(request.user):
        raise Http404


def _proposal(request: SignedInRequest, number: str) -> RenewalProposal:
    _check(request)
    found = RenewalProposal.objects.visible_to(request.user).select_related(
        "organisation__tam", "licence", "order", "answered_by", "sent_by", "subscription"
    )
    return get_object_or_404(found, number=number)


def _shown(found: RenewalQuerySet, asked: str) -> RenewalQuerySet:
    if asked == "":
        return found.to_review()
    return found if asked == "all" else found.filter(state=asked)


def _tabs(found: RenewalQuerySet, lapsed: QuerySet[Subscription], asked: str) -> list[Tab]:
    wanted = {key: Count("pk", filter=Q(state=key)) for key in ("sent", "accepted", "declined")}
    counts = found.aggregate(**wanted, all=Count("pk"))
    counts |= {"": _shown(found, "").count(), "lapsed": lapsed.count()}
    return [Tab(key, label, counts[key], key == asked) for key, label in TABS.items()]


def _page(
    request: SignedInRequest,
    found: RenewalProposal,
    form: ProposalForm,
    withdrawing: ReasonForm,
    *,
    status: int = 200,
) -> HttpResponse:
    drafted, sent = RenewalState.DRAFTED, RenewalState.SENT
    context = {
        "proposal": found,
        "form": form,
        "withdrawing": withdrawing,
        "is_draft": found.state == drafted,
        "may_withdraw": found.state in (drafted, sent),
        "section": SECTION,
    }
    return render(request, "staff/orders/renewal.html", context, status=status)


assert isinstance(admin.site, Site)
admin.site.add_pages(
    ("renewals/", proposals, "renewals"),
    ("renewals/<slug:number>/", proposal, "renewal"),
    ("renewals/<slug:number>/step/", proposal_step, "renewal_step"),
    ("renewals/<slug:number>/proposal.pdf", proposal_pdf, "renewal_paper"),
)
