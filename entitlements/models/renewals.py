"""What we propose to a customer whose subscription ends (RN1)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.words import day_in_words
from entitlements.enums import RenewalState
from entitlements.levels import subscribed_choices
from entitlements.models.contracts import Licence, Subscription
from entitlements.models.money import MONEY
from entitlements.models.orders import Order
from entitlements.querysets import DRAFTED, RenewalQuerySet

GRACE = timedelta(days=30)  # after the end, in which it can still be accepted, without a gap


class RenewalProposal(models.Model):
    """One more period of a subscription, from the day on which it ends; once a subscription.

    `price` is without VAT, and None until somebody gives it where the licence's is not known.
    `note` is what the account manager says with it, `reason` why it was declined or withdrawn.
    """

    number = models.CharField(max_length=20, unique=True)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="renewals"
    )
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="renewals")
    subscription = models.OneToOneField(Subscription, models.PROTECT, related_name="renewal")
    level = models.CharField(max_length=10, choices=subscribed_choices)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The first day that is no longer covered")
    price = models.DecimalField(**MONEY, null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    note = models.TextField(max_length=2000, blank=True)
    state = models.CharField(
        max_length=10, choices=RenewalState.choices, default=RenewalState.DRAFTED
    )
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)
    order = models.OneToOneField(
        Order, models.PROTECT, null=True, blank=True, related_name="renewal"
    )

    objects = RenewalQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(fields=["starts_on"], condition=DRAFTED, name="renewal_drafted")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="renewal_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(price=None) | Q(price__gte=0), name="renewal_price_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RenewalState.SENT, RenewalState.ACCEPTED])
                | Q(sent_at__isnull=False, price__isnull=False),
                name="renewal_sent_with_its_price",
            ),
            models.CheckConstraint(
                condition=Q(state=RenewalState.ACCEPTED, order__isnull=False)
                | (~Q(state=RenewalState.ACCEPTED) & Q(order=None)),
                name="renewal_accepted_is_ordered",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[RenewalState.DRAFTED, RenewalState.SENT], answered_at=None)
                | Q(
                    state__in=[
                        RenewalState.ACCEPTED,
                        RenewalState.DECLINED,
                        RenewalState.WITHDRAWN,
                    ],
                    answered_at__isnull=False,
                ),
                name="renewal_ended_at_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def last_on(self) -> date:
        return self.ends_on - timedelta(days=1)

    @property
    def held_until(self) -> date:
        """The last day of the subscription that it renews."""
        return self.starts_on - timedelta(days=1)

    @property
    def open_until(self) -> date:
        """The last day on which it can be accepted."""
        return self.starts_on + GRACE

    @property
    def title(self) -> str:
        level, first, last = self.get_level_display(), self.starts_on, self.last_on
        return f"{level}, {day_in_words(first)} to {day_in_words(last)}"

    @property
    def net(self) -> Decimal:
        return self.price or Decimal(0)
