"""What calls hold about somebody, and what the erasure does to it."""

from __future__ import annotations

from django.db.models import Q

from core.personal import Held, harmless, hold
from telephone.models import Call, CallBack, PhoneNumber

hold(
    Held(
        "telephone.PhoneNumber",
        "Telephone numbers",
        own=lambda person: PhoneNumber.objects.filter(person=person),
        is_deleted=True,
        day="added_at",
    ),
    Held(
        "telephone.Call",
        "Calls",
        own=lambda person: Call.objects.filter(Q(contact=person) | Q(by=person)),
        blot=("number",),
        day="logged_at",
    ),
    Held(
        "telephone.CallBack",
        "Call-backs",
        own=lambda person: CallBack.objects.filter(Q(contact=person) | Q(asked_by=person)),
        texts={"topic": ""},
        blot=("number", "extension", "topic"),
        day="asked_at",
    ),
)
harmless("telephone.Call", "one of a list", "direction", "outcome")
