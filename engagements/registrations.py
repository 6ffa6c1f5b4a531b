"""What this room counts, measures and shows on pages of the rooms below it (`core.registries`)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from accounts.enums import VENDOR_ROLES
from accounts.models import Organisation, Person
from core.registries import Badge, MeasuredSweep, Work, add_badge, add_work, measure
from core.search.sources import add_source
from engagements.actions.thread_headers import headers_of
from engagements.models import (
    Engagement,
    Promise,
    Registration,
    RoadmapItem,
    TrainingSession,
)
from engagements.querysets.engagements import ALARM_OWED
from engagements.querysets.training import TO_REMIND
from engagements.reads.search import SOURCE
from notices.readers import keep_to_one_customer
from notices.sending.threads import answer_notices_about


def register() -> None:
    """Safe to repeat."""
    add_source(SOURCE)
    answer_notices_about(Engagement._meta.label_lower, headers_of)
    keep_to_one_customer(Engagement._meta.label_lower, _readable)
    keep_to_one_customer(Registration._meta.label_lower, _registered)
    add_badge(Badge("engagements", _to_reply))
    add_work("engagements", Work(reached=_reached, staff=_staff, unfinished=_unfinished))
    measure(
        MeasuredSweep(
            "promises",
            "Engagements",
            "Phases, tasks and answers that near their end or are late, of which nobody heard yet",
            rows=lambda: Promise.objects.filter(ALARM_OWED),
            moment="next_at",
        ),
        MeasuredSweep(
            "roadmap",
            "Roadmap",
            "What shipped with a release, of which nobody who asked for it heard yet",
            rows=RoadmapItem.objects.to_ship,
            moment="ships_in__published_at",
        ),
        MeasuredSweep(
            "trainings",
            "Trainings",
            "Trainings that begin soon, whose people were not reminded",
            rows=lambda: TrainingSession.objects.filter(TO_REMIND),
            moment="remind_at",
        ),
    )


def _readable(person: Person, engagements: Collection[int]) -> set[int]:
    found = Engagement.objects.visible_to(person).filter(pk__in=engagements)
    return set(found.values_list("pk", flat=True))


def _registered(person: Person, registrations: Collection[int]) -> set[int]:
    """Of the organisation where they are now: who moved away hears of the old one's no more."""
    found = Registration.objects.visible_to(person).filter(pk__in=registrations)
    return set(found.values_list("pk", flat=True))


def _to_reply(person: Person) -> QuerySet[Engagement] | None:
    """Requests that wait for this person's reply."""
    if person.role not in VENDOR_ROLES:
        return None
    return Engagement.objects.filter(owner=person, state="requested", ended_at=None)


def _reached(person: Person) -> QuerySet[Any, Any]:
    """The organisations of engagements in whose team the person is."""
    return Engagement.objects.visible_to(person).order_by().values("organisation")


def _staff(organisations: QuerySet[Any]) -> QuerySet[Any, Any]:
    theirs = Q(engagement__organisation__in=organisations, person__organisation=None)
    members: Any = Engagement._meta.get_field("members").related_model
    found: QuerySet[Any, Any] = members.objects.filter(theirs).order_by().values("person")
    return found


def _unfinished(organisation: Organisation) -> int:
    return Engagement.objects.open().filter(organisation=organisation).count()
