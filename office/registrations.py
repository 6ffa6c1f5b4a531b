"""What the office counts, measures and adds to pages of rooms below (`core.registries`)."""

from __future__ import annotations

from accounts.enums import Role
from core.registries import MeasuredSweep, add_front_page, measure
from core.retention import Kept, keep
from office.actions.imports.forgetting import forget_lines
from office.models import AccountNote, DataImport
from office.querysets.accounts import TO_REMIND
from office.querysets.imports import TO_WORK, WITH_LINES


def register() -> None:
    """Safe to repeat."""
    add_front_page(Role.TAM, "admin:customers")
    add_front_page(Role.MANAGER, "admin:figures")
    measure(
        MeasuredSweep(
            "account steps",
            "Next steps",
            "Next steps of account notes whose day has come",
            rows=lambda: AccountNote.objects.filter(TO_REMIND),
            moment="remind_at",
        )
    )
    measure(
        MeasuredSweep(
            "imports",
            "Imports",
            "Tables that are tried, brought in or taken back",
            rows=lambda: DataImport.objects.filter(TO_WORK),
            moment="stepped_at",
            waits=True,
        )
    )
    keep(
        Kept(
            "import.lines",
            "KEEP_IMPORT_LINES_DAYS",
            "Lines of tables that were brought in",
            "The lines as they stood in the file. What they made stays; it can not be taken back.",
            rows=lambda before: DataImport.objects.filter(WITH_LINES, begun_at__lt=before),
            moment="begun_at",
            forget=lambda keys, at: forget_lines(keys, at=at),
        )
    )
