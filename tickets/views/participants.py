"""Which colleagues take part in an incident and who sees it; from its page in the portal."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import ContactRequest, contact_required
from accounts.models import Person
from core.reading import one_or_404
from tickets import policies
from tickets.actions import participants
from tickets.actions.private import set_private
from tickets.models import Incident


@require_POST
@contact_required
def join(request: ContactRequest, number: str) -> HttpResponse:
    """Have the `person` of the form told of the answers, who is a colleague or oneself."""
    incident, person = _asked(request, number)
    if participants.join(incident, person, by=request.user, at=timezone.now()):
        messages.success(request, f"{_name(request, person)} notified of each answer from now on.")
    return redirect("tickets:detail", number)


@require_POST
@contact_required
def leave(request: ContactRequest, number: str) -> HttpResponse:
    """Have the `person` of the form told no more."""
    incident, person = _asked(request, number)
    if participants.leave(incident, person, by=request.user, at=timezone.now()):
        messages.success(request, f"{_name(request, person)} not notified any more.")
    if not policies.may_see(request.user, incident):  # who left sees it no more (F4)
        return redirect("tickets:list")
    return redirect("tickets:detail", number)


@require_POST
@contact_required
def privacy(request: ContactRequest, number: str) -> HttpResponse:
    """Keep it among those who take part (`private=yes`), or open it to the organisation."""
    visible = Incident.objects.visible_to(request.user).select_related("organisation")
    incident = one_or_404(visible, number=number)
    private = request.POST.get("private") == "yes"
    if set_private(incident, private=private, by=request.user, at=timezone.now()):
        said = "Only you and who takes part see it now." if private else "It is private no more."
        messages.success(request, said)
    return redirect("tickets:detail", number)


def _asked(request: ContactRequest, number: str) -> tuple[Incident, Person]:
    visible = Incident.objects.visible_to(request.user).select_related("organisation")
    pk = request.POST.get("person", "")
    colleagues = Person.objects.visible_to(request.user)
    wanted = int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 10 else 0
    return get_object_or_404(visible, number=number), get_object_or_404(colleagues, pk=wanted)


def _name(request: ContactRequest, person: Person) -> str:
    return "You are" if person == request.user else f"{person} is"
