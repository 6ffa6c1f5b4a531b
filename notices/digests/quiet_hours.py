"""Quiet hours that people set for themselves, and what waits for their end."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from django.db import transaction

from core.journal import record
from notices.digests.quiet import NEVER_WAITS, quiet_until
from notices.models import Notice, QuietHours

if TYPE_CHECKING:
    from accounts.models import Person


@transaction.atomic
def set_quiet_hours(
    person: Person, *, starts: time | None, ends: time | None, at: datetime
) -> None:
    """Want no mail and no call between these hours of the person's zone; none without both.

    What was put off already keeps its moment. Safe to repeat.
    """
    before = QuietHours.objects.filter(person=person).first()
    was = (before.starts, before.ends) if before else (None, None)
    wanted = (starts, ends) if starts is not None and ends is not None else (None, None)
    if was == wanted:
        return
    QuietHours.objects.filter(person=person).delete()
    if starts is not None and ends is not None:
        QuietHours.objects.create(
            person=person, organisation_id=person.organisation_id, starts=starts, ends=ends
        )
    words = {"before": _words(*was), "after": _words(*wanted)}
    record("person.quiet_hours", person, at=at, by=person, **words)


def waits_until(notice: Notice, at: datetime) -> datetime:
    """When `notice` may go out: `at`, or the end of its person's quiet hours.

    Not asked of what is urgent (the breach of a round-the-clock promise), nor of what people
    asked for themselves. The notice comes with `to__quiet_hours`.
    """
    hours: QuietHours | None = getattr(notice.to, "quiet_hours", None) if notice.to else None
    if hours is None or notice.is_urgent or notice.template in NEVER_WAITS:
        return at
    assert notice.to is not None
    return quiet_until(at, hours.starts, hours.ends, notice.to.timezone)


def _words(starts: time | None, ends: time | None) -> str:
    if starts is None or ends is None:
        return ""
    return f"{starts:%H:%M} to {ends:%H:%M}"
