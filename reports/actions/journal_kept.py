"""Whether the journal of a month is still there to tell figures from (F1, F2)."""

from __future__ import annotations

from datetime import date

from django.db.models import Max

from core.models import Tombstone
from reports.errors import JournalGone
from reports.rules.months import Month


def check_journal(first_on: date) -> None:
    """Raises `JournalGone` where some of the month's entries were removed by their age."""
    old = Tombstone.objects.filter(kind="journal.old").aggregate(newest=Max("newest"))["newest"]
    if old is not None and old >= first_on:
        raise JournalGone(month=Month(first_on.year, first_on.month).label)
