"""The library of audit cases. What an audit chose is a copy: it stays as it was."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean_block, one_line
from engagements import policies
from engagements.actions.audits import OwnCase
from engagements.errors import CaseIncomplete, CaseThere
from engagements.models import LibraryCase


@transaction.atomic
def keep_case(
    case: OwnCase, *, is_offered: bool, old: LibraryCase | None, by: Person, at: datetime
) -> LibraryCase:
    """A new one, or `old` changed. Errors: `NotAllowed`, `CaseIncomplete`, `CaseThere`."""
    if not policies.may_keep_catalogue(by):
        raise NotAllowed()
    title = one_line(case.title)[:120]
    procedure, expectation = clean_block(case.procedure), clean_block(case.expectation)
    if not (title and procedure and expectation):
        raise CaseIncomplete()
    one = old or LibraryCase(position=_last_position() + 10)
    if LibraryCase.objects.filter(title__iexact=title).exclude(pk=one.pk).exists():
        raise CaseThere(title=title)
    one.title, one.area, one.severity = title, case.area, case.severity
    one.procedure, one.expectation, one.is_offered = procedure, expectation, is_offered
    one.save()
    record("audit.library_kept", one, at=at, by=by, title=title)
    return one


def _last_position() -> int:
    return LibraryCase.objects.aggregate(last=Max("position"))["last"] or 0
