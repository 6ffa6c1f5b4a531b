"""An engineer's own duty: the shifts to come, and what colleagues ask of each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from accounts.models import Person
from core.errors import Refusal
from rota import policies
from rota.actions.swaps import agree_to_swap, ask_swap, decline_swap, withdraw_swap
from rota.desk.forms_of import SECTION, handled
from rota.errors import NotAllowed
from rota.forms import SwapForm, local
from rota.models import Absence, Shift, Swap
from rota.reads.duty import duty_of

AHEAD = timedelta(weeks=4)  # how far the page looks

PAGE_ACTIONS = {
    "agree": (agree_to_swap, "The shift is yours. Your colleague and the managers are notified."),
    "decline": (decline_swap, "You said no. Your colleague is notified, and keeps the shift."),
    "withdraw": (withdraw_swap, "You ask no more. The shift stays yours."),
}


@dataclass(frozen=True)
class Row:
    """A shift of the reader, and whom they ask to take it."""

    shift: Shift
    is_running: bool
    swap: Swap | None


@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """The reader's next four weeks; one query each for shifts, absences, swaps and duty."""
    reader, at = request.user, timezone.now()
    if not policies.has_duty(reader):
        raise NotAllowed()
    swaps = list(
        Swap.objects.visible_to(reader)
        .open(at)
        .select_related("shift", "in_return", "asked_by", "asked_of")
    )
    asked = {one.shift_id: one for one in swaps if one.asked_by_id == reader.pk}
    context = {
        "duty": duty_of(reader, at=at),
        "rows": [Row(one, one.starts_at <= at, asked.get(one.pk)) for one in _shifts(reader, at)],
        "asked_of_me": [one for one in swaps if one.asked_of_id == reader.pk],
        "absences": Absence.objects.filter(person=reader, ends_at__gt=at),
        "section": SECTION,
    }
    return render(request, "staff/rota_mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def swap_ask(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whom to ask about one of the reader's own shifts."""
    reader, at = request.user, timezone.now()
    shift = get_object_or_404(Shift.objects.filter(person=reader), pk=pk)
    form = SwapForm(shift, request.POST if request.method == "POST" else None, at=at)

    def do() -> str:
        swap = ask_swap(shift, **form.asked(), by=reader, at=at)
        return f"{swap.asked_of} is asked. The shift is yours until they agree."

    start, end = local(shift.starts_at, reader), local(shift.ends_at, reader)
    lead = f"Your shift of {start:%A} {start.day} {start:%B}, {start:%H:%M} to {end:%H:%M}"
    title = "Ask a colleague to take a shift"
    return handled(request, form, do, title, "Ask", lead, back="admin:rota_mine")


@require_POST
def swap_action(request: SignedInRequest, pk: int, page_action: str) -> HttpResponse:
    if page_action not in PAGE_ACTIONS:
        raise Http404
    swap = get_object_or_404(Swap.objects.visible_to(request.user), pk=pk)
    action, done = PAGE_ACTIONS[page_action]
    try:
        action(swap, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("admin:rota_mine")


def _shifts(person: Person, at: datetime) -> list[Shift]:
    return list(Shift.objects.filter(person=person).within(at, at + AHEAD))
