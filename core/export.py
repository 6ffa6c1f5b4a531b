"""A list of records as a file that spreadsheets read: the columns that the list shows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with which a spreadsheet begins to compute


def plain(cell: object) -> str:
    """The cell as text that no spreadsheet computes."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


@admin.action(description="Export the columns shown, as CSV", permissions=["view"])
def export_rows(model_admin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
    """Those that were chosen, or all that the filter finds; as many rows as the list says."""
    site = model_admin.admin_site
    if site.note_export is not None:
        what = f"{queryset.count()} {model_admin.opts.verbose_name_plural} as CSV"
        site.note_export(request.user, what)
    names = [name for name in model_admin.get_list_display(request) if name != "action_checkbox"]
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    file = f"{model_admin.opts.model_name}s.csv"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    rows = csv.writer(response)
    rows.writerow(label_for_field(name, model_admin.model, model_admin) for name in names)
    related = model_admin.list_select_related
    if related:
        queryset = queryset.select_related(*related) if related is not True else queryset
    for one in queryset.iterator(chunk_size=2000):
        rows.writerow(_cells(one, names, model_admin))
    return response


def _cells(one: Any, names: list[Any], model_admin: Any) -> Iterator[str]:
    for name in names:
        try:
            field, _, value = lookup_field(name, one, model_admin)
        except ObjectDoesNotExist:
            yield ""
            continue
        if isinstance(field, Field) and field.flatchoices:
            value = dict(field.flatchoices).get(value, value)
        if isinstance(value, datetime):
            value = value.isoformat(timespec="seconds")
        yield "" if value is None else plain(value)
