"""Who is on duty."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Person


def on_duty(people: QuerySet[Person], *, at: datetime) -> QuerySet[Person]:
    """Those of the people whom fresh work may be given to at `at`, without a query of its own."""
    return people.filter(is_active=True, is_on_duty=True)
