"""What service reports hold about somebody: they name who worked and who reported.

An issued report never changes, but for this: whoever is erased is blotted out of what is frozen,
of its check sum and of its PDF. No figure of it moves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import datetime

from core.blotting import Words
from core.personal import Held, harmless, hold
from reports.models import ReportDocument, ServiceReport
from reports.pdf.service_report import render
from reports.rules.content import ReportContent, checksum


def _blot_issued(keys: Collection[int], words: Words, at: datetime) -> int:
    changed = 0
    for report in ServiceReport.objects.filter(pk__in=keys, content__isnull=False):
        before = json.dumps(report.content, ensure_ascii=False)
        if not words.are_in(before):
            continue
        report.content = json.loads(words.blotted(before))
        content = ReportContent.from_json(report.content)
        report.checksum = checksum(content)
        report.save(update_fields=["content", "checksum"])
        pdf = render(content)
        digest = hashlib.sha256(pdf).hexdigest()
        ReportDocument.objects.filter(report=report).update(pdf=pdf, sha256=digest)
        changed += 1
    return changed


hold(
    Held(
        "reports.ServiceReport",
        "Service reports that name them",
        blot=("considerations", "recommendations", "revision_reason"),
        by_hand=_blot_issued,
        secret=("content",),
        day="issued_at",
    ),
    Held("reports.ReportDocument", "Their PDFs, made again with the report", secret=("pdf",)),
)
harmless("reports.ServiceReport", "a number, a check sum", "number", "checksum")
harmless("reports.ReportDocument", "a check sum", "sha256")
