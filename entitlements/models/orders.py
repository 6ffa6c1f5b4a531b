"""What a customer asked to buy in the portal; staff confirm it when it is paid."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.words import counted, day_in_words
from entitlements.enums import OrderKind, OrderState
from entitlements.levels import subscribed_choices
from entitlements.models.billing import Address
from entitlements.models.contracts import Licence, Subscription
from entitlements.models.money import MONEY
from entitlements.models.packs import IncidentPack
from entitlements.querysets import OPEN_ORDER, OrderQuerySet
from entitlements.rules.vat import VatRule


class Order(models.Model):
    """A pack of Gold incidents, or a year of a paid level, at the price it had when ordered.

    There is no payment gateway: orders are confirmed, exported as invoice lines, invoiced
    elsewhere, marked paid here, and delivered (OR1). `price` is without VAT.
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
    # What stood on the billing address and came out as VAT when it was placed (OR2); an order of
    # before that has no rule.
    billing = models.JSONField(default=dict, db_default={}, blank=True)
    vat_rule = models.CharField(
        max_length=10, choices=VatRule.choices, blank=True, default="", db_default=""
    )
    vat_percent = models.DecimalField(
        max_digits=5, decimal_places=2, default=Decimal(0), db_default=Decimal(0)
    )
    vat = models.DecimalField(**MONEY, default=Decimal(0), db_default=Decimal(0))
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.OPEN)
    ordered_at = models.DateTimeField()
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    invoiced_at = models.DateTimeField(null=True, blank=True)
    invoiced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    invoice_number = models.CharField(max_length=40, blank=True, default="", db_default="")
    paid_at = models.DateTimeField(null=True, blank=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Delivered or cancelled.
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
        indexes = [
            models.Index(fields=["ordered_at"], condition=OPEN_ORDER, name="order_not_done"),
            models.Index(
                fields=["invoiced_at"],
                condition=Q(invoiced_at__isnull=False),
                name="order_invoiced",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=OrderKind.PACK, quantity__gt=0, level="", starts_on=None)
                | Q(kind=OrderKind.SUBSCRIPTION, quantity=None, starts_on__isnull=False)
                & ~Q(level=""),
                name="order_names_its_thing",
            ),
            models.CheckConstraint(
                condition=~Q(state=OrderState.DELIVERED)
                | Q(pack__isnull=False)
                | Q(subscription__isnull=False),
                name="order_delivered_has_it",
            ),
            models.CheckConstraint(
                condition=~Q(state=OrderState.INVOICED) | Q(invoiced_at__isnull=False),
                name="order_invoiced_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=OrderState.PAID) | Q(paid_at__isnull=False),
                name="order_paid_has_its_moment",
            ),
            models.CheckConstraint(condition=Q(vat__gte=0), name="order_vat_not_negative"),
            models.CheckConstraint(condition=Q(price__gte=0), name="order_price_not_negative"),
            models.CheckConstraint(
                condition=(OPEN_ORDER & Q(settled_at=None))
                | (~OPEN_ORDER & Q(settled_at__isnull=False)),
                name="order_settled_at_its_end",
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
            return counted(self.quantity or 0, "Gold incident")
        starts_on = self.starts_on
        assert starts_on is not None, "order_names_its_thing"
        return f"A year of {self.get_level_display()} from {day_in_words(starts_on)}"

    @property
    def total(self) -> Decimal:
        return self.price + self.vat

    @property
    def is_free(self) -> bool:
        """Nothing to invoice, and nothing to pay."""
        return not self.total

    @property
    def is_open(self) -> bool:
        return self.settled_at is None

    @property
    def address(self) -> Address | None:
        """To whom it is invoiced; None for one of before the desk kept that."""
        return Address.kept(self.billing) if self.billing else None

    @property
    def vat_words(self) -> str:
        """Why it has the VAT that it has."""
        return VatRule(self.vat_rule).words if self.vat_rule else ""
