"""Ringing with the notices that are owed; reading."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from core.counting import count_up_to
from core.events.news import News, tell_on_commit
from notices.enums import Way
from notices.kinds import RINGS
from notices.models import Notice, Notification

if TYPE_CHECKING:
    from accounts.models import Person

COUNTED = 99
FACTS = ("number", "subject", "author", "by")  # of a notice's context: never what was written


def ring(notices: Iterable[Notice]) -> None:
    """Let those of `notices` that concern somebody's work stand in the bell of their staff, once.

    Call it inside the transaction of the facts. What a person chose to be mailed changes nothing.
    """
    ringing = [made for one in notices if (made := _of(one)) is not None]
    if not ringing:
        return
    Notification.objects.bulk_create(ringing, ignore_conflicts=True)
    for person in {one.person_id for one in ringing}:
        tell_on_commit(News("bell", (f"person:{person}",), {}, same="bell"))


def read(person: Person, *, at: datetime, subjects: Collection[str] | None = None) -> int:
    """Mark as read what stands in the person's bell: all, or what is about `subjects`.

    How many that were. Safe to repeat.
    """
    theirs = Notification.objects.visible_to(person).unread()
    if subjects is not None:
        theirs = theirs.filter(subject__in=subjects)
    count = theirs.update(read_at=at)
    if count:
        tell_on_commit(News("bell", (f"person:{person.pk}",), {}, same="bell"))
    return count


def unread_of(person: Person) -> int:
    """How many stand unread in the bell; of more than `COUNTED` nobody needs the number."""
    rows = Notification.objects.visible_to(person).unread()
    return count_up_to(COUNTED, {"bell": rows})["bell"].number


def _of(notice: Notice) -> Notification | None:
    """Where it is about one customer's matter, goes to one of the staff, and is no call."""
    person = notice.to
    if person is None or not person.is_staff or notice.organisation_id is None:
        return None
    if notice.way == Way.CALL or notice.template not in RINGS:
        return None
    return Notification(
        key=notice.key,
        person=person,
        organisation_id=notice.organisation_id,
        kind=notice.template,
        subject=notice.subject,
        facts={name: notice.context[name] for name in FACTS if notice.context.get(name)},
        made_at=notice.made_at,
    )
