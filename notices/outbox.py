"""The outbox: owing people a notice in the transaction of the fact.

It is sent after the commit (`notices.sending.delivery`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError
from redis import RedisError

from core.journal import Subject, label
from notices.enums import Way
from notices.models import Notice

if TYPE_CHECKING:
    from accounts.models import Person

logger = structlog.get_logger(__name__)

_wakes_workers: ContextVar[bool] = ContextVar("wakes_workers", default=True)


@contextmanager
def without_haste() -> Iterator[None]:
    """What is told inside waits for the next sweep: for who tells of the past, thousands at once.

    Nothing is lost by it: beat asks for what is owed every few seconds anyway.
    """
    before = _wakes_workers.set(False)
    try:
        yield
    finally:
        _wakes_workers.reset(before)


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
    """What `tell` would owe, not yet saved: for those who tell of many things at once (`owe`).

    Of a call, the template's first line is what is said. What is urgent does not wait for the end
    of anybody's quiet hours.
    """
    common = _owed(template, key, at, about, headers, context)
    common |= {"way": way, "is_urgent": is_urgent}
    owed = {person.pk: Notice(**common, to=person) for person in people if person.is_active}
    return list(owed.values())


def owe(notices: list[Notice]) -> None:
    """Owe all of them in one statement; those whose key and person are known change nothing.

    Call it inside the transaction of the facts.
    """
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    nudge_on_commit()


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
    """Like `tell`, for an address that is no person yet; the context is forgotten once sent.

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
        "context": context,
        "headers": dict(headers or {}),
        "made_at": at,
        "next_at": at,
    }


def nudge_on_commit() -> None:
    """One nudge a transaction, however many people it tells."""
    is_planned = any(_nudge in entry for entry in connection.run_on_commit)
    if _wakes_workers.get() and not is_planned:
        transaction.on_commit(_nudge, robust=True)


def _nudge() -> None:
    """Ask a worker to look now. Only for speed: beat asks every few seconds anyway."""
    try:
        current_app.send_task("notices.tasks.send_owed", retry=False, expires=60)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("broker away, the sweep will send", error=str(error))
