"""Where one is signed in, and signing out there."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import sessions
from accounts.http import SignedInRequest, layout_of
from core import rls


@require_safe
@login_required
def session_list(request: SignedInRequest) -> HttpResponse:
    rows = sessions.running(request.user, at=timezone.now())
    context = {
        "rows": rows,
        "here": request.session.get(sessions.HERE),
        "layout": layout_of(request.user),
    }
    return render(request, "accounts/sessions.html", context)


@require_POST
@login_required
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(request.user.sign_ins.select_related("person"), pk=pk)
    with rls.everything():  # the vendor's own people belong to no organisation
        sessions.end(row, by=request.user, at=timezone.now())
    messages.success(request, gettext("You are signed out there."))
    return redirect("accounts:sessions")


@require_POST
@login_required
def end_everywhere(request: SignedInRequest) -> HttpResponse:
    person = request.user
    with rls.everything():  # the vendor's own people belong to no organisation
        sessions.end_everywhere(person, by=person, at=timezone.now(), request=request)
    messages.success(request, gettext("You are signed out everywhere but here."))
    return redirect("accounts:sessions")
