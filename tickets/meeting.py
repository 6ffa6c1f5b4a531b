"""What the incident desk counts and measures on pages that all rooms share (`core.registries`)."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Person
from core.registries import Badge, MeasuredSweep, add_badge, measure
from entitlements.models import Licence
from entitlements.querysets import NOT_TAKEN_UP
from notices.models import Notice
from notices.querysets import OWED
from tickets.models import Incident, InternalTarget, OwedRedispatch, ResponseTarget, TargetWarning
from tickets.querysets import INTERNAL_WATCHED, PENDING, WATCHED


def register() -> None:
    """Safe to repeat."""
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
    )
    add_badge(Badge("queue", _owed))


def _owed(person: Person) -> QuerySet[ResponseTarget]:
    return ResponseTarget.objects.visible_to(person).open().filter(incident__owner=person)
