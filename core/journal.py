"""The journal: who did what, when, under which rule (A1). Written in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Max

from core import rls
from core.asking import asked
from core.events.news import announce
from core.kinds import check
from core.late import Late
from core.models import JournalEntry
from core.security import is_about_safety

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.db.models.options import Options

    from accounts.models import Person


class Subject(Protocol):
    """Any saved model."""

    pk: Any

    @property
    def _meta(self) -> Options[Any]: ...


def record(
    kind: str,
    subject: Subject,
    *,
    at: datetime,
    by: Person | None,
    rule: str = "",
    **facts: object,
) -> None:
    """Write one journal entry; call it inside the transaction of what happened (`core.late`).

    `kind` is a stable key such as `incident.escalated`, never translated; its facts are those that
    the app's `journal` module declares (`core.kinds`), others raise `UndeclaredFacts`. The entry
    belongs to the subject's organisation, where it has one. Moments, days and decimals may be
    facts. What is about safety also keeps the address and the name of the request.
    """
    record_all([entry(kind, subject, at=at, by=by, rule=rule, **facts)])


def entry(
    kind: str,
    subject: Subject,
    *,
    at: datetime,
    by: Person | None,
    rule: str = "",
    **facts: object,
) -> JournalEntry:
    """The same, not yet written: for those who write many at once (`record_all`)."""
    check(kind, facts)
    is_security = is_about_safety(kind)
    return JournalEntry(
        kind=kind,
        is_security=is_security,
        subject=label(subject),
        organisation_id=_organisation(subject),
        at=at,
        by=by,
        rule=rule,
        facts=_plain(facts) | (_where() if is_security else {}),
    )


def record_all(entries: Iterable[JournalEntry]) -> None:
    """Write many entries, in their order; call it inside the transaction of what happened."""
    _LATE.add(list(entries))


def _write(entries: list[JournalEntry]) -> None:
    """The vendor's own, such as of an article, are written by who serves only some customers, too.

    No other may pass the wall.
    """
    theirs = [one for one in entries if one.organisation_id is not None]
    written = JournalEntry.objects.bulk_create(theirs)
    if len(theirs) < len(entries):
        ours = [one for one in entries if one.organisation_id is None]
        with rls.everything():
            written += JournalEntry.objects.bulk_create(ours)
    announce(written)


_LATE = Late((JournalEntry._meta.db_table, "core_forget"), _write)


def entries_of(subject: Subject) -> QuerySet[JournalEntry]:
    """What happened to one thing, oldest first, with the people who did it."""
    found = JournalEntry.objects.filter(subject=label(subject))
    return found.select_related("by").order_by("at", "pk")


def version_of(subject: Subject) -> int:
    """The number of the last entry about a thing, which grows with all that happens to it."""
    found = JournalEntry.objects.filter(subject=label(subject))
    return found.aggregate(last=Max("pk"))["last"] or 0


def label(subject: Subject) -> str:
    """How the journal names a thing: "tickets.incident:17".

    A model that moved to another app keeps its `journal_name`, since entries are never changed.
    """
    name = getattr(subject, "journal_name", subject._meta.label_lower)
    return f"{name}:{subject.pk}"


def _organisation(subject: Subject) -> Any:
    if subject._meta.label_lower == "accounts.organisation":
        return subject.pk
    return getattr(subject, "organisation_id", None)


def _where() -> dict[str, object]:
    """From where, in which request; nothing in a task or a command."""
    now = asked()
    return {} if now is None else {"from_address": now.address, "request": now.request}


def _plain(facts: dict[str, object]) -> dict[str, object]:
    encoder = DjangoJSONEncoder()
    plain = (str, int, float, bool, list, dict, type(None))
    return {k: v if isinstance(v, plain) else encoder.default(v) for k, v in facts.items()}
