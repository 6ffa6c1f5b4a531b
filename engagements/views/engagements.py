"""The customers' engagements: the list, asking for one, its page, what they can do, files."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import ContactRequest, SignedInRequest, contact_required, person_required
from core.form_pages import submitted
from core.paging import slice_of
from engagements import policies
from engagements.actions.kinds import ask
from engagements.actions.requesting import Wish
from engagements.enums import Kind
from engagements.forms.acting import answer
from engagements.forms.kinds import PORTAL_ACTIONS, REQUEST_FORMS, REQUESTABLE
from engagements.forms.spine import RequestForm
from engagements.models import AuditEvidence, DocumentVersion, Engagement, MessageFile
from engagements.reads.calendar import ics_of_one
from engagements.reads.kinds import panel_of
from engagements.reads.list import offers_for, rows_of
from engagements.reads.page import page_of


@require_safe
@contact_required
def engagement_list(request: ContactRequest) -> HttpResponse:
    """What runs and what was, and what can be asked for."""
    at = timezone.now()
    found = Engagement.objects.visible_to(request.user).for_list()
    page = slice_of(found.order_by("-requested_at", "-pk"), request.GET.get("page"), size=20)
    context = {
        "rows": rows_of(page.rows, at=at, for_customer=True),
        "page": page,
        "offers": offers_for(request.organisation, REQUESTABLE, at=at),
    }
    return render(request, "engagements/portal_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def engagement_new(request: ContactRequest, kind: str) -> HttpResponse:
    """Ask for one. Without the right it says what it takes, before anything is typed."""
    if kind not in [one.value for one in REQUESTABLE]:
        raise Http404
    wanted, at = Kind(kind), timezone.now()
    form_class = REQUEST_FORMS.get(wanted, RequestForm)
    form = form_class(*((request.POST,) if request.method == "POST" else ()))

    def act() -> HttpResponse:
        data = form.cleaned_data
        wish = Wish(kind=wanted, title=data["title"], summary=data["summary"])
        who: dict[str, Any] = {"contact": request.user, "by": request.user, "at": at}
        made = ask(request.organisation, wish, form.more(), **who)
        return redirect("engagements:detail", made.number)

    done, status = submitted(request, form, act)
    if done is not None:
        return done
    (offer,) = offers_for(request.organisation, [wanted], at=at)
    context = {"offer": offer, "form": form}
    return render(request, "engagements/portal_new.html", context, status=status)


@require_safe
@contact_required
def engagement_detail(request: ContactRequest, number: str) -> HttpResponse:
    found, at = _found(request, number), timezone.now()
    context = {
        "page": page_of(found, request.user, at=at),
        "engagement": found,
        "accepts": policies.may_accept(request.user, found),
        "speaks": policies.may_speak(request.user, found),
        "panel": panel_of(found, request.user, at=at),
        "layout": "portal_base.html",
        "place": "engagements:action",
    }
    return render(request, "engagements/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def engagement_action(request: ContactRequest, number: str, name: str) -> HttpResponse:
    found = _found(request, number)
    back = reverse("engagements:detail", args=[found.number])
    return answer(request, PORTAL_ACTIONS, name, found, at=timezone.now(), back=back)


@require_safe
@person_required
def engagement_calendar(request: SignedInRequest, number: str) -> HttpResponseBase:
    """Its plan as a file for other calendars."""
    seen = Engagement.objects.visible_to(request.user).select_related("organisation")
    found = get_object_or_404(seen, number=number)
    text = ics_of_one(found, request.user, at=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{found.number}.ics"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)


@require_safe
@person_required
def message_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(MessageFile.objects.visible_to(request.user), pk=pk)
    return download(found.file, found.name)


@require_safe
@person_required
def document(request: SignedInRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(DocumentVersion.objects.visible_to(request.user), pk=pk)
    return download(found.file, found.name)


@require_safe
@person_required
def evidence(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """A file that shows what came of a run of an audit."""
    found = get_object_or_404(AuditEvidence.objects.visible_to(request.user), pk=pk)
    return download(found.file, found.name)


def download(file: Any, name: str) -> HttpResponseBase:
    """The file as a download, never inline; 404 where it is no longer in the store."""
    try:
        opened = file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The file is no longer in the store.") from error
    is_pdf = name.lower().endswith(".pdf")
    kind = "application/pdf" if is_pdf else "application/octet-stream"
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=kind)
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox"
    return response


def _found(request: ContactRequest, number: str) -> Engagement:
    seen = Engagement.objects.visible_to(request.user)
    rows = seen.select_related(
        "organisation", "owner", "requested_by", "contract", "project", "incident"
    )
    found: Engagement = get_object_or_404(rows, number=number)
    return found
