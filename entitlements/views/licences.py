"""Registering a licence in the portal."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from accounts.http import ContactRequest, contact_required
from accounts.models import Organisation
from core.form_pages import submitted
from entitlements import policies
from entitlements.actions.attempts import note_registration
from entitlements.actions.claims import register_own
from entitlements.errors import LicenceRegistered
from entitlements.forms.licences import RegisterLicenceForm
from entitlements.models import Licence
from entitlements.reads.coverage_summary import summary_of
from entitlements.reads.holdings import local_day


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def licence_new(request: ContactRequest) -> HttpResponse:
    """Register a licence of the own organisation. A second click leads to the same page."""
    if not policies.may_register_for(request.user, request.organisation):
        raise PermissionDenied
    today = local_day(timezone.now(), request.organisation.timezone)
    given = (request.POST,) if request.method == "POST" else ()
    form = RegisterLicenceForm(today, *given)
    done, status = submitted(request, form, lambda: _register(request, form))
    if done is not None:
        return done
    page = {"form": form, "section": "entitlements:coverage"}
    return render(request, "entitlements/licence_new.html", page, status=status)


def _register(request: ContactRequest, form: RegisterLicenceForm) -> HttpResponse:
    at = timezone.now()
    try:
        note_registration(request.organisation)
        licence = register_own(request.organisation, at=at, by=request.user, **form.cleaned_data)
    except LicenceRegistered as before:
        messages.info(request, str(before))
        return redirect("entitlements:coverage")
    messages.success(request, _begins(licence, request.organisation, at))
    return redirect("entitlements:coverage")


def _begins(licence: Licence, organisation: Organisation, at: datetime) -> str:
    """What support the licence has now, and until when; of a claim that it waits."""
    if not licence.counts:
        return (
            f"We have your registration of {licence.product} ({licence.key}), and check it. Nothing"
            " is promised on it until it is confirmed; what you report meanwhile is kept and taken"
            " up then. We tell you by mail."
        )
    (support,) = summary_of(organisation, at=at, licences=[licence])
    until = date_format(support.until_on, "j F Y") if support.until_on else "further notice"
    promise = support.promise[0].lower() + support.promise[1:]
    return (
        f"{licence.product} ({licence.key}) is registered. It has {support.level_label} support"
        f" until {until}: {promise}."
    )
