"""What was said in the report before: offered to whoever writes the next one."""

from __future__ import annotations

from django.db.models import Q

from reports.models import ServiceReport


def words_before(report: ServiceReport) -> ServiceReport | None:
    """The newest report of an earlier month of the same organisation that has words."""
    earlier = ServiceReport.objects.filter(
        organisation=report.organisation_id, month__lt=report.month
    )
    written = earlier.exclude(Q(considerations="") & Q(recommendations="")).defer("content")
    return written.order_by("-month", "-revision").first()
