"""What the office counts, measures and adds to pages of rooms below (`core.registries`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.enums import Role
from accounts.http import SignedInRequest
from core.registries import MeasuredSweep, Panel, add_front_page, add_panel, measure
from core.retention import Kept, keep
from core.search.sources import add_source
from office.actions.imports.forgetting import forget_lines
from office.models import AccountNote, DataImport, OldIncident
from office.querysets.accounts import TO_REMIND
from office.querysets.imports import TO_WORK, WITH_LINES
from office.reads.history import SOURCE


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
    add_source(SOURCE)
    add_panel("organisation", Panel("office/history/_panel.html", _earlier_of_one))
    add_panel("incidents", Panel("office/history/_panel.html", _earlier_of_ours))
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


def _earlier_of_one(request: HttpRequest) -> Mapping[str, Any] | None:
    """On the page of an organisation: a way to its incidents of the desk before."""
    slug = request.resolver_match.kwargs["slug"] if request.resolver_match else ""
    person = cast(SignedInRequest, request).user
    rows = OldIncident.objects.visible_to(person).filter(organisation__slug=slug)
    return _earlier(rows, f"?organisation={slug}")


def _earlier_of_ours(request: HttpRequest) -> Mapping[str, Any] | None:
    """On the customer's own list."""
    return _earlier(OldIncident.objects.visible_to(cast(SignedInRequest, request).user), "")


def _earlier(rows: QuerySet[OldIncident], query: str) -> Mapping[str, Any] | None:
    latest = rows.order_by("-opened_at").values_list("opened_at", flat=True).first()
    if latest is None:
        return None
    return {"url": f"{reverse('office:old_incidents')}{query}", "latest": latest}
