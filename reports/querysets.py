from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from accounts.enums import CUSTOMER_ROLES, Role
from reports.enums import ReportState

if TYPE_CHECKING:
    from accounts.models import Person
    from reports.models import ServiceReport


class ServiceReportQuerySet(models.QuerySet["ServiceReport"]):
    def visible_to(self, person: Person) -> Self:
        """Customers who see all reports of theirs see what was issued; TAM and manager drafts, too.

        Who sees their own alone (F4) does not read of the others in a table.
        """
        organisations: Any = self.model._meta.get_field("organisation").related_model
        theirs = self.filter(organisation__in=organisations.objects.visible_to(person))
        if person.role in CUSTOMER_ROLES:
            return theirs.filter(state=ReportState.ISSUED) if person.sees_all else self.none()
        return theirs if person.role in (Role.TAM, Role.MANAGER) else self.none()

    def for_list(self) -> Self:
        """The newest month first, and in it the newest revision."""
        listed = self.select_related("organisation", "issued_by", "revises").defer("content")
        return listed.order_by("-month", "organisation__name", "-revision")

    def of_month_of(self, report: ServiceReport) -> Self:
        """The first report and its revisions, the newest first."""
        same = self.filter(organisation=report.organisation_id, month=report.month)
        return same.defer("content").order_by("-revision")
