"""The customers' call-backs: ask for one, see what became of them, withdraw one."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import ContactRequest, contact_required
from core.errors import Refusal
from core.form_pages import submitted
from core.text import clean
from entitlements.reads.availability import ways_of
from telephone.actions import call_backs
from telephone.forms.call_backs import SLOT, AskForm
from telephone.models import CallBack
from telephone.reads.call_back_list import checked, rows_of
from telephone.reads.callers import numbers_of, open_incidents
from telephone.rules.phone import shown
from tickets.actions.repeats import made_once
from tickets.errors import KeyReused
from tickets.forms.portal import renew_key
from tickets.models import Incident

LAST = 20  # call-backs that the page names
SENT_BEFORE = "You asked for this call already. Send it again to ask for a second one."


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def call_back_list(request: ContactRequest) -> HttpResponse:
    """The hotline, the form while it is on, and the organisation's latest call-backs."""
    at = timezone.now()
    form = _form(request)

    def refused(refusal: Refusal) -> None:
        if isinstance(refusal, KeyReused):
            renew_key(form)
            form.add_error(None, SENT_BEFORE)
        else:
            form.add_error("number" if refusal.code == "bad_number" else None, str(refusal))

    done, status = submitted(request, form, lambda: _ask(request, form, at), refused=refused)
    if done is not None:
        return done
    latest = CallBack.objects.visible_to(request.user).for_list().order_by("-asked_at", "-pk")
    typed = str(form["number"].value() or "")
    context = {
        "hotline": ways_of(request.organisation, at=at).callback,
        "form": form,
        "checked": None if form.errors else checked(typed, request.organisation.country, at),
        "rows": rows_of(latest[:LAST], at),
        "within": settings.CALL_BACK_WITHIN_MINUTES,
    }
    return render(request, "tickets/call_backs.html", context, status=status)


@require_safe
@contact_required
def number_check(request: ContactRequest) -> HttpResponse:
    """What we make of a number, for htmx: its country and the time there, or why not."""
    typed = clean(request.GET.get("number", ""))
    found = checked(typed, request.organisation.country, timezone.now())
    return render(request, "tickets/_number.html", {"checked": found})


@require_POST
@contact_required
def call_back_withdraw(request: ContactRequest, pk: int) -> HttpResponse:
    call_back = get_object_or_404(CallBack.objects.visible_to(request.user), pk=pk)
    call_backs.withdraw(call_back, by=request.user, at=timezone.now())
    messages.success(request, gettext("The call-back was withdrawn. Nobody calls."))
    return redirect("telephone:call_backs")


def _form(request: ContactRequest) -> AskForm:
    known = numbers_of(request.user)
    visible = Incident.objects.visible_to(request.user)
    initial = {"number": shown(known[0]) if known else ""}
    given = (request.POST,) if request.method == "POST" else ()
    form = AskForm(
        request.user,
        *given,
        incidents=open_incidents(visible, request.organisation),
        within=settings.CALL_BACK_WITHIN_MINUTES,
        **initial,
    )
    asked_about = request.GET.get("incident", "")
    if asked_about and request.method != "POST":
        form.fields["incident"].initial = (
            visible.filter(number=clean(asked_about), closed_at=None)
            .values_list("pk", flat=True)
            .first()
        )
    return form


def _ask(request: ContactRequest, form: AskForm, at: datetime) -> HttpResponse:
    asked = form.asked()
    call_back, fresh = made_once(
        CallBack,
        request.user,
        key=form.cleaned_data["key"],
        asked={**asked, "incident": asked["incident"] and asked["incident"].pk},
        at=at,
        make=lambda: call_backs.ask(request.user, by=request.user, at=at, **asked),
    )
    if fresh:
        when = timezone.localtime(call_back.owed_at)
        later = f"{when.day} {when:%B, %H:%M %Z}"
        words = later if form.cleaned_data["when"] == SLOT else "at once"
        messages.success(request, f"We call {call_back.shown_number}: {words}. {form.note}".strip())
    return redirect("telephone:call_backs")
