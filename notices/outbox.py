"""The outbox: owing people a notice in the transaction of the fact.

It is sent after the commit (`notices.sending.delivery`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from core.journal import Subject, label
from core.late import Late
from core.nudges import nudge_on_commit
from notices.bell.ringing import ring
from notices.enums import Way
from notices.kinds import rank_of
from notices.models import Notice, Notification
from notices.readers import is_elsewhere

if TYPE_CHECKING:
    from accounts.models import Person

SENDS = "notices.tasks.send_owed"


def notify(
    people: Iterable[Person],
    template: str,
    *,
    key: str,
    at: datetime,
    about: Subject | None = None,
    headers: Mapping[str, str] | None = None,
    **context: object,
) -> None:
    """Owe each person one notice; a second call with the same `key` changes nothing.

    Call it inside the transaction of the fact. `template` names `templates/notices/<template>.txt`,
    whose first line is the subject. `about` is the incident, report or the like that it is about;
    its organisation becomes the notice's; without one only an unrestricted transaction may write
    it (`core.rls`). Of the context, moments are ISO strings under keys that
    end in `_at`; keys that end in `url` are our own pages.
    """
    facts: dict[str, Any] = context
    owe(notices_to(people, template, key=key, at=at, about=about, headers=headers, **facts))


def notices_to(
    people: Iterable[Person],
    template: str,
    *,
    key: str,
    at: datetime,
    about: Subject | None = None,
    headers: Mapping[str, str] | None = None,
    way: Way = Way.MAIL,
    is_urgent: bool = False,
    **context: object,
) -> list[Notice]:
    """What `notify` would owe, not yet saved: for who notifies of many things at once (`owe`).

    Of a call, the template's first line is what is said. What is urgent does not wait for the end
    of anybody's quiet hours.
    """
    common = _owed(template, key, at, about, headers, context)
    common |= {"way": way, "is_urgent": is_urgent}
    subject, organisation = common["subject"], common["organisation_id"]
    owed = {
        person.pk: Notice(**common, to=person)
        for person in people
        if person.is_active and not is_elsewhere(person, subject, organisation)
    }
    return list(owed.values())


def owe(notices: list[Notice]) -> None:
    """Owe all of them; those whose key and person are known change nothing.

    Call it inside the transaction of the facts, with which they are written (`core.late`).
    """
    _LATE.add(notices)


def _write(notices: list[Notice]) -> None:
    if _added(notices):
        wake_worker()
        ring(notices)


def _added(notices: list[Notice]) -> int:
    """Save those that were not owed before; how many that were.

    Django does not say how many rows an INSERT that skips conflicts wrote; the cursor does.
    """
    rows = 0

    def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal rows
        answer = execute(sql, params, many, context)
        rows += max(context["cursor"].rowcount, 0)
        return answer

    with connection.execute_wrapper(count):
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
    return rows


def notify_address(
    address: str,
    template: str,
    *,
    key: str,
    at: datetime,
    about: Subject | None = None,
    headers: Mapping[str, str] | None = None,
    **context: object,
) -> None:
    """Like `notify`, for an address that is no person yet; the context is forgotten once sent.

    `name` in the context is how the mail greets; moments are in the organisation's time zone.
    """
    common = _owed(template, key, at, about, headers, context)
    owe([Notice(**common, address=address, is_secret=True)])


def _owed(
    template: str,
    key: str,
    at: datetime,
    about: Subject | None,
    headers: Mapping[str, str] | None,
    context: dict[str, object],
) -> dict[str, Any]:
    return {
        "key": key,
        "organisation_id": getattr(about, "organisation_id", None),
        "subject": label(about) if about is not None else "",
        "template": template,
        "rank": rank_of(template),
        "context": context,
        "headers": dict(headers or {}),
        "made_at": at,
        "next_at": at,
    }


def wake_worker() -> None:
    """Have what is owed sent after the commit; one nudge a transaction, however many it tells."""
    nudge_on_commit(SENDS)


_LATE = Late((Notice._meta.db_table, Notification._meta.db_table), _write)
