"""The library of cases that operations audits choose from: data that managers keep."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.form_pages import submitted
from core.reading import one_or_404
from engagements import policies
from engagements.actions.audit_library import keep_case
from engagements.actions.audits import OwnCase
from engagements.enums import CaseArea, Severity
from engagements.forms.acting import long_field
from engagements.models import LibraryCase

SECTION = "Audit cases"


class LibraryForm(forms.Form):
    title = forms.CharField(max_length=120)
    area = forms.ChoiceField(choices=CaseArea.choices)
    severity = forms.ChoiceField(choices=Severity.choices)
    procedure = long_field("What is done", rows=3)
    expectation = long_field("What is expected", rows=2)
    is_offered = forms.BooleanField(required=False, initial=True, label="Offered to audits")


@require_http_methods(["GET", "HEAD", "POST"])
def audit_library(request: SignedInRequest) -> HttpResponse:
    """All cases; managers add one, or change that of `?of=`."""
    if not policies.may_read_list(request.user):
        raise Http404
    asked = request.GET.get("of", "")
    old = one_or_404(LibraryCase.objects.all(), pk=int(asked)) if asked.isdecimal() else None
    names = ("title", "area", "severity", "procedure", "expectation", "is_offered")
    first = {name: getattr(old, name) for name in names} if old else None
    form = LibraryForm(request.POST or None, initial=first)

    def save() -> HttpResponse:
        said: dict[str, Any] = dict(form.cleaned_data)
        offered = said.pop("is_offered")
        kept = keep_case(
            OwnCase(**said), is_offered=offered, old=old, by=request.user, at=timezone.now()
        )
        messages.success(request, f"“{kept.title}” is kept.")
        return redirect("admin:audit_library")

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {
        "rows": LibraryCase.objects.all(),
        "old": old,
        "form": form,
        "may_keep": policies.may_keep_catalogue(request.user),
        "section": SECTION,
    }
    return render(request, "engagements/audit_library.html", context, status=status)


PAGES = (("audit-cases/", audit_library, "audit_library"),)
