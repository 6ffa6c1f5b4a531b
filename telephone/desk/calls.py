"""Logging a call: type the number or a name, choose what it is about, write what was said."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import CUSTOMER_ROLES
from accounts.http import SignedInRequest
from accounts.models import Person
from core.errors import Refusal
from core.text import clean
from entitlements.reads.availability import ways_of
from telephone.actions.calls import log_call, log_report
from telephone.actions.records import forget_number, remember_number
from telephone.forms.calls import THEIRS, CallForm
from telephone.models import PhoneNumber
from telephone.reads.callers import (
    callers,
    learned_numbers,
    numbers_of,
    open_incidents,
    typed_number,
)
from telephone.rules.phone import shown
from tickets import policies
from tickets.actions.repeats import filed_once
from tickets.forms.portal import renew_key
from tickets.models import Incident

OPEN = 20  # incidents that a call may be about; who has more names the number
SENT_BEFORE = "This call was logged before, with other words. Send it again to log a second one."


@require_http_methods(["GET", "HEAD", "POST"])
def call_new(request: SignedInRequest) -> HttpResponse:
    """First who calls (`?q=`), then the call (`?caller=`). A request of htmx gets the callers."""
    if request.GET.get("caller"):
        return _call(request, caller_of(request))
    if request.method == "POST":
        raise Http404
    words = clean(request.GET.get("q", ""))[:80]
    context = {"words": words, "callers": callers(words, request.user), "section": "Log a call"}
    part = bool(request.htmx)  # type: ignore[attr-defined]
    return render(request, "staff/_callers.html" if part else "staff/call_new.html", context)


def _call(request: SignedInRequest, caller: Person) -> HttpResponse:
    organisation = caller.organisation
    assert organisation is not None, "a customer's person has one"
    number = typed_number(clean(request.GET.get("q", ""))[:80], organisation)
    learned = learned_numbers(caller)
    known = numbers_of(caller, learned)
    visible = Incident.objects.visible_to(request.user)
    incidents = list(open_incidents(visible, organisation)[:OPEN])
    given = (request.POST,) if request.method == "POST" else ()
    form, status = _form(request, caller, given, incidents), 200
    form.fields["number"].initial = shown(number or (known[0] if known else ""))
    if number and number in {*known, *(one.number for one in learned)}:
        del form.fields["remember"]
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return _log(request, caller, form)
            except Refusal as refusal:
                if refusal.status == 422:
                    renew_key(form)
                form.add_error(None, SENT_BEFORE if refusal.status == 422 else str(refusal))
                status = refusal.status
    context = {
        "caller": caller,
        "organisation": organisation,
        "profile": caller.phone,
        "learned": learned,
        "incidents": incidents,
        "ways": ways_of(organisation, at=timezone.now()),
        "form": form,
        "section": "Log a call",
    }
    return render(request, "staff/call.html", context, status=status)


def _form(
    request: SignedInRequest, caller: Person, given: tuple[Any, ...], incidents: list[Incident]
) -> CallForm:
    assert caller.organisation is not None, "a customer's person has one"
    return CallForm(caller.organisation, request.user, *given, caller=caller, incidents=incidents)


@require_POST
def number_forget(request: SignedInRequest, pk: int) -> HttpResponse:
    """A number that no longer leads to whom it did."""
    known = get_object_or_404(PhoneNumber.objects.visible_to(request.user), pk=pk)
    forget_number(known, by=request.user, at=timezone.now())
    messages.success(request, f"{known.shown} leads to nobody now.")
    return redirect("admin:call_new")


def caller_of(request: SignedInRequest) -> Person:
    """The contact of `?caller=`, of an organisation for which this person may file; or 404."""
    given = request.GET["caller"]
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise Http404
    visible = Person.objects.visible_to(request.user).active().filter(role__in=CUSTOMER_ROLES)
    found: Person = get_object_or_404(visible.select_related("organisation"), pk=int(given))
    if found.organisation is None or not policies.may_file_for(request.user, found.organisation):
        raise Http404
    return found


def _log(request: SignedInRequest, caller: Person, form: CallForm) -> HttpResponse:
    at, facts, talk = timezone.now(), form.facts(), form.talk()
    organisation = form.organisation
    asked: dict[str, Any] = {"facts": facts, "about": form.cleaned_data["about"], **talk}
    report = form.asked()

    def log() -> Incident:
        kept = form.cleaned_data.get("remember")
        if kept and facts.number:
            person = caller if kept == THEIRS else None
            remember_number(facts.number, organisation, person=person, by=request.user, at=at)
        about = form.incident
        if about is None:
            return log_report(facts, contact=caller, by=request.user, at=at, **talk, **report)
        return log_call(about, facts, contact=caller, by=request.user, at=at, **talk)

    incident, fresh = filed_once(
        request.user, key=form.cleaned_data["key"], asked={**asked, **report}, at=at, file=log
    )
    if fresh:
        messages.success(request, f"The call with {caller} was logged on {incident.number}.")
    return redirect("admin:incident", incident.number)
