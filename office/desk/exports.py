"""Taking data out: a table of what the person may see, streamed, with an entry in the journal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.exporting import note_export
from accounts.http import SignedInRequest
from accounts.models import Organisation
from accounts.tenancy import working_for
from core.errors import NotAllowed
from core.reading import one_or_404
from core.sheets import XLSX, csv_pieces, xlsx_file
from core.stepping import in_steps
from core.text import clean
from office import policies
from office.reads.exports import EXPORTS, Export, rows_of

SECTION = "Take data out"
SUFFIXES = {"csv": "CSV", "xlsx": "XLSX", "jsonl": "JSON lines"}
TOGETHER = 200  # lines sent at once


@require_safe
def exports(request: SignedInRequest) -> HttpResponse:
    """Every table that can be taken out, of all customers or of one."""
    _check(request)
    context = {
        "exports": EXPORTS.values(),
        "suffixes": SUFFIXES.items(),
        "organisations": Organisation.objects.visible_to(request.user).order_by("name"),
        "section": SECTION,
    }
    return render(request, "office/exports.html", context)


@require_POST
def export(request: SignedInRequest, table: str) -> HttpResponseBase:
    """The file, row by row; the journal says who took what. A POST, since it writes that."""
    _check(request)
    suffix = request.POST.get("as", "csv")
    if table not in EXPORTS or suffix not in SUFFIXES:
        raise Http404
    wanted, at = EXPORTS[table], timezone.now()
    slug = clean(request.POST.get("organisation", ""))[:80]
    of = None
    if slug:
        of = one_or_404(Organisation.objects.visible_to(request.user), slug=slug)
    what = f"{wanted.label.lower()} of {of or 'all customers'} as {SUFFIXES[suffix]}"
    note_export(request.user, what, at=at)
    zone = ZoneInfo(request.user.timezone)
    name = f"{'-'.join(filter(None, [table, slug]))}-{at.astimezone(zone):%Y-%m-%d}.{suffix}"
    return _file(request, wanted, of, suffix=suffix, name=name, zone=zone)


def _file(
    request: SignedInRequest,
    wanted: Export,
    of: Organisation | None,
    *,
    suffix: str,
    name: str,
    zone: ZoneInfo,
) -> HttpResponseBase:
    answer: HttpResponseBase
    if suffix == "xlsx":
        rows = _rows(request, wanted, of, plain=True)
        made = xlsx_file(wanted.heads, rows, zone=zone, title=wanted.label)
        answer = FileResponse(made, as_attachment=True, filename=name, content_type=XLSX)
    else:
        if suffix == "csv":
            kind = "text/csv"
            rows = _rows(request, wanted, of, plain=True)
            pieces = csv_pieces(wanted.heads, rows, zone=zone)
        else:
            kind = "application/jsonl"
            pieces = _json_pieces(wanted.heads, _rows(request, wanted, of, plain=False))
        answer = StreamingHttpResponse(pieces, content_type=kind)
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _rows(
    request: SignedInRequest, wanted: Export, of: Organisation | None, *, plain: bool
) -> Iterator[Sequence[Any]]:
    """In transactions of their own, none of which waits for a slow reader."""
    step = partial(rows_of, wanted, request.user, of, plain=plain)
    for rows in in_steps(step, partial(working_for, request.user)):
        yield from rows


def _json_pieces(heads: Sequence[str], rows: Iterator[Sequence[Any]]) -> Iterator[bytes]:
    """One object a line; moments in UTC as ISO 8601 writes them."""
    kept: list[str] = []
    for row in rows:
        found = dict(zip(heads, row, strict=True))
        kept.append(json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False))
        if len(kept) == TOGETHER:
            yield ("\n".join(kept) + "\n").encode()
            kept.clear()
    if kept:
        yield ("\n".join(kept) + "\n").encode()


def _check(request: SignedInRequest) -> None:
    if not policies.may_take_out(request.user):
        raise NotAllowed()


PAGES = (
    ("exports/", exports, "exports"),
    ("exports/<slug:table>/", export, "export"),
)
