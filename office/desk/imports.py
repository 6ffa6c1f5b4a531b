"""Where managers bring tables in: send a file, look at it, try it, bring it in, take it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from core import rls
from core.errors import Refusal
from core.form_pages import submitted
from core.paging import paged
from core.reading import one_or_404
from core.sheets import XLSX, csv_pieces, xlsx_file
from core.stepping import in_steps
from office import policies
from office.actions.imports import steps
from office.actions.imports.trying import progress_of
from office.enums import ImportState
from office.errors import NotForOffice
from office.forms.imports import DAY_FORMS, FileForm, ReadAsForm, mapping_of
from office.models import DataImport
from office.reads import imports as reads
from office.rules.history.systems import SYSTEMS
from office.rules.imports.kinds import KINDS, ValueKind

PAGE = 30
LINES = 50
LOOKED_AT = 200  # lines of an open file, for a day that can be read in two ways
SECTION = "Bring data in"


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: SignedInRequest) -> HttpResponse:
    """What was brought in so far, and the form that sends a file."""
    _check(request)
    form = FileForm(request.POST or None, request.FILES or None, initial={"kind": "organisations"})

    def send() -> HttpResponse:
        file = form.cleaned_data["file"]
        kind = form.cleaned_data["kind"]
        one = steps.send_file(
            kind, file, name=file.name, size=file.size, by=request.user, at=timezone.now()
        )
        return redirect("admin:import", one.pk)

    done, status = submitted(request, form, send)
    if done is not None:
        return done
    rows = DataImport.objects.select_related("begun_by").order_by("-begun_at", "-pk")
    context = {
        "form": form,
        "kinds": KINDS.values(),
        "systems": SYSTEMS.values(),
        "page_obj": paged(rows, request, size=PAGE),
        "most": settings.IMPORT_MAX_BYTES,
        "section": SECTION,
    }
    return render(request, "office/imports/list.html", context, status=status)


@require_safe
def import_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """One import, whatever step it is at."""
    return _page(request, _one(request, pk))


@require_safe
def import_progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """The part that looks again by itself; the whole page once there is something new."""
    one = _one(request, pk)
    if not one.is_busy:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    context = {"import": one, "tried": progress_of(one)}
    return render(request, "office/imports/_progress.html", context)


_PLAIN = {"undo": steps.undo, "go-on": steps.go_on}  # without anything to fill in


@require_POST
def import_step(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    """Read it otherwise, try it, bring it in, take it back or forget it."""
    one, at, by = _one(request, pk), timezone.now(), request.user
    try:
        if step == "read":
            form = ReadAsForm(request.POST)
            if form.is_valid():
                steps.read_as(one, **form.cleaned_data, by=by, at=at)
        elif step == "try":
            mapping, day_form = mapping_of(one, request.POST), _day_form(request)
            one.mapping = mapping  # as it was chosen, also where it is refused
            steps.try_it(one, mapping=mapping, day_form=day_form, by=by, at=at)
        elif step == "bring":
            leaves_out_bad = bool(request.POST.get("leaves_out_bad"))
            steps.bring_in(one, leaves_out_bad=leaves_out_bad, by=by, at=at)
        elif step in _PLAIN:
            _PLAIN[step](one, by=by, at=at)
        elif step == "discard":
            steps.discard(one, by=by, at=at)
            messages.success(request, f"{one.name} was not brought in, and is forgotten.")
            return redirect("admin:imports")
        else:
            raise Http404
    except Refusal as refusal:
        return _page(request, one, refused=str(refusal), status=refusal.status)
    return redirect("admin:import", pk)


@require_safe
def import_lines(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The lines that were not taken, with the reason: to be mended and sent again."""
    one = _one(request, pk)

    def rows() -> Iterator[Sequence[Any]]:
        for rows in in_steps(partial(reads.bad_rows, one), rls.everything):
            yield from rows

    names = ["Line", *one.heads, "What is wrong"]
    pieces = csv_pieces(names, rows(), zone=ZoneInfo(request.user.timezone))
    answer = StreamingHttpResponse(pieces, content_type="text/csv")
    answer["Content-Disposition"] = 'attachment; filename="lines-to-mend.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def import_template(request: SignedInRequest, table: str, suffix: str) -> HttpResponseBase:
    """A file with the right heads and a line as an example."""
    _check(request)
    if table not in KINDS or suffix not in ("csv", "xlsx"):
        raise Http404
    heads, rows = reads.template_of(table)
    zone, name = ZoneInfo("UTC"), f"{table}.{suffix}"
    if suffix == "xlsx":
        made = xlsx_file(heads, rows, zone=zone, title=table.capitalize())
        return FileResponse(made, as_attachment=True, filename=name, content_type=XLSX)
    answer = HttpResponse(b"".join(csv_pieces(heads, rows, zone=zone)), content_type="text/csv")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _page(
    request: SignedInRequest, one: DataImport, *, refused: str = "", status: int = 200
) -> HttpResponse:
    is_open = one.state in (ImportState.SENT, ImportState.CHECKED, ImportState.REFUSED)
    has_columns = is_open and not one.is_history
    bad = paged(reads.bad_lines(one), request, size=LINES)
    context = {
        "import": one,
        "is_open": is_open,
        "preview": reads.preview_of(one) if has_columns else None,
        "odd_day": steps.odd_day(one, one.mapping, most=LOOKED_AT)
        if has_columns and one.file
        else "",
        "day_forms": DAY_FORMS,
        "has_days": any(field.kind is ValueKind.DAY for field in one.table.fields),
        "read_as": ReadAsForm(initial={"encoding": one.encoding, "separator": one.separator}),
        "refused": refused,
        "tried": progress_of(one) if one.is_busy else 0,
        "tiles": reads.tiles_of(one),
        "bad": bad,
        "bad_rows": reads.shown(bad.object_list),
        "written": reads.shown(reads.written_lines(one)[:10]),
        "kept": reads.shown(reads.kept_lines(one)[:LINES], stays=True),
        "section": SECTION,
    }
    return render(request, "office/imports/import.html", context, status=status)


def _day_form(request: SignedInRequest) -> str:
    given = request.POST.get("day_form", "")
    return given if given in dict(DAY_FORMS) else ""


def _one(request: SignedInRequest, pk: int) -> DataImport:
    if not policies.may_bring_in(request.user):
        raise Http404
    return one_or_404(DataImport.objects.select_related("begun_by"), pk=pk)


def _check(request: SignedInRequest) -> None:
    if not policies.may_bring_in(request.user):
        raise NotForOffice()


PAGES = (
    ("imports/", imports, "imports"),
    ("imports/templates/<slug:table>/<slug:suffix>/", import_template, "import_template"),
    ("imports/<int:pk>/", import_page, "import"),
    ("imports/<int:pk>/progress/", import_progress, "import_progress"),
    ("imports/<int:pk>/lines/", import_lines, "import_lines"),
    ("imports/<int:pk>/<slug:step>/", import_step, "import_step"),
)
