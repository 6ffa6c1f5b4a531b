"""What the rota holds about somebody of the vendor."""

from __future__ import annotations

from django.db.models import Q

from core.personal import Held, harmless, hold
from rota.models import Absence, Pattern, Shift, Swap

hold(
    Held(
        "rota.Absence",
        "Absences",
        own=lambda person: Absence.objects.filter(person=person),
        clear={"reason": ""},
        blot=("reason",),
        day="starts_at",
    ),
    Held(
        "rota.Swap",
        "Swaps of shifts",
        own=lambda person: Swap.objects.filter(Q(asked_by=person) | Q(asked_of=person)),
        texts={"words": ""},
        blot=("words",),
        day="asked_at",
    ),
    Held("rota.Shift", "Shifts", own=lambda person: Shift.objects.filter(person=person)),
    Held("rota.Pattern", "Weekly plans", own=lambda person: Pattern.objects.filter(person=person)),
)
harmless("rota.Pattern", "hours of a week", "weekly", "timezone")
