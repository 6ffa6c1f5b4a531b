"""Parts of the incident's page that are fetched when somebody asks for them.

Each is a page as well: the incident's, with that part in it, for a browser without JavaScript.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from core.reading import one_or_404
from tickets.desk.incident import Shown, facts_of, incident_of, incident_page, tabs_of
from tickets.desk.tabs import TABS, Tab
from tickets.models import Message
from tickets.reads.conversation import Entry, conversation_of, earlier


def view_of(tab: Tab) -> Callable[..., HttpResponse]:
    """The view that shows one tab."""

    @require_safe
    def incident_tab(request: SignedInRequest, number: str) -> HttpResponse:
        incident = incident_of(request.user, number)
        read = tab.read(incident, request.user, timezone.now())
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, tab.template, {"incident": incident, **read})
        return incident_page(request, incident, Shown(tab=tab, read=read))

    return incident_tab


@require_safe
def incident_earlier(request: SignedInRequest, number: str) -> HttpResponse:
    """The messages before `?before=`, some at a time; as a page all of them."""
    incident = incident_of(request.user, number)
    if not request.htmx:  # type: ignore[attr-defined]
        return incident_page(request, incident, Shown(whole=True))
    before = request.GET.get("before", "")
    if not before.isascii() or not before.isdigit() or len(before) > 18:
        raise Http404
    entries, hidden, first = earlier(incident, request.user, before=int(before))
    context = {"incident": incident, "entries": entries, "hidden": hidden, "before": first}
    return render(request, "staff/incident/_earlier.html", context)


@require_safe
def incident_live(request: SignedInRequest, number: str) -> HttpResponse:
    """What of an open page changes by itself; what is typed is no part of it."""
    incident = incident_of(request.user, number)
    said = conversation_of(incident, request.user)
    facts = facts_of(incident, request.user, timezone.now(), shown=Shown(), newest=said.newest)
    context = {**facts, "conversation": said, "tabs": tabs_of(incident)}
    return render(request, "staff/incident/_live_parts.html", context)


@require_safe
def incident_message(request: SignedInRequest, number: str, message: int) -> HttpResponse:
    """One long message in whole."""
    incident = incident_of(request.user, number)
    seen = Message.objects.visible_to(request.user).said_on(incident)
    entry = Entry(one_or_404(seen.for_conversation(), pk=message))
    context = {"incident": incident, "entry": entry, "section": "Queue"}
    return render(request, "staff/incident/message.html", context)


TAB_PAGES = tuple(
    (f"incidents/<slug:number>/{tab.name}/", view_of(tab), tab.url_name) for tab in TABS.values()
)
