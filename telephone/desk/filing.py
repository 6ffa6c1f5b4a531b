"""Filing an incident for a customer who called or wrote."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from accounts.models import Organisation
from core.form_pages import submitted
from entitlements.enums import SPOKEN
from telephone.actions.calls import log_report
from telephone.actions.records import CallFacts
from tickets import policies
from tickets.actions.filing import Report, file_incident
from tickets.actions.repeats import filed_once
from tickets.forms.staff import ChooseOrganisationForm, FileForForm
from tickets.models import Incident


@require_http_methods(["GET", "HEAD", "POST"])
def incident_new(request: SignedInRequest) -> HttpResponse:
    """First the customer (`?organisation=`), then the report. What was typed is never lost."""
    chooser = ChooseOrganisationForm(request.user, request.GET or None)
    organisation = chooser.cleaned_data["organisation"] if chooser.is_valid() else None
    if organisation is None:
        if request.method == "POST":
            raise Http404
        return _show(request, chooser, None, None)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FileForForm(organisation, request.user, *given)
    done, status = submitted(request, form, lambda: _file(request, organisation, form))
    return done or _show(request, chooser, organisation, form, status=status)


def _file(request: SignedInRequest, organisation: Organisation, form: FileForForm) -> HttpResponse:
    if not policies.may_file_for(request.user, organisation):
        raise Http404
    at, asked = timezone.now(), form.asked()

    def file() -> Incident:
        if asked["channel"] not in SPOKEN:
            return file_incident(
                Report(
                    **asked,
                ),
                by=request.user,
                at=at,
            )
        report = {**asked}  # by telephone: the call is kept with it, as its evidence (E2)
        contact, said = report.pop("reporter"), report.pop("body")
        return log_report(CallFacts(), contact=contact, by=request.user, at=at, said=said, **report)

    incident, fresh = filed_once(
        request.user,
        key=form.cleaned_data["key"],
        asked={**asked, "files": [file.name for file in asked["files"]]},
        at=at,
        file=file,
    )
    if fresh:
        messages.success(request, f"{incident.number} was filed for {incident.reporter}.")
    return redirect("admin:incident", incident.number)


def _show(
    request: SignedInRequest,
    chooser: ChooseOrganisationForm,
    organisation: Organisation | None,
    form: FileForForm | None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "chooser": chooser,
        "organisation": organisation,
        "form": form,
        "max_bytes": settings.ATTACHMENT_MAX_BYTES,
        "section": "Queue",
    }
    return render(request, "staff/incident_new.html", context, status=status)
