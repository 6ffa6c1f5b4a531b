"""The journal as managers and account managers read it (A1)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.models import Organisation
from core.errors import NotAllowed
from core.models import JournalEntry
from core.paging import slice_of
from tickets import policies
from tickets.forms.journal import JournalForm
from tickets.reads.journal import known_kinds, shown


@require_safe
def journal(request: SignedInRequest) -> HttpResponse:
    """Newest first. Account managers read of their organisations, managers everything."""
    person = request.user
    if not policies.may_see_journal(person):
        raise NotAllowed()
    form = JournalForm(person, request.GET)
    entries = JournalEntry.objects.filter(form.conditions()).select_related("by", "organisation")
    if not person.is_manager:
        entries = entries.filter(organisation__in=Organisation.objects.visible_to(person))
    page = slice_of(entries.order_by("-at", "-pk"), request.GET.get("page"))
    context = {
        "page": page,
        "rows": shown(page.rows),
        "form": form,
        "kinds": known_kinds(),
        "section": "Journal",
    }
    return render(request, "staff/journal.html", context)
