"""Issued service reports, as the customer finds them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import ContactRequest, SignedInRequest, contact_required, person_required
from core.paging import paged
from reports.actions.issuing import content_now, pdf_of
from reports.models import ServiceReport
from reports.reads.page import page_of

PAGE = 24


@require_safe
@contact_required
def report_list(request: ContactRequest) -> HttpResponse:
    visible = ServiceReport.objects.visible_to(request.user).for_list()
    return render(request, "reports/list.html", {"page_obj": paged(visible, request, size=PAGE)})


@require_safe
@contact_required
def report_detail(request: ContactRequest, pk: int) -> HttpResponse:
    visible = ServiceReport.objects.visible_to(request.user)
    report = get_object_or_404(
        visible.select_related("organisation", "issued_by", "revises"), pk=pk
    )
    content = content_now(report, at=timezone.now())
    return render(
        request,
        "reports/detail.html",
        {
            "report": report,
            "page": page_of(content),
            "others": visible.of_month_of(report).exclude(pk=report.pk),
        },
    )


@require_safe
@person_required
def report_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    """The PDF of whoever may see the report: the issued one, or a draft for TAM and manager."""
    visible = ServiceReport.objects.visible_to(request.user)
    report = get_object_or_404(
        visible.select_related("organisation__tam", "issued_by", "document", "revises"), pk=pk
    )
    response = HttpResponse(pdf_of(report, at=timezone.now()), content_type="application/pdf")
    name = report.number or _draft_name(report)
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _draft_name(report: ServiceReport) -> str:
    revision = f"-R{report.revision}" if report.revision else ""
    return f"draft-{report.organisation.slug}-{report.month:%Y-%m}{revision}"
