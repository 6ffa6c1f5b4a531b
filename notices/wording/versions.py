"""New words for a kind of notice: saved as a version, gone back from, tried on oneself."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction

from core.journal import record
from notices.errors import WordingNotAllowed, WordingUnusable
from notices.kinds import KINDS
from notices.models import WordingVersion
from notices.outbox import notify
from notices.sending.rendering import Words
from notices.wording.language import Wording, delivered, problems

if TYPE_CHECKING:
    from accounts.models import Person

_LOCK = "notices.wording"


@transaction.atomic
def reword(kind: str, wording: Wording, *, by: Person, at: datetime) -> WordingVersion | None:
    """What is sent from now on, also of what is owed already, says it so.

    None when it says what counts already: then nothing is written. Errors: `WordingNotAllowed`,
    `WordingUnusable` with everything that is wrong.
    """
    found = problems(kind, wording)
    if found:
        raise WordingUnusable(why=" ".join(found))
    return _new_version(kind, wording, by=by, at=at)


@transaction.atomic
def as_delivered(kind: str, *, by: Person, at: datetime) -> WordingVersion | None:
    """The words that the desk came with count again; None when they do. `WordingNotAllowed`."""
    return _new_version(kind, None, by=by, at=at)


def try_on_oneself(kind: str, words: Words, *, key: str, by: Person, at: datetime) -> None:
    """Mail `by` the filled in words, marked as a test; with the same `key` only once.

    Error: `WordingNotAllowed`.
    """
    if not by.is_manager:
        raise WordingNotAllowed()
    notify(
        [by],
        "wording_test",
        key=f"wording_test:{kind}:{key}"[:120],
        at=at,
        test_subject=words.subject,
        test_text=words.text,
    )


def _new_version(
    kind: str, wording: Wording | None, *, by: Person, at: datetime
) -> WordingVersion | None:
    assert kind in KINDS, "the caller has looked"
    if not by.is_manager:
        raise WordingNotAllowed()
    with connection.cursor() as cursor:  # two managers at once: the second one's comes after
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
    newest = WordingVersion.objects.filter(kind=kind).order_by("-version").first()
    counting = newest.wording if newest else None
    if (wording or delivered(kind)) == (counting or delivered(kind)):
        return None
    made = WordingVersion.objects.create(
        kind=kind,
        version=newest.version + 1 if newest else 1,
        is_delivered=wording is None,
        subject=wording.subject if wording else "",
        text=wording.text if wording else "",
        made_at=at,
        made_by=by,
    )
    record(
        "wording.changed",
        made,
        at=at,
        by=by,
        wording=kind,
        is_delivered=made.is_delivered,
        before=asdict(counting or delivered(kind)),
        after=asdict(wording or delivered(kind)),
    )
    return made
