"""The monthly drafts."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core import rls
from reports.actions.drafting import draft_month
from reports.rules.months import Month


@shared_task
def draft_reports() -> int:
    """Draft last month's report for whoever is entitled to one; how many are new.

    Runs every night, so that a night without workers is made up for; safe to repeat.
    """
    at = timezone.now()
    with rls.everything():
        return draft_month(Month.of(at, "UTC").previous(), at=at)
