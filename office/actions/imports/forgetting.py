"""What is kept of an import only for its weeks: the lines, and a file that nobody brought in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from office.actions.imports.steps import drop_file
from office.enums import BUSY
from office.models import DataImport, ImportLine


def forget_lines(keys: Collection[int], *, at: datetime) -> int:
    """Forget the lines of these imports, and their files; how many imports. Safe to repeat."""
    rows = DataImport.objects.select_for_update().filter(pk__in=keys, lines_gone_at=None)
    found = list(rows.exclude(state__in=BUSY))
    ImportLine.objects.filter(of__in=found).delete()
    for one in found:
        drop_file(one)
        one.lines_gone_at = at
        one.save(update_fields=["file", "lines_gone_at"])
    return len(found)
