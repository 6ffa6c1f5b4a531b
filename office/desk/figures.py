"""The manager's picture: pictures of what was done, each with its tables, files and incidents."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import ENGINEER_ROLES
from accounts.http import SignedInRequest
from accounts.models import Organisation, Person
from core.paging import slice_of
from core.sheets import XLSX, csv_pieces, xlsx_file
from entitlements.enums import Level
from entitlements.models import Service
from office import policies
from office.actions.figures import set_pace
from office.models import PaceVersion
from office.reads.figures.asked import NOTHING, Asked, asked_by, facts_for
from office.reads.figures.facts import FACTS
from office.reads.figures.load import load_of, pace_now
from office.reads.figures.now import LABELS as OPEN_LABELS
from office.reads.figures.now import open_ones
from office.reads.figures.picture import chart_of, filter_in_words, paper_for, shown_to
from office.reads.figures.tables import PICTURES, table_of
from office.rules.picture import Table
from tickets.models import Incident

SECTION = "Figures"


@require_safe
def figures(request: SignedInRequest) -> HttpResponse:
    """One picture: `?show=`, with days and what narrows it (`reads.figures.asked`)."""
    person, at = _reader(request), timezone.now()
    asked = asked_by(request.GET, at=at)
    shown = shown_to(person, _shown(request), asked, at=at)
    context: dict[str, Any] = {
        "shown": shown,
        "chart": chart_of(shown),
        "pictures": PICTURES.items(),
        "asked": asked,
        "zone": settings.DESK_TIMEZONE,
        "section": SECTION,
        **_choices(person),
    }
    return render(request, "staff/office/figures.html", context)


@require_safe
def figures_pdf(request: SignedInRequest) -> HttpResponse:
    """The same picture on paper."""
    person, at = _reader(request), timezone.now()
    name, pdf = paper_for(person, _shown(request), asked_by(request.GET, at=at), at=at)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@require_safe
def figures_file(request: SignedInRequest) -> HttpResponseBase:
    """One table as `?format=` csv or xlsx."""
    person, at = _reader(request), timezone.now()
    show, told = request.GET.get("show", ""), request.GET.get("told", "")
    if show not in PICTURES or told not in PICTURES[show].told:
        raise Http404
    table = table_of(show, told, asked_by(request.GET, at=at), person)
    return _file(request, table, name=f"{show}-by-{told}")


@require_safe
def figures_behind(request: SignedInRequest) -> HttpResponse:
    """The incidents that a number counts: `?figure=` and what narrowed it."""
    person, at = _reader(request), timezone.now()
    figure = request.GET.get("figure", "")
    asked = asked_by(request.GET, at=at)
    counted, label = _counted(figure, asked, person, at=at)
    total = counted.count()
    page = slice_of(counted, request.GET.get("page"))
    incidents = Incident.objects.visible_to(person).for_list()
    found = incidents.in_bulk({incident for incident, _ in page.rows})
    context = {
        "figure": figure,
        "label": label,
        "is_now": figure in OPEN_LABELS,
        "narrowed": filter_in_words(asked, person),
        "asked": asked,
        "query": asked.query,
        "total": total,
        "page": page,
        "rows": [(found.get(incident), when) for incident, when in page.rows],
        "section": SECTION,
        **_choices(person),
    }
    return render(request, "staff/office/behind.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def figures_load(request: SignedInRequest) -> HttpResponse:
    """When how many people are needed, and what the rota did; a POST sets the pace."""
    person, at = request.user, timezone.now()
    if not person.is_manager:
        raise Http404
    if request.method == "POST":
        try:
            answers = Decimal(request.POST.get("answers", "").replace(",", "."))
        except InvalidOperation:
            answers = Decimal(0)
        set_pace(answers if answers.is_finite() else Decimal(0), by=person, at=at)
        messages.success(request, "Saved. The picture is reckoned with it from now on.")
        return redirect("admin:figures_load")
    context = {
        "load": load_of(at=at),
        "pace": pace_now()[1],
        "history": PaceVersion.objects.select_related("made_by")[:10],
        "hours": range(24),
        "zone": settings.DESK_TIMEZONE,
        "section": "Load and rota",
    }
    return render(request, "staff/office/load.html", context)


def _counted(
    figure: str, asked: Asked, person: Person, *, at: datetime
) -> tuple[QuerySet[Any, tuple[int, datetime]], str]:
    """Key and moment of each incident that a number counts, and what those are called."""
    if figure in OPEN_LABELS:
        rows = open_ones(asked, person, figure, at=at)
        return rows.values_list("pk", "received_at"), OPEN_LABELS[figure]
    if figure not in FACTS or figure == "deflected":
        raise Http404
    facts = facts_for(asked, person, figure, at=at)
    return facts.values_list("f_incident", "f_at"), FACTS[figure].label


def _shown(request: SignedInRequest) -> str:
    show = request.GET.get("show", "promises")
    return show if show in PICTURES else "promises"


def _reader(request: SignedInRequest) -> Person:
    if not policies.may_see_figures(request.user):
        raise Http404  # others do not learn that there is such a page
    return request.user


def _choices(person: Person) -> dict[str, Any]:
    """What the filter offers: what this person sees, and nothing else."""
    engineers = Person.objects.visible_to(person).filter(role__in=ENGINEER_ROLES)
    return {
        "customers": Organisation.objects.visible_to(person).order_by("name")[:2000],
        "services": Service.objects.order_by("position", "key"),
        "levels": [*Level.choices, (NOTHING, "Not covered")],
        "engineers": engineers.order_by("name")[:500],
    }


def _file(request: SignedInRequest, table: Table, *, name: str) -> HttpResponseBase:
    zone, rows = ZoneInfo(request.user.timezone), table.values
    if request.GET.get("format") == "xlsx":
        book = xlsx_file(table.heads, rows, zone=zone, title=table.title)
        return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    answer = StreamingHttpResponse(
        csv_pieces(table.heads, rows, zone=zone), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


PAGES = (
    ("figures/", figures, "figures"),
    ("figures/file/", figures_file, "figures_file"),
    ("figures/pdf/", figures_pdf, "figures_pdf"),
    ("figures/incidents/", figures_behind, "figures_behind"),
    ("figures/load/", figures_load, "figures_load"),
)
