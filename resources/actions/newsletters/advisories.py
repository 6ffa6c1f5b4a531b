"""Advisories that concern an organisation: read there, or found out to concern it or not (NL5)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.journal import record
from resources.errors import NothingToRead
from resources.models import AdvisoryReach, NewsletterIssue
from resources.reads.newsletters.reach import concerns_of


@transaction.atomic
def mark_read(reach: int, *, by: Person, at: datetime) -> AdvisoryReach:
    """Somebody there has read it: who and when stand in the journal. The first one counts.

    Errors: `NothingToRead`.
    """
    rows = AdvisoryReach.objects.visible_to(by).select_for_update(of=("self",))
    found = rows.select_related("issue__newsletter").filter(pk=reach).first()
    if found is None or by.organisation_id != found.organisation_id:
        raise NothingToRead()
    if found.read_at is None:
        found.read_at, found.read_by = at, by
        found.save(update_fields=["read_at", "read_by"])
        record("advisory.read", found, at=at, by=by, rule="NL5", title=found.issue.subject)
    return found


def look_again(organisation: int, *, at: datetime) -> None:
    """Which advisories of before concern it, now that it said what it runs (NL5).

    Call it in the transaction that notes the version.
    """
    known = {one.issue_id: one for one in _reaches(organisation)}
    issues = NewsletterIssue.objects.filter(
        newsletter__is_advisory=True, started_at__isnull=False
    ).select_related("newsletter")
    for issue in issues.order_by("-started_at")[:50]:
        concern = concerns_of(issue, [organisation]).get(organisation)
        reach = known.get(issue.pk)
        if concern is None:
            if reach is not None and reach.read_at is None and reach.spared_at is None:
                reach.spared_at = at
                reach.save(update_fields=["spared_at"])
            continue
        if reach is None:
            reach = AdvisoryReach(organisation_id=organisation, issue=issue, made_at=at)
        reach.is_certain, reach.versions = concern.is_certain, list(concern.versions)
        reach.spared_at = None
        reach.save()


def _reaches(organisation: int) -> list[AdvisoryReach]:
    return list(AdvisoryReach.objects.filter(organisation=organisation).select_for_update())
