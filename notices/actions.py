"""Owing people a notice. Sending is the worker's (`notices.tasks`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from core.journal import Subject, label
from notices.models import Notice

if TYPE_CHECKING:
    from accounts.models import Person


def tell(
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
    its organisation becomes the notice's.
    """
    owed = {
        person.pk: Notice(
            key=key,
            to=person,
            organisation_id=getattr(about, "organisation_id", None),
            subject=label(about) if about is not None else "",
            template=template,
            context=context,
            headers=dict(headers or {}),
            made_at=at,
            next_at=at,
        )
        for person in people
        if person.is_active
    }
    Notice.objects.bulk_create(owed.values(), ignore_conflicts=True)
