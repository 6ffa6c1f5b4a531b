"""Where somebody is signed in, and how that ends."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest

from accounts.actions.telling import notify_of_change
from accounts.models import Person, SignIn
from core.asking import address_of
from core.journal import record
from core.text import clean

HERE = "sign_in"  # in a session: the number of its row
KEY = "sign_in_key"  # and the key that the row knows it by
SEEN = "seen_at"  # and when its person did something last, in seconds since 1970
EVERY = timedelta(minutes=5)  # how exactly that is kept


def begin(request: HttpRequest, person: Person, *, at: datetime, method: str = "password") -> None:
    """Write down that the person signed in with this request. Call it once, after the sign-in."""
    session: Any = request.session
    if session.session_key is None:
        session.create()
    row = SignIn.objects.create(
        person=person,
        session_key=session.session_key,
        address=address_of(request),
        browser=clean(request.headers.get("User-Agent", ""))[:200],
        started_at=at,
        seen_at=at,
    )
    session[HERE], session[KEY], session[SEEN] = row.pk, row.session_key, at.timestamp()
    record("signin.done", person, at=at, by=person, method=method)


def keep_up(request: HttpRequest, *, at: datetime) -> bool:
    """Note that the person did something, every few minutes, and the key that the session has now.

    Whether anything was written. A page that refreshes itself is nobody's doing; the caller leaves
    those out. Of a session that began before this was kept nothing is known, and nothing is noted.
    """
    session: Any = request.session
    if HERE not in session:
        return False
    is_new_key = session.get(KEY) != session.session_key
    if at.timestamp() - session.get(SEEN, 0) < EVERY.total_seconds() and not is_new_key:
        return False
    session[SEEN], session[KEY] = at.timestamp(), session.session_key
    row = SignIn.objects.filter(pk=session[HERE])
    row.update(seen_at=at, session_key=session.session_key)
    return True


def running(person: Person, *, at: datetime) -> QuerySet[SignIn]:
    """Where the person is signed in, the latest first."""
    oldest = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return person.sign_ins.filter(seen_at__gt=oldest).order_by("-seen_at", "-pk")


@transaction.atomic
def end(sign_in: SignIn, *, by: Person, at: datetime) -> None:
    """Sign the person out in one browser. The caller has checked that it is their own."""
    _close(SignIn.objects.filter(pk=sign_in.pk))
    record("sessions.ended", sign_in.person, at=at, by=by, browser=sign_in.browser)


@transaction.atomic
def end_everywhere(
    person: Person, *, by: Person | None, at: datetime, request: HttpRequest | None = None
) -> None:
    """Sign the person out in every browser, known or not, but that of `request`, which stays.

    They are mailed. Safe to repeat.
    """
    Person.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])
    rows = SignIn.objects.filter(person=person)
    if request is not None:
        rows = rows.exclude(pk=request.session.get(HERE, 0))
        update_session_auth_hash(request, person)
        keep_up(request, at=at)
    _close(rows)
    record("sessions.ended", person, at=at, by=by)
    key = f"sessions:{person.pk}:{secrets.token_hex(6)}"
    notify_of_change(person, "You were signed out everywhere else", key=key, at=at)


def forget_others(person: Person, *, besides: int | None = None) -> None:
    """After a new password: the other sessions are dead already, their rows go, too."""
    _close(SignIn.objects.filter(person=person).exclude(pk=besides or 0))


def forget_old(*, at: datetime) -> int:
    """Delete sessions that ran out by themselves, and their rows; how many. Safe to repeat."""
    oldest = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    rows = SignIn.objects.filter(seen_at__lte=oldest).delete()[0]
    return rows + Session.objects.filter(expire_date__lt=at).delete()[0]


def _close(rows: QuerySet[SignIn]) -> None:
    Session.objects.filter(
        session_key__in=list(rows.values_list("session_key", flat=True))
    ).delete()
    rows.delete()
