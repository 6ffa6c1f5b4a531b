"""Who may see which incidents: the one rule behind `Incident.objects.visible_to(person)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import CUSTOMER_ROLES, Role
from accounts.querysets import owned_by_visible

if TYPE_CHECKING:
    from accounts.models import Person

QS = TypeVar("QS", bound=QuerySet[Any])

# The tiers whose work reaches a person only by escalation (docs/rules.md, "People").
_TIER_OF = {Role.TS2: 2, Role.TS3: 3}


def incidents_visible_to(incidents: QS, person: Person) -> QS:
    """Those of `incidents` that `person` may see.

    TS2 and TS3 see what was escalated to their tier, now or before, and about what a colleague
    asks them in a side conversation, while they are in it (X4); everybody else the incidents
    of the organisations they see (`accounts.querysets`): a customer what `read_by` says of their
    own, a partner those of its customers, the vendor's TS1, account
    managers and managers those they are assigned to.
    """
    tier = _TIER_OF.get(Role(person.role))
    if tier is None:
        found = owned_by_visible(incidents, person)
        return found.filter(read_by(incidents, person)) if person.role in CUSTOMER_ROLES else found
    handover: Any = incidents.model._meta.get_field("handovers").related_model
    came_up = handover.objects.filter(incident=OuterRef("pk"), to_tier=tier)
    with_other = handover.objects.filter(incident=OuterRef("merged_into"), to_tier=tier)
    merged = Q(merged_into__tier=tier) | Q(Exists(with_other))  # its words stand in that one (G1)
    asked = Q(pk__in=_asked_aside(incidents, person))
    return incidents.filter(Q(tier=tier) | Q(Exists(came_up)) | Q(owner=person) | merged | asked)


def _asked_aside(incidents: QuerySet[Any, Any], person: Person) -> QuerySet[Any, Any]:
    aside: Any = incidents.model._meta.get_field("asides").related_model
    member: Any = aside._meta.get_field("members").related_model
    present = member.objects.filter(person=person, left_at=None).order_by()
    asked: QuerySet[Any, Any] = present.values("aside__incident")
    return asked


def read_by(incidents: QuerySet[Any, Any], person: Person) -> Q:
    """Which of the organisation's own a contact sees (F4).

    What they reported and what they take part in; of the rest all that is not private, where
    organisation or role let them see all. The policy `readers` of the table says the same.
    """
    participant: Any = incidents.model._meta.get_field("participants").related_model
    taking_part = participant.objects.filter(person=person, left_at=None).order_by()
    own = Q(reporter=person) | Q(pk__in=taking_part.values("incident"))
    return own | Q(is_private=False) if person.sees_all else own
