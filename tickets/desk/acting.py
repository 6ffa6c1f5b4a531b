"""One address for each action on an incident: its form, and doing it. What was typed stays."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from accounts.http import SignedInRequest
from accounts.models import Person
from accounts.tenancy import keep_what_was_written
from core.errors import NotAllowed, Refusal
from tickets.actions.locking import locked
from tickets.actions.repeats import done_once
from tickets.actions.sending import send_now
from tickets.desk.after import lead_on, stays
from tickets.desk.incident import (
    Shown,
    facts_of,
    fresh_form,
    incident_of,
    incident_page,
    take_up_drafts,
)
from tickets.desk.meanwhile import HEEDS, newest_said, refuse_stale
from tickets.desk.offers import FOLDED, offers_of
from tickets.desk.page_actions import PAGE_ACTIONS, PageAction
from tickets.desk.properties import IN_PLACE
from tickets.desk.sending import HeldWords
from tickets.errors import KeyReused
from tickets.forms.drafts import closing_kept
from tickets.forms.staff import ActionForm, AnswerForm, SayingForm
from tickets.models import Incident

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
    incident = _answered(incident, request.user, name)
    form = page_action.form(
        request.POST, request.FILES, incident=incident, person=request.user, name=name
    )
    take_up_drafts([form], incident, request.user)
    if not form.is_valid():
        return _again(request, page_action, form, status=400)
    try:
        with closing_kept(form):
            said = _do(request, page_action, form, incident)
    except KeyReused as refusal:
        form.add_error(None, SENT_BEFORE)
        return _again(request, page_action, form, status=refusal.status)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _again(request, page_action, form, status=refusal.status)
    if said and not (isinstance(said, HeldWords) and stays(request)):
        messages.success(request, said)
    return _done(request, page_action.name, incident)


def _answered(incident: Incident, person: Person, name: str) -> Incident:
    """As it is once their own answer is out: who goes on, as to close it, takes none back."""
    if name in HEEDS and send_now(incident, by=person, at=timezone.now()):
        return incident_of(person, incident.number)
    return incident


def _done(request: SignedInRequest, name: str, incident: Incident) -> HttpResponse:
    """Back to the page; for htmx what changed of it, while what is being typed stays."""
    if not request.htmx:  # type: ignore[attr-defined]
        return lead_on(request, incident)
    incident, at = incident_of(request.user, incident.number), timezone.now()
    facts = facts_of(incident, request.user, at, shown=Shown(), newest=newest_said(incident))
    response = render(request, "staff/incident/_changed.html", facts)
    return trigger_client_event(response, "incident:changed", {"by": name}, after="settle")


def _opened(request: SignedInRequest, page_action: PageAction, incident: Incident) -> HttpResponse:
    """A form that the page shows folded: alone for htmx, else the page with it open."""
    form = fresh_form(page_action, incident, request.user) if page_action.name in FOLDED else None
    if form is None:
        raise Http404
    if not request.htmx:  # type: ignore[attr-defined]
        return incident_page(request, incident, Shown(form=(page_action.name, form)))
    return _form_alone(request, page_action, form, incident)


def _form_alone(
    request: SignedInRequest,
    page_action: PageAction,
    form: ActionForm,
    incident: Incident,
    status: int = 200,
) -> HttpResponse:
    """For htmx: what stands in the rail, or in the sheet over the composer."""
    (offer,) = offers_of(incident, {page_action.name}, shown=(page_action.name, form))
    context = {"offer": offer, "incident": incident, "max_bytes": settings.ATTACHMENT_MAX_BYTES}
    in_place = page_action.name in IN_PLACE
    template = "staff/_page_action_form.html" if in_place else "staff/incident/_sheet.html"
    return render(request, template, context, status=status)


@transaction.atomic
def _do(
    request: SignedInRequest, page_action: PageAction, form: ActionForm, incident: Incident
) -> str:
    """What the page says afterwards; nothing when this very form was handled before."""
    at, asked, words = timezone.now(), form.asked(), []

    def do() -> None:
        locked(incident)  # nobody else writes between our look and our answer
        refuse_stale(page_action.name, form, incident, request.user)
        words.append(page_action.do(incident, request.user, at, asked))
        if isinstance(form, SayingForm):
            form.was_sent()

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
    form.renew(seen=newest_said(incident), version=incident.__dict__["journal_version"] or 0)
    if isinstance(form, SayingForm):
        form.keep(request.FILES.getlist("files"), at=timezone.now())
    if request.htmx and page_action.name in FOLDED:  # type: ignore[attr-defined]
        return _form_alone(request, page_action, form, incident, status)
    shown = Shown(form=(page_action.name, form), seen=seen)
    return keep_what_was_written(incident_page(request, incident, shown, status=status))
