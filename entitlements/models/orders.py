"""What a customer asked to buy in the portal; staff confirm it when it is paid."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.words import day_in_words
from entitlements.enums import OrderKind, OrderState
from entitlements.levels import subscribed_choices
from entitlements.models.contracts import Licence, Subscription
from entitlements.models.money import MONEY
from entitlements.models.packs import IncidentPack
from entitlements.querysets import OPEN_ORDER, OrderQuerySet


class Order(models.Model):
    """A pack of Gold incidents, or a year of a paid level, at the price it had when ordered.

    There is no payment gateway: orders are exported, invoiced elsewhere, and marked paid here,
    which makes the pack or the subscription in the same transaction.
    """

    number = models.CharField(max_length=20, unique=True)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="orders")
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=12, choices=OrderKind.choices)
    quantity = models.PositiveIntegerField(null=True, blank=True, help_text="Of a pack")
    level = models.CharField(max_length=10, blank=True, choices=subscribed_choices)
    starts_on = models.DateField(null=True, blank=True, help_text="Of a subscription")
    price = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3, default="EUR")
    purchase_reference = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.OPEN)
    ordered_at = models.DateTimeField()
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    form_key = models.CharField(max_length=64, blank=True, help_text="Of the form that sent it")
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was cancelled")
    pack = models.OneToOneField(
        IncidentPack, models.PROTECT, null=True, blank=True, related_name="order"
    )
    subscription = models.OneToOneField(
        Subscription, models.PROTECT, null=True, blank=True, related_name="order"
    )

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-ordered_at", "-pk"]
        indexes = [models.Index(fields=["ordered_at"], condition=OPEN_ORDER, name="order_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=OrderKind.PACK, quantity__gt=0, level="", starts_on=None)
                | Q(kind=OrderKind.SUBSCRIPTION, quantity=None, starts_on__isnull=False)
                & ~Q(level=""),
                name="order_names_its_thing",
            ),
            models.CheckConstraint(
                condition=~Q(state=OrderState.PAID)
                | Q(pack__isnull=False)
                | Q(subscription__isnull=False),
                name="order_paid_is_delivered",
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="order_price_not_negative"),
            models.CheckConstraint(
                condition=Q(state=OrderState.OPEN, settled_at=None)
                | (~Q(state=OrderState.OPEN) & Q(settled_at__isnull=False)),
                name="order_settled_when_not_open",
            ),
            models.UniqueConstraint(
                fields=["ordered_by", "form_key"],
                condition=~Q(form_key=""),
                name="order_once_a_form",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """What was ordered, in a few words."""
        if self.kind == OrderKind.PACK:
            return f"{self.quantity} Gold incidents"
        starts_on = self.starts_on
        assert starts_on is not None, "order_names_its_thing"
        return f"A year of {self.get_level_display()} from {day_in_words(starts_on)}"
