"""What people are told of a training, with the appointment for their calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from core.ical import Appointment, calendar
from engagements.models import Registration, TrainingSession
from notices.outbox import notify, notify_address

_WHERE = frozenset({"course", "starts_at", "place", "link", "url"})
_SAID = {  # what each says of the session; the rest is told with it
    "training_seat": _WHERE,
    "training_reminder": _WHERE,
    "training_moved": _WHERE,
    "training_waits": frozenset({"course", "starts_at", "url"}),
    "training_cancelled": frozenset({"course", "starts_at", "url"}),
    "training_certificate": frozenset({"course", "url"}),
    "training_revoked": frozenset({"course"}),
}


def tell(
    registrations: Iterable[Registration],
    template: str,
    *,
    key: str,
    at: datetime,
    with_calendar: bool = True,
    **facts: object,
) -> None:
    """One mail to each: by their account where they have one, else to the address alone.
    Appointments are for who has a seat.

    `key` is made one of the registration. Their session and its course come with them.
    """
    for one in registrations:
        about = _facts(one.session)
        context: dict[str, Any] = {name: about[name] for name in _SAID[template]} | facts
        if with_calendar and one.is_seated:
            context["calendar"] = invitation(one.session, at=at, with_room=True)
        if not one.is_seated and "link" in context:
            context["link"] = ""  # it comes with the seat, as the appointment does
        own = f"{key}:{one.pk}"
        if one.person is not None:
            notify([one.person], template, key=own, at=at, about=one, **context)
        else:
            notify_address(
                one.email, template, key=own, at=at, about=one, **context | {"name": one.name}
            )


def _facts(session: TrainingSession) -> dict[str, Any]:
    return {
        "course": session.course.name,
        "starts_at": session.starts_at.isoformat(),
        "place": session.place or "online",
        "link": session.link,
        "url": f"{settings.SITE_URL}{session.get_absolute_url()}",
    }


def invitation(session: TrainingSession, *, at: datetime, with_room: bool) -> str:
    """All parts of a session as a calendar file; a part keeps its name through every change.

    The link of an online room is for who has a seat (`with_room`), and for nobody else.
    """
    link = session.link if with_room else ""
    host = settings.MAIL_DOMAIN
    course = session.course.name
    parts = list(session.parts.all())
    many = len(parts) > 1
    return calendar(
        (
            Appointment(
                uid=f"training-{session.pk}-{part.number}@{host}",
                title=f"{course} ({part.number} of {len(parts)})" if many else course,
                starts_at=part.starts_at,
                ends_at=part.ends_at,
                said_at=at,
                place=session.place or link or "online",
                text=link,
                url=f"{settings.SITE_URL}{session.get_absolute_url()}",
                sequence=session.sequence,
                is_cancelled=session.is_cancelled,
            )
            for part in parts
        ),
        name=course,
        maker=settings.VENDOR["name"],
    )
