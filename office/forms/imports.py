"""What the pages of imports send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from office.models import DataImport
from office.rules.history.systems import SYSTEMS
from office.rules.imports.kinds import KINDS
from office.rules.imports.reading import ENCODINGS, SEPARATORS
from office.rules.imports.values import DayForm

DAY_FORMS = [
    (DayForm.ASKED, "Year first: 2026-12-31"),
    (DayForm.DAY_FIRST, "Day first: 31.12.2026 or 31/12/2026"),
    (DayForm.MONTH_FIRST, "Month first: 12/31/2026"),
]


class FileForm(forms.Form):
    kind = forms.ChoiceField(
        label="What stands in its lines",
        choices=lambda: [
            *((one.name, one.many.capitalize()) for one in KINDS.values()),
            *((one.name, one.label) for one in SYSTEMS.values()),
        ],
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label="File",
        help_text="A table as CSV or .xlsx; old incidents as JSON or .zip. Nothing is written yet.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )


class ReadAsForm(forms.Form):
    encoding = forms.ChoiceField(label="Letters", choices=list(ENCODINGS.items()))
    separator = forms.ChoiceField(label="Separator", choices=list(SEPARATORS.items()))


def mapping_of(one: DataImport, sent: Mapping[str, Any]) -> dict[str, int]:
    """The columns that were chosen: `column_name=3`; an empty one is left out."""
    found = {}
    for field in one.table.fields:
        value = str(sent.get(f"column_{field.name}", ""))
        if value.isascii() and value.isdigit() and len(value) <= 3:
            found[field.name] = int(value)
    return found
