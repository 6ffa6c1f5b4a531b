"""The rota of everybody: the table, weekly patterns, absences, shifts handed over."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Role
from accounts.http import SignedInRequest
from rota import policies
from rota.actions.absences import report_absence, withdraw_absence
from rota.actions.gaps import words_of
from rota.actions.patterns import remove_pattern, set_pattern
from rota.actions.shifts import hand_over
from rota.desk.forms_of import SECTION, handled
from rota.errors import NotAllowed
from rota.forms import AbsenceForm, HandOverForm, PatternForm, local
from rota.models import Absence, Pattern, Shift
from rota.reads import cover
from rota.reads.table import DAYS, table_of


@require_safe
def rota(request: SignedInRequest) -> HttpResponse:
    """Two weeks from today, or from the day `?from=`; gaps on top for the vendor's people."""
    at, reader = timezone.now(), request.user
    today = local(at, reader).date()
    try:
        first_on = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        first_on = today
    first_on = min(max(first_on, today - timedelta(days=366)), today + timedelta(days=366))
    zone, is_ours = ZoneInfo(reader.timezone), reader.role != Role.PARTNER
    patterns = Pattern.objects.visible_to(reader).select_related("person")
    absences = Absence.objects.visible_to(reader).filter(ends_at__gt=at).select_related("person")
    context = {
        "table": table_of(reader, first_on, at=at),
        "gaps": [words_of(one, zone) for one in cover.gaps(at)] if is_ours else [],
        "in_use": cover.is_in_use(),
        "is_ours": is_ours,
        "patterns": patterns.order_by("person__name", "starts_at"),
        "absences": [
            (
                one,
                policies.may_see_reason(reader, one.person),
                policies.may_report_absence(reader, one.person),
            )
            for one in absences
        ],
        "may_plan": policies.may_plan(reader),
        "may_report": reader.is_manager or policies.has_duty(reader),
        "has_duty": policies.has_duty(reader),
        "before": first_on - timedelta(days=DAYS),
        "after": first_on + timedelta(days=DAYS),
        "section": SECTION,
    }
    return render(request, "staff/rota.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def pattern_new(request: SignedInRequest) -> HttpResponse:
    if not policies.may_plan(request.user):
        raise NotAllowed()
    form = PatternForm(request.POST if request.method == "POST" else None)

    def do() -> str:
        set_pattern(**form.asked(), by=request.user, at=timezone.now())
        return "The pattern is kept; its shifts of eight weeks are laid out."

    return handled(request, form, do, "Add a weekly pattern", "Keep the pattern")


@require_POST
def pattern_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    pattern = get_object_or_404(Pattern.objects.visible_to(request.user), pk=pk)
    remove_pattern(pattern, by=request.user, at=timezone.now())
    messages.success(request, "The pattern was removed with its shifts to come.")
    return redirect("admin:rota")


@require_http_methods(["GET", "HEAD", "POST"])
def absence_new(request: SignedInRequest) -> HttpResponse:
    if not (request.user.is_manager or policies.has_duty(request.user)):
        raise NotAllowed()
    form = AbsenceForm(request.user, request.POST if request.method == "POST" else None)

    def do() -> str:
        report_absence(**form.asked(), by=request.user, at=timezone.now())
        return "The absence is kept. Nothing fresh is given out in this time."

    return handled(request, form, do, "Report an absence", "Keep the absence")


@require_POST
def absence_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    visible = Absence.objects.visible_to(request.user).select_related("person")
    absence = get_object_or_404(visible, pk=pk)
    withdraw_absence(absence, by=request.user, at=timezone.now())
    messages.success(request, "The absence was withdrawn.")
    return redirect("admin:rota")


@require_http_methods(["GET", "HEAD", "POST"])
def shift_hand_over(request: SignedInRequest, pk: int) -> HttpResponse:
    if not policies.may_plan(request.user):
        raise NotAllowed()
    visible = Shift.objects.visible_to(request.user).select_related("person")
    shift = get_object_or_404(visible, pk=pk)
    form = HandOverForm(request.POST if request.method == "POST" else None)

    def do() -> str:
        to = form.cleaned_data["colleague"]
        hand_over(shift, to=to, by=request.user, at=timezone.now())
        return f"{to} has this shift now."

    start, end = local(shift.starts_at, request.user), local(shift.ends_at, request.user)
    lead = f"{shift.person}, {start:%a} {start.day} {start:%B %H:%M} to {end:%H:%M}"
    return handled(request, form, do, "Hand a shift over", "Hand it over", lead)
