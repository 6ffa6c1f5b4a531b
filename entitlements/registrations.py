"""What contracts add to pages of the rooms below and beside them (`core.registries`)."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Person
from core.registries import Badge, MeasuredSweep, add_badge, measure
from entitlements.enums import OrderState
from entitlements.models import Licence, Order, RenewalProposal
from entitlements.policies import may_see_claims, may_see_orders, may_settle_orders
from entitlements.querysets import CHECK_OWED


def register() -> None:
    """Safe to repeat."""
    measure(
        MeasuredSweep(
            "claims",
            "Licences to check",
            "Registered licences that the vendor's check has to be asked about by now",
            rows=lambda: Licence.objects.filter(CHECK_OWED),
            moment="check_at",
        )
    )
    add_badge(Badge("claims", _waiting))
    add_badge(Badge("orders", _to_settle))
    add_badge(Badge("renewals", _to_review))


def _waiting(person: Person) -> QuerySet[Licence] | None:
    return Licence.objects.visible_to(person).waiting() if may_see_claims(person) else None


def _to_settle(person: Person) -> QuerySet[Order] | None:
    """Orders in which the vendor has the next move (OR1), for whom may make it: an account manager
    confirms their customers'."""
    if not may_see_orders(person):
        return None
    ours = Order.objects.visible_to(person).ours_to_move()
    return ours if may_settle_orders(person) else ours.filter(state=OrderState.OPEN)


def _to_review(person: Person) -> QuerySet[RenewalProposal] | None:
    """Drafts of renewals, for who sends them (RN1)."""
    return (
        RenewalProposal.objects.visible_to(person).to_review() if may_see_orders(person) else None
    )
