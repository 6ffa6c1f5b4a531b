"""The calls that are owed: who calls whom by when, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from core.errors import NotAllowed, Refusal
from core.paging import slice_of
from entitlements.reads.availability import ways_of
from telephone import policies
from telephone.actions import call_backs, calling
from telephone.desk.calls import OPEN, caller_of
from telephone.forms.call_backs import LogAskedForm, OutcomeForm
from telephone.models import CallBack
from telephone.reads.call_back_list import row_of, rows_of
from telephone.reads.callers import numbers_of, open_incidents
from telephone.rules.call_backs import ATTEMPTS
from telephone.rules.phone import shown
from tickets.actions.repeats import made_once
from tickets.errors import KeyReused
from tickets.forms.portal import renew_key
from tickets.models import Incident

SECTION = "Call-backs"


@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """What is owed, soonest first; `?view=over` what is over. htmx gets the table alone."""
    at = timezone.now()
    over = request.GET.get("view") == "over"
    found = CallBack.objects.visible_to(request.user).for_list()
    if over:
        found = found.exclude(ended_at=None).order_by("-ended_at", "-pk")
    else:
        found = found.owed().order_by("next_at", "pk")
    page = slice_of(found, request.GET.get("page"))
    context = {"rows": rows_of(page.rows, at), "page": page, "over": over, "section": SECTION}
    part = bool(request.htmx)  # type: ignore[attr-defined]
    template = "staff/_call_backs.html" if part else "staff/call_backs.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
def call_back_new(request: SignedInRequest) -> HttpResponse:
    """Log that a contact (`?caller=`) asked for a call by telephone, mail, fax or chat."""
    if not request.GET.get("caller"):
        raise Http404
    contact, at, status = caller_of(request), timezone.now(), 200
    organisation = contact.organisation
    assert organisation is not None, "a customer's person has one"
    known = numbers_of(contact)
    given = (request.POST,) if request.method == "POST" else ()
    visible = Incident.objects.visible_to(request.user)
    form = LogAskedForm(
        contact,
        *given,
        incidents=open_incidents(visible, organisation),
        within=settings.CALL_BACK_WITHIN_MINUTES,
        number=shown(known[0]) if known else "",
    )
    if request.method == "POST":
        status = 400
        if form.is_valid():
            asked = form.asked()
            try:
                call_back, _ = made_once(
                    CallBack,
                    request.user,
                    key=form.cleaned_data["key"],
                    asked={**asked, "incident": str(asked["incident"]), "for": contact.pk},
                    at=at,
                    make=lambda: call_backs.ask(contact, by=request.user, at=at, **asked),
                )
            except Refusal as refusal:
                if isinstance(refusal, KeyReused):
                    renew_key(form)
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                return redirect("admin:call_back", call_back.pk)
    context = {
        "contact": contact,
        "organisation": organisation,
        "hotline": ways_of(organisation, at=at).callback,
        "form": form,
        "section": SECTION,
    }
    return render(request, "staff/call_back_new.html", context, status=status)


@require_safe
def call_back(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _found(request, pk))


@require_POST
def page_action(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """Take it, give it back, withdraw it for the customer, or write down what came of it."""
    if name not in ("take", "release", "withdraw", "outcome"):
        raise Http404
    one, at = _found(request, pk), timezone.now()
    if not policies.may_call_back(request.user, one):
        raise NotAllowed()
    if name == "outcome":
        return _outcome(request, one, at)
    if name == "take":
        calling.claim(one, by=request.user, at=at)
    elif name == "release":
        calling.release(one, by=request.user, at=at)
    else:
        call_backs.withdraw(one, by=request.user, at=at)
        messages.success(request, "The call-back was withdrawn.")
    return redirect("admin:call_back", pk)


def _outcome(request: SignedInRequest, one: CallBack, at: datetime) -> HttpResponse:
    form = _form(request, one)
    if not form.is_valid():
        return _page(request, one, form, status=400)
    data = form.cleaned_data
    told: dict[str, Any] = {"by": request.user, "at": at, "minutes": data["minutes"]}
    try:
        if not form.talked:
            tried = calling.not_reached(one, outcome=data["outcome"], **told)
            over = "The customer was notified." if tried.ended_at else "It is tried again."
            messages.success(request, f"Nobody was reached. {over}")
            return redirect("admin:call_backs")
        report = {} if form.incident else form.asked()
        made = calling.reached(one, incident=form.incident, **told, **form.talk(), **report)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, one, form, status=refusal.status)
    messages.success(request, f"The call stands on {made.number}.")
    return redirect("admin:incident", made.number)


def _found(request: SignedInRequest, pk: int) -> CallBack:
    visible = CallBack.objects.visible_to(request.user).for_list().select_related("asked_by")
    found: CallBack = get_object_or_404(visible, pk=pk)
    return found


def _form(request: SignedInRequest, one: CallBack) -> OutcomeForm:
    visible = Incident.objects.visible_to(request.user)
    incidents = list(open_incidents(visible, one.organisation)[:OPEN])
    given = (request.POST,) if request.method == "POST" else ()
    return OutcomeForm(one.organisation, request.user, *given, incidents=incidents, call_back=one)


def _page(
    request: SignedInRequest, one: CallBack, form: OutcomeForm | None = None, *, status: int = 200
) -> HttpResponse:
    at = timezone.now()
    mine = one.claimed_by_id == request.user.pk
    attempts = list(one.calls.select_related("by").order_by("logged_at"))
    context = {
        "row": row_of(one, at),
        "one": one,
        "mine": mine,
        "attempts": attempts,
        "attempts_left": ATTEMPTS - len(attempts),
        "hotline": ways_of(one.organisation, at=at).callback,
        "form": form or (_form(request, one) if mine and one.ended_at is None else None),
        "section": SECTION,
    }
    return render(request, "staff/call_back.html", context, status=status)
