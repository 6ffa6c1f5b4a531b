"""Where canned answers are kept: one's own, the team's, everybody's."""

from __future__ import annotations

from dataclasses import fields

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.form_pages import submitted
from core.reading import one_or_404
from tickets import policies
from tickets.actions.canned import Canned, keep_canned, retire_canned
from tickets.forms.canned import CannedForm
from tickets.models import CannedAnswer
from tickets.rules.canned import PLACEHOLDERS

SECTION = "Canned answers"


@require_http_methods(["GET", "HEAD"])
def canned_answers(request: SignedInRequest) -> HttpResponse:
    """Those that this person may use; `?q=` narrows them."""
    words = request.GET.get("q", "").replace("\0", "")[:80]
    found = CannedAnswer.objects.usable_by(request.user).select_related("kept_by")
    for word in words.split():
        found = found.filter(title__icontains=word) | found.filter(text__icontains=word)
    rows = [(one, policies.may_change_kept(request.user, one)) for one in found]
    context = {"rows": rows, "words": words, "section": SECTION}
    return render(request, "staff/canned_answers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def canned_new(request: SignedInRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def canned_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """One of them, to change or to take away by who may; 404 for everybody else."""
    usable = CannedAnswer.objects.usable_by(request.user)
    found = one_or_404(usable, pk=pk)
    if request.method == "POST" and "retire" in request.POST:
        retire_canned(found, by=request.user, at=timezone.now())
        messages.success(request, f"“{found.title}” is offered no more.")
        return redirect("admin:canned_answers")
    return _edit(request, found)


def _edit(request: SignedInRequest, old: CannedAnswer | None) -> HttpResponse:
    names = [one.name for one in fields(Canned)]
    initial = {name: getattr(old, name) for name in names} if old else {}
    form = CannedForm(request.user, request.POST or None, initial=initial)

    def save() -> HttpResponse:
        one = keep_canned(form.wanted(), by=request.user, at=timezone.now(), old=old)
        messages.success(request, f"“{one.title}” is kept.")
        return redirect("admin:canned_answers")

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {
        "form": form,
        "canned": old,
        "may_change": old is None or policies.may_change_kept(request.user, old),
        "placeholders": PLACEHOLDERS.items(),
        "section": SECTION,
    }
    return render(request, "staff/canned_answer.html", context, status=status)
