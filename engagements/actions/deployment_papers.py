"""Run book, cut-over plan and go / no-go sheet, handed over as they stand (N5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from engagements.actions.common import worked
from engagements.actions.papers import keep_paper, letterhead
from engagements.enums import Paper
from engagements.errors import NothingToHandOver
from engagements.models import DocumentVersion, Engagement
from engagements.pdf import deployment as pdf
from engagements.reads import deployment_papers as reads


def _run_book(engagement: Engagement, at: datetime) -> bytes | None:
    paper = reads.run_book_of(engagement, at=at)
    return pdf.run_book(paper, letterhead()) if paper.steps else None


def _cut_over(engagement: Engagement, at: datetime) -> bytes | None:
    paper = reads.cut_over_of(engagement, at=at)
    return pdf.cut_over(paper, letterhead()) if paper else None


def _go_no_go(engagement: Engagement, at: datetime) -> bytes | None:
    paper = reads.go_no_go_of(engagement, at=at)
    return pdf.go_no_go(paper, letterhead()) if paper else None


_DRAWN: dict[Paper, Callable[[Engagement, datetime], bytes | None]] = {
    Paper.RUN_BOOK: _run_book,
    Paper.CUT_OVER: _cut_over,
    Paper.GO_NO_GO: _go_no_go,
}


@transaction.atomic
def hand_over_as_it_stands(
    engagement: Engagement, paper: Paper, *, note: str = "", by: Person, at: datetime
) -> DocumentVersion:
    """A new version each time. Errors: `NotAllowed`, `NotRunning`, `NothingToHandOver`."""
    engagement = worked(engagement, by)
    content = _DRAWN[paper](engagement, at)
    if content is None:
        raise NothingToHandOver()
    return keep_paper(engagement, paper, content, by=by, at=at, note=note)
