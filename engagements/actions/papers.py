"""Documents that the desk makes itself, from what stands in the engagement."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import Person
from core.pdf.paper import Letterhead
from engagements.actions import visits
from engagements.actions.documents import Draft, hand_over, made_file
from engagements.enums import Paper
from engagements.models import Document, DocumentVersion, Engagement, Visit
from engagements.pdf import visit as visit_pdf
from engagements.reads.visits import paper_of


def letterhead() -> Letterhead:
    return Letterhead.of(settings.VENDOR)


@transaction.atomic
def close_visit(
    visit: Visit, *, summary: str, advice: str, by: Person, at: datetime
) -> list[DocumentVersion]:
    """`visits.close`, and hand over its protocol, to sign, and its report. Errors as there."""
    visit = visits.close(visit, summary=summary, advice=advice, by=by, at=at)
    paper, sender = paper_of(visit), letterhead()
    found = []
    for kind, content in (
        (Paper.PROTOCOL, visit_pdf.protocol(paper, sender)),
        (Paper.VISIT_REPORT, visit_pdf.report(paper, sender)),
    ):
        found.append(keep_paper(visit.engagement, kind, content, by=by, at=at))
    return found


def keep_paper(
    engagement: Engagement,
    paper: Paper,
    content: bytes,
    *,
    by: Person,
    at: datetime,
    note: str = "",
) -> DocumentVersion:
    """Hand over a paper that we made; the next version of the one that is there already."""
    title = "Visit protocol" if paper == Paper.PROTOCOL else str(paper.label)
    held = Document.objects.filter(engagement=engagement, paper=paper).first()
    name = f"{engagement.number}-{paper.value.replace('_', '-')}.pdf"
    draft = Draft(title=title, file=made_file(name, content), paper=paper, note=note)
    return hand_over(engagement, draft, by=by, at=at, document=held)
