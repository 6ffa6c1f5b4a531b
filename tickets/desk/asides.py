"""The side conversations of an incident's page: each form leads back to the tab (X4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import SignedInRequest
from accounts.models import Person
from core.errors import Refusal
from core.reading import one_or_404
from tickets.actions.asides import AsideWords, ask_too, leave_aside, open_aside, say_aside
from tickets.actions.repeats import done_once
from tickets.desk.incident import Shown, incident_of, incident_page, tabs_of
from tickets.desk.tabs import TABS
from tickets.enums import TextFormat
from tickets.forms.asides import AskForm, KeyedForm, PersonForm, SayForm
from tickets.models import Aside, Incident

TAB = TABS["aside"]


@require_POST
def aside_new(request: SignedInRequest, number: str) -> HttpResponse:
    """Ask a colleague, in a conversation of its own."""
    incident = incident_of(request.user, number)
    form = AskForm(request.POST, incident=incident, by=request.user)
    if not form.is_valid():
        return _shown(request, incident, {"ask": form, "focus_on": "new"}, status=400)
    made: list[Aside] = []

    def do(at: datetime) -> None:
        seen = Person.objects.visible_to(request.user)
        people = list(seen.filter(pk=form.cleaned_data["to"]))
        made.append(open_aside(incident, _words(form), people=people, by=request.user, at=at))

    refusal = _once(request, incident, form, "new", do)
    if refusal is not None:
        form.add_error(None, str(refusal))
        return _shown(request, incident, {"ask": form, "focus_on": "new"}, status=refusal.status)
    return _back(request, incident, made[0].pk if made else None)


@require_POST
def aside_say(request: SignedInRequest, number: str, aside: int) -> HttpResponse:
    """Write in it."""
    incident, found = _found(request, number, aside)
    form = SayForm(request.POST)
    said: dict[str, Any] = {"said": form, "focus_on": found.pk}
    if not form.is_valid():
        return _shown(request, incident, said, status=400)

    def do(at: datetime) -> None:
        say_aside(found, _words(form), author=request.user, at=at)

    refusal = _once(request, incident, form, str(found.pk), do)
    if refusal is not None:
        form.add_error(None, str(refusal))
        return _shown(request, incident, said, status=refusal.status)
    return _back(request, incident, found.pk)


@require_POST
def aside_ask(request: SignedInRequest, number: str, aside: int) -> HttpResponse:
    """Ask one more; who takes part already is asked nothing."""
    incident, found = _found(request, number, aside)
    person = _person(request)
    try:
        with transaction.atomic():
            ask_too(found, person=person, by=request.user, at=timezone.now())
    except Refusal as refusal:
        context = {"refused": str(refusal), "focus_on": found.pk}
        return _shown(request, incident, context, status=refusal.status)
    return _back(request, incident, found.pk)


@require_POST
def aside_leave(request: SignedInRequest, number: str, aside: int) -> HttpResponse:
    """Take part no more, or take somebody out. Who sees the incident by it alone goes home."""
    incident, found = _found(request, number, aside)
    leave_aside(found, person=_person(request), by=request.user, at=timezone.now())
    if not Incident.objects.visible_to(request.user).filter(pk=incident.pk).exists():
        return _away(request)
    return _back(request, incident, found.pk)


def _found(request: SignedInRequest, number: str, aside: int) -> tuple[Incident, Aside]:
    incident = incident_of(request.user, number)
    seen = Aside.objects.visible_to(request.user).select_related("incident__organisation")
    return incident, one_or_404(seen, pk=aside)


def _person(request: SignedInRequest) -> Person:
    form = PersonForm(request.POST)
    named = form.cleaned_data["person"] if form.is_valid() else 0
    person: Person = one_or_404(Person.objects.visible_to(request.user), pk=named)
    return person


def _words(form: KeyedForm) -> AsideWords:
    return AsideWords(body=form.cleaned_data["body"], format=TextFormat.MARKDOWN)


def _once(
    request: SignedInRequest,
    incident: Incident,
    form: KeyedForm,
    what: str,
    do: Callable[[datetime], None],
) -> Refusal | None:
    """Do it once under the form's key; the refusal where it can not be done."""
    at = timezone.now()
    asked = {**form.cleaned_data, "aside": what, "incident": incident.pk}
    try:
        with transaction.atomic():
            done_once(
                request.user,
                key=form.cleaned_data["key"],
                asked=asked,
                at=at,
                incident=incident,
                do=lambda: do(at),
            )
    except Refusal as refusal:
        return refusal
    return None


def _back(request: SignedInRequest, incident: Incident, aside: int | None) -> HttpResponse:
    """To the tab, at the conversation; for htmx the tab itself with what is there now."""
    if not request.htmx:  # type: ignore[attr-defined]
        page = reverse("admin:incident_aside", args=[incident.number])
        return redirect(f"{page}#aside-{aside}" if aside else page)
    return _shown(request, incident_of(request.user, incident.number), {"focus_on": aside})


def _away(request: SignedInRequest) -> HttpResponse:
    queue = reverse("admin:queue")
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Redirect": queue})
    return redirect(queue)


def _shown(
    request: SignedInRequest, incident: Incident, more: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    read = {**TAB.read(incident, request.user, timezone.now()), **more}
    if not request.htmx:  # type: ignore[attr-defined]
        return incident_page(request, incident, Shown(tab=TAB, read=read), status=status)
    context = {"incident": incident, "tab": TAB, "tabs": tabs_of(incident), **read}
    return render(request, "staff/incident/_aside_changed.html", context, status=status)
