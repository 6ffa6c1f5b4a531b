"""What the rota says where it is asked from below (`core.closing`)."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Person
from core import closing
from core.closing import Consequences
from rota.models import Shift


def register() -> None:
    """Safe to repeat."""
    closing.register(Consequences("shifts", _foresee, _nothing))


def _foresee(person: Person, at: datetime) -> list[str]:
    count = Shift.objects.filter(person=person, ends_at__gt=at).count()
    if not count:
        return []
    shifts = f"{count} shift{'s' if count > 1 else ''} of theirs"
    return [f"{shifts} to come are not counted any more; the managers are notified of gaps."]


def _nothing(person: Person, by: Person | None, at: datetime) -> None:
    """Who is on duty and where the gaps are follows from open accounts alone."""
