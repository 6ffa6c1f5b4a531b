"""What the office counts, measures and adds to pages of rooms below (`core.registries`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.enums import Role
from accounts.http import SignedInRequest
from accounts.models import Person
from core.registries import MeasuredSweep, Panel, add_front_page, add_panel, measure
from core.retention import Kept, keep
from core.search.sources import add_source
from notices.models import Notice
from notices.readers import keep_to_one_customer
from notices.sending.threads import Paper, attach_papers
from office import policies
from office.actions.imports.forgetting import forget_lines
from office.models import AccountNote, DataImport, OldIncident, PictureSchedule, ReportSchedule
from office.querysets.accounts import TO_REMIND
from office.querysets.imports import TO_WORK, WITH_LINES
from office.querysets.schedules import TO_SEND
from office.reads.figures.asked import asked_by_text
from office.reads.figures.picture import paper_for
from office.reads.history import SOURCE
from reports.models import ReportDocument, ServiceReport


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
    measure(
        MeasuredSweep(
            "pictures by mail",
            "Pictures by mail",
            "Pictures of the figures whose moment to be sent has come",
            rows=lambda: PictureSchedule.objects.filter(TO_SEND),
            moment="next_at",
        )
    )
    measure(
        MeasuredSweep(
            "reports by mail",
            "Reports by mail",
            "Monthly reports whose moment to be sent has come",
            rows=lambda: ReportSchedule.objects.filter(TO_SEND),
            moment="next_at",
        )
    )
    attach_papers("scheduled_picture", _picture)
    attach_papers("scheduled_report", _report)
    keep_to_one_customer(ServiceReport._meta.label_lower, _readable)
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


def _picture(notice: Notice) -> list[Paper]:
    """Of what its reader may see as it is sent."""
    if notice.to is None or not notice.context.get("is_attached"):
        return []
    if not policies.may_see_figures(notice.to):
        return []  # they lost the right since it was owed
    asked = asked_by_text(str(notice.context["query"]), at=notice.made_at)
    return [paper_for(notice.to, str(notice.context["show"]), asked, at=notice.made_at)]


def _report(notice: Notice) -> list[Paper]:
    """Byte for byte as it was issued."""
    if not notice.context.get("is_attached"):
        return []
    document = ReportDocument.objects.get(report=notice.context["report"])
    return [(f"{notice.context['number']}.pdf", bytes(document.pdf))]


def _readable(person: Person, keys: Collection[int]) -> Collection[int]:
    """The reports that they read now."""
    seen = ServiceReport.objects.visible_to(person).filter(pk__in=keys)
    return set(seen.values_list("pk", flat=True))


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
