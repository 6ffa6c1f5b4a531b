"""What the incident desk counts and measures on pages that all rooms share (`core.registries`)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from accounts.models import Organisation, Person
from core import closing, keeper
from core.models import SearchOwed
from core.registries import (
    Badge,
    MeasuredSweep,
    Work,
    add_badge,
    add_work,
    announce_entries,
    count_reports,
    measure,
    name_versions,
)
from core.retention import Kept, keep
from core.search.sources import add_source
from entitlements.models import Licence
from entitlements.querysets import NOT_TAKEN_UP
from notices.models import Notice
from notices.querysets import OWED
from notices.readers import keep_to_one_customer
from notices.sending.threads import answer_notices_about, take_bounces
from resources.models import FixNews
from resources.querysets.fixes import TO_TELL
from tickets import policies
from tickets.actions.dispatch import leaving
from tickets.actions.thread_headers import headers_of, headers_of_aside, return_path
from tickets.enums import State
from tickets.models import (
    Aside,
    Draft,
    Incident,
    InternalTarget,
    Message,
    OwedRedispatch,
    ResponseTarget,
    TargetWarning,
)
from tickets.querysets import INTERNAL_WATCHED, PENDING, SENDING, WATCHED
from tickets.reads.live import news_of
from tickets.reads.loop import reports_from
from tickets.reads.old_journal import old_entries
from tickets.reads.search import asides
from tickets.reads.search.source import SOURCE
from tickets.reads.versions import versions_reported


def register() -> None:
    """Safe to repeat."""
    answer_notices_about(Incident._meta.label_lower, headers_of)
    answer_notices_about(Aside._meta.label_lower, headers_of_aside)
    take_bounces(return_path)
    keep_to_one_customer(Incident._meta.label_lower, _readable)
    keep_to_one_customer(Aside._meta.label_lower, _read_aside, by_name=True)
    name_versions("tickets", versions_reported)
    count_reports("tickets", reports_from)
    measure(
        MeasuredSweep(
            "breaches",
            "Breaches",
            "Response targets past their due moment, not noted yet",
            rows=lambda: ResponseTarget.objects.filter(WATCHED),
            moment="due_at",
        ),
        MeasuredSweep(
            "warnings",
            "Warnings",
            "Targets near their end of which nobody was notified yet",
            rows=lambda: TargetWarning.objects.filter(PENDING),
            moment="due_at",
        ),
        MeasuredSweep(
            "answers",
            "Answers",
            "Sent, could be taken back for some seconds, and not on their way yet",
            rows=lambda: Draft.objects.filter(SENDING),
            moment="send_at",
        ),
        MeasuredSweep(
            "tier breaches",
            "Levels' own targets",
            "Internal targets past their moment, not noted yet",
            rows=lambda: InternalTarget.objects.filter(INTERNAL_WATCHED),
            moment="due_at",
        ),
        MeasuredSweep(
            "outbox",
            "Outbox",
            "Notices that are owed and not sent yet",
            rows=lambda: Notice.objects.filter(OWED),
            moment="next_at",
        ),
        MeasuredSweep(
            "dispatch",
            "Dispatch",
            "Incidents that wait for an engineer with room",
            rows=Incident.objects.unassigned,
            moment="received_at",
            waits=True,
        ),
        MeasuredSweep(
            "workers",
            "TS2 and TS3",
            "Escalated incidents that nobody at their level works on",
            rows=Incident.objects.unworked,
            moment="received_at",
            waits=True,
        ),
        MeasuredSweep(
            "alarmed",
            "Re-dispatch",
            "Incidents that an alarm gives to another engineer, not given yet",
            rows=OwedRedispatch.objects.owed,
            moment="owed_at",
        ),
        MeasuredSweep(
            "confirmed",
            "Licences that were confirmed",
            "Whose reports of before have to be taken up",
            rows=lambda: Licence.objects.filter(NOT_TAKEN_UP),
            moment="confirmed_at",
        ),
        MeasuredSweep(
            "fixes",
            "News of fixes",
            "Releases of whose fixes not everybody was told yet",
            rows=lambda: FixNews.objects.filter(TO_TELL),
            moment="at",
        ),
        MeasuredSweep(
            "search",
            "Search",
            "What was written or changed, and can not be found yet",
            rows=lambda: SearchOwed.objects.all(),
            moment="owed_at",
        ),
    )
    announce_entries("tickets.incident", news_of)
    add_badge(Badge("queue", _owed))
    keep(
        Kept(
            "journal",
            "KEEP_JOURNAL_DAYS",
            "Journal",
            "Who did what. An incident keeps its own until it is closed for as long.",
            rows=old_entries,
            moment="at",
            forget=lambda keys, at: keeper.forget("journal.old", at=at, keys=keys),
        )
    )
    closing.register(leaving.CONSEQUENCES)
    add_source(SOURCE)
    add_source(asides.SOURCE)
    add_work("tickets", Work(reached=_reached, staff=_staff, unfinished=_unfinished))


def _owed(person: Person) -> QuerySet[Incident]:
    """On which this person owes an answer; of TS2 and TS3, which they work on (X1)."""
    seen = Incident.objects.visible_to(person)
    if policies.works_above(person):
        return seen.unfinished().filter(worker=person).exclude(state=State.WAITING)
    return seen.filter(owner=person, due_at__isnull=False)


def _readable(person: Person, incidents: Collection[int]) -> set[int]:
    """Of these, what a customer reads now (F4): one may have become private since it was owed."""
    found = Incident.objects.visible_to(person).filter(pk__in=incidents)
    return set(found.values_list("pk", flat=True))


def _read_aside(person: Person, asides: Collection[int]) -> set[int]:
    """Of these, what one of the staff reads now (X4): who takes part no more may not."""
    found = Aside.objects.visible_to(person).filter(pk__in=asides)
    return set(found.values_list("pk", flat=True))


def _reached(person: Person) -> QuerySet[Any, Any]:
    """The organisations of incidents that are, or were, at the person's level."""
    return Incident.objects.visible_to(person).order_by().values("organisation")


def _unfinished(organisation: Organisation) -> int:
    return Incident.objects.unfinished().filter(organisation=organisation).count()


def _staff(organisations: QuerySet[Any]) -> QuerySet[Any, Any]:
    """Whoever owns an incident of the organisations, works on one, or wrote on it."""
    theirs = Incident.objects.filter(organisation__in=organisations).order_by()
    owned, worked = theirs.filter(owner__isnull=False), theirs.filter(worker__isnull=False)
    wrote = Message.objects.filter(organisation__in=organisations, author__organisation=None)
    return owned.values("owner").union(worked.values("worker"), wrote.order_by().values("author"))
