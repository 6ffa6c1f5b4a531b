"""The customers' list of incidents: found, narrowed, in order, and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import ContactRequest, contact_required
from accounts.models import Person
from accounts.tenancy import working_for
from core.paging import paged
from core.registries import panels_of
from core.sheets import XLSX, csv_pieces, written, xlsx_file
from tickets.forms.incident_list import ListForm
from tickets.reads.countdown import countdowns
from tickets.reads.customers_list import COLUMNS, Wanted, export_rows, last_said, narrowed

PAGE = 25


@require_safe
@contact_required
def incident_list(request: ContactRequest) -> HttpResponse:
    """What the person may see, narrowed and ordered by the address."""
    form, at = ListForm(request.user, request.GET.dict()), timezone.now()
    found, parsed = narrowed(form.wanted(), request.user, at=at)
    page = paged(found.for_list(), request, size=PAGE)
    shown = {
        "form": form,
        "problems": parsed.problems,
        "page_obj": page,
        "counts": countdowns(page, at=at),
        "said": last_said(page),
        "panels": panels_of("incidents", request),
        "now": at,
    }
    return render(request, "tickets/incident_list.html", shown)


@require_safe
@contact_required
def incident_export(request: ContactRequest, kind: str) -> HttpResponseBase:
    """All that the list of this address would show on its pages, as CSV or XLSX."""
    form, at = ListForm(request.user, request.GET.dict()), timezone.now()
    wanted, zone = form.wanted(), ZoneInfo(request.user.timezone)
    name = f"incidents-{at.astimezone(zone):%Y-%m-%d}.{kind}"
    if kind == "csv":
        pieces = csv_pieces(COLUMNS, _rows(request.user, wanted), zone=zone)
        answer: HttpResponseBase = FileResponse(
            written(pieces), as_attachment=True, filename=name, content_type="text/csv"
        )
    elif kind == "xlsx":
        made = xlsx_file(COLUMNS, _rows(request.user, wanted), zone=zone, title="Incidents")
        answer = FileResponse(made, as_attachment=True, filename=name, content_type=XLSX)
    else:
        raise Http404
    answer["Cache-Control"] = "private, no-store"
    return answer


def _rows(person: Person, wanted: Wanted) -> Iterator[Sequence[Any]]:
    """In a transaction of its own, read to its end before the first byte leaves."""
    with working_for(person):
        found, _ = narrowed(wanted, person, at=timezone.now())
        yield from export_rows(found)
