"""What people choose to be told of, and how; what they leave for the mail of the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from core.journal import record
from notices.digests.moments import next_digest
from notices.enums import Way, Wish
from notices.kinds import CHOICES, Choice
from notices.models import Notice, NoticeChoices

if TYPE_CHECKING:
    from accounts.models import Person

HOUR = 8  # of the mail of the day, unless the person says otherwise


def choices_for(person: Person) -> list[Choice]:
    """The groups of notices that can reach this person at all."""
    return [one for one in CHOICES if one.for_staff == person.is_staff]


@transaction.atomic
def set_choices(person: Person, *, wishes: Mapping[str, str], hour: int, at: datetime) -> None:
    """`wishes` by the key of a `Choice`; what is not named comes by its default. `hour` is 0 to 23.

    What was collected already keeps its moment. Safe to repeat. The form has checked the wishes.
    """
    offered = {one.key: one for one in choices_for(person)}
    chosen = {
        key: wish
        for key, wish in wishes.items()
        if key in offered and wish != offered[key].default and wish in offered[key].wishes
    }
    now, _made = NoticeChoices.objects.select_for_update().get_or_create(
        person=person,
        defaults={"organisation_id": person.organisation_id, "digest_hour": HOUR},
    )
    if (now.wishes, now.digest_hour) == (chosen, hour):
        return
    before = {"wishes": now.wishes, "hour": now.digest_hour}
    now.wishes, now.digest_hour = chosen, hour
    now.save(update_fields=["wishes", "digest_hour"])
    after = {"wishes": chosen, "hour": hour}
    record("person.notice_choices", person, at=at, by=person, before=before, after=after)


def set_aside(notice: Notice, at: datetime) -> bool:
    """Whether its person wants it later or not at all; then that is noted on it.

    Never what is urgent, such as the breach of a promise that runs round the clock, nor a call.
    The notice comes with `to__notice_choices`, and is held by the caller.
    """
    choices: NoticeChoices | None = getattr(notice.to, "notice_choices", None)
    if notice.to is None or notice.is_urgent or notice.way == Way.CALL:
        return False
    wishes = choices.wishes if choices else {}
    wish = _wish(wishes, notice.template, is_staff=notice.to.is_staff)
    hour = choices.digest_hour if choices else HOUR
    if wish == Wish.DIGEST:
        notice.put_off_at, notice.is_collected = at, True
        notice.next_at = next_digest(at, hour, notice.to.timezone)
        notice.save(update_fields=["put_off_at", "is_collected", "next_at"])
    elif wish == Wish.OFF:
        notice.given_up_at, notice.is_unwanted = at, True
        notice.save(update_fields=["given_up_at", "is_unwanted"])
    return wish != Wish.NOW


def _wish(wishes: Mapping[str, str], kind: str, *, is_staff: bool) -> str:
    for one in CHOICES:
        if kind in one.kinds and one.for_staff == is_staff:
            wish = str(wishes.get(one.key, one.default))
            return wish if wish in one.wishes else Wish.NOW
    return Wish.NOW
