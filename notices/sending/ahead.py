"""What has to be known to send notices, read ahead for many of them: a few queries for all.

Each is claimed when its turn comes, by its row as it is then (`delivery`). What is known around it,
such as its person's quiet hours or the managers' wording, is as it was some moments before.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from notices.bounces.addresses import bouncing_among
from notices.enums import Way
from notices.models import BouncingAddress, Notice
from notices.readers import read_no_more
from notices.sending.rendering import Around, around_of

AT_ONCE = 25  # notices that are read ahead together
FRESH = 1.0  # seconds after which what was read ahead is read again


@dataclass(frozen=True)
class Ready:
    """A notice that was owed, and what holds of it: `period` is one in which its address takes no
    mail, `is_read` False says that its person may not read any more what it is about."""

    notice: Notice
    period: BouncingAddress | None
    is_read: bool
    around: Around


def read_ahead(notice_ids: Collection[int], *, at: datetime) -> dict[int, Ready]:
    """Those of the notices that are owed one by one at `at`, by their keys."""
    owed = Notice.objects.owed(at).filter(is_collected=False, pk__in=notice_ids)
    owed = owed.select_related("to__quiet_hours", "to__notice_choices", "organisation")
    notices = list(owed.order_by())
    by_person: dict[int, list[Notice]] = {}
    for one in notices:
        if one.to is not None:
            by_person.setdefault(one.to.pk, []).append(one)
            if one.organisation_id == one.to.organisation_id:
                one.to.organisation = one.organisation  # else asked for, once a notice
    unread: set[int] = set()
    for theirs in by_person.values():
        assert theirs[0].to is not None
        unread |= read_no_more(theirs[0].to, theirs)
    periods = bouncing_among([one.recipient for one in notices if one.way == Way.MAIL])
    around = around_of(notices)
    return {
        one.pk: Ready(
            one,
            periods.get(one.recipient.lower()) if one.way == Way.MAIL else None,
            one.pk not in unread,
            around[one.pk],
        )
        for one in notices
    }
