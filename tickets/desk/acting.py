"""One address for each action on an incident: its form, and doing it. What was typed stays."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.errors import NotAllowed, Refusal
from tickets.actions.locking import locked
from tickets.actions.repeats import done_once
from tickets.desk.incident import fresh_form, incident_of, incident_page, newest_said
from tickets.desk.offers import FOLDED, offers_of
from tickets.desk.page_actions import PAGE_ACTIONS, PageAction
from tickets.errors import AnsweredMeanwhile, KeyReused
from tickets.forms.staff import ActionForm, AnswerForm
from tickets.models import Incident

FILES_AGAIN = "A browser does not keep chosen files: attach them again."

SENT_BEFORE = "This form was sent before, with other words. Look at the page, then send it again."


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: SignedInRequest, number: str, name: str) -> HttpResponse:
    """Do it and lead back to the page; a refusal shows the page with the form as it was sent.

    Whoever may not do it at all gets the refusal alone. The same form sent twice acts once.
    """
    page_action = PAGE_ACTIONS.get(name)
    if page_action is None:
        raise Http404
    incident = incident_of(request.user, number)
    if request.method != "POST":
        return _opened(request, page_action, incident)
    if not page_action.may(request.user, incident):
        raise NotAllowed()
    form = page_action.form(
        request.POST, request.FILES, incident=incident, person=request.user, name=name
    )
    if not form.is_valid():
        return _again(request, page_action, form, status=400)
    try:
        said = _do(request, page_action, form, incident)
    except KeyReused as refusal:
        form.add_error(None, SENT_BEFORE)
        return _again(request, page_action, form, status=refusal.status)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _again(request, page_action, form, status=refusal.status)
    if said:
        messages.success(request, said)
    page = reverse("admin:incident", args=[incident.number])
    return redirect(f"{page}#messages")  # else the browser keeps the fragment of the form


def _opened(request: SignedInRequest, page_action: PageAction, incident: Incident) -> HttpResponse:
    """A form that the page shows folded: alone for htmx, else the page with it open."""
    form = fresh_form(page_action, incident, request.user) if page_action.name in FOLDED else None
    if form is None:
        raise Http404
    shown = (page_action.name, form)
    if not request.htmx:  # type: ignore[attr-defined]
        return incident_page(request, incident, shown=shown)
    (offer,) = offers_of(incident, {page_action.name}, shown=shown)
    context = {"offer": offer, "max_bytes": settings.ATTACHMENT_MAX_BYTES}
    return render(request, "staff/_page_action_form.html", context)


@transaction.atomic
def _do(
    request: SignedInRequest, page_action: PageAction, form: ActionForm, incident: Incident
) -> str:
    """What the page says afterwards; nothing when this very form was handled before."""
    at, asked, words = timezone.now(), form.asked(), []

    def do() -> None:
        locked(incident)  # nobody else writes between our look and our answer
        if isinstance(form, AnswerForm) and newest_said(incident) > (
            form.cleaned_data["seen"] or 0
        ):
            raise AnsweredMeanwhile()
        words.append(page_action.do(incident, request.user, at, asked))

    files = [file.name for file in asked.get("files", ())]
    done_once(
        request.user,
        key=form.cleaned_data["key"],
        asked={**asked, "files": files, "page_action": page_action.name, "incident": incident.pk},
        at=at,
        incident=incident,
        do=do,
    )
    return words[0] if words else ""


def _again(
    request: SignedInRequest, page_action: PageAction, form: ActionForm, *, status: int
) -> HttpResponse:
    incident = incident_of(request.user, form.incident.number)
    seen = form.cleaned_data.get("seen") if isinstance(form, AnswerForm) else None
    form.renew(seen=newest_said(incident))
    if request.FILES and "files" in form.fields:
        form.add_error("files", FILES_AGAIN)
    return incident_page(
        request, incident, shown=(page_action.name, form), status=status, seen=seen
    )
