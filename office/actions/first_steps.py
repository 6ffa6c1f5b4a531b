"""What a manager does on the list of first steps: a mail as a test, and "looked at"."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from notices.outbox import notify
from office.reads.first_steps import LOOKED_AT, MAIL_TEST


@transaction.atomic
def test_mail(*, by: Person, at: datetime) -> None:
    """Owe a manager a mail, by the way that every mail of the desk goes. Error: `NotAllowed`."""
    if not by.is_manager:
        raise NotAllowed()
    notify(
        [by],
        MAIL_TEST,
        key=f"{MAIL_TEST}:{by.pk}:{at.isoformat()}",
        at=at,
        asked_at=at.isoformat(),
        support_address=settings.VENDOR["support_address"],
        url=f"{settings.SITE_URL}{reverse('admin:first_steps')}",
    )
    record("first_step.mail_tested", by, at=at, by=by)


@transaction.atomic
def look_at(step: str, *, by: Person, at: datetime) -> None:
    """Note that a manager looked at it. Safe to repeat. Error: `NotAllowed`."""
    if not by.is_manager or step not in LOOKED_AT:
        raise NotAllowed()
    record("first_step.looked_at", by, at=at, by=by, step=step)
