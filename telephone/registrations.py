"""What the telephone adds to pages of the rooms below it (`core.registries`)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.models import Person
from core import closing, rls
from core.closing import Consequences
from core.registries import (
    Badge,
    MeasuredSweep,
    add_badge,
    measure,
)
from telephone.actions import calling
from telephone.models import CallBack
from telephone.querysets import CALL_WATCHED


def register() -> None:
    """Safe to repeat."""
    measure(
        MeasuredSweep(
            "call-backs",
            "Call-backs",
            "Calls that were promised by now, tried late or not, not noted yet",
            rows=lambda: CallBack.objects.filter(CALL_WATCHED),
            moment="due_at",
        )
    )
    add_badge(Badge("call_backs", _due))
    closing.register(Consequences("call-backs", _foresee, _release))


def _due(person: Person) -> QuerySet[CallBack]:
    return CallBack.objects.visible_to(person).owed().filter(owed_at__lte=Now())


def _foresee(person: Person, at: datetime) -> list[str]:
    count = CallBack.objects.owed().filter(claimed_by=person).count()
    several = count > 1
    words = f"{count} call-back{'s' if several else ''} that they took wait{'' if several else 's'}"
    return [f"{words} for somebody else again."] if count else []


def _release(person: Person, by: Person | None, at: datetime) -> None:
    """Whoever is gone calls nobody: the others see what they had taken."""
    with rls.everything():
        for held in CallBack.objects.owed().filter(claimed_by=person):
            calling.release(held, by=person, at=at)
