"""What was delivered."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from accounts.models import Organisation
from reports.enums import ReportState
from reports.models import ReportDocument, ServiceReport
from tests.factories.base import NINE, numbers
from tests.factories.people import make_organisation, make_tam


def make_report(organisation: Organisation | None = None, **fields: Any) -> ServiceReport:
    """A draft of February; `state=ISSUED` fills what an issued one must have."""
    n = next(numbers)
    defaults: dict[str, Any] = {"month": date(2026, 2, 1), "drafted_at": NINE}
    if fields.get("state") == ReportState.ISSUED:
        defaults |= {
            "number": f"SR-2026-02-{n:04d}",
            "content": {},
            "checksum": "0" * 64,
            "issued_at": NINE,
            "issued_by": fields.pop("issued_by", None) or make_tam(),
        }
    return ServiceReport.objects.create(
        organisation=organisation or make_organisation(), **defaults | fields
    )


def make_document(report: ServiceReport | None = None, **fields: Any) -> ReportDocument:
    report = report or make_report(state=ReportState.ISSUED)
    pdf = fields.pop("pdf", b"%PDF-1.7\n%%EOF\n")
    defaults = {"sha256": hashlib.sha256(pdf).hexdigest()}
    return ReportDocument.objects.create(
        report=report, organisation_id=report.organisation_id, pdf=pdf, **defaults | fields
    )
