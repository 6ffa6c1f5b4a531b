"""Gold incidents: packs and their ledger (L1, L2)."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from entitlements.enums import Account, EntryKind, RefundReason
from entitlements.models.contracts import Licence
from entitlements.models.money import MONEY
from entitlements.querysets import WITH_BALANCE, IncidentPackQuerySet, LedgerEntryQuerySet


class IncidentPack(models.Model):
    """N prepaid Gold incidents of a licence that has Premium. `available` is guarded (L2).

    Only `actions.packs` writes `available`, always with a ledger entry in the same transaction.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="incident_packs"
    )
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="incident_packs")
    quantity = models.PositiveIntegerField()
    available = models.IntegerField()
    purchased_at = models.DateTimeField()
    price = models.DecimalField(**MONEY, default=Decimal(0))
    currency = models.CharField(max_length=3, default="EUR")

    objects = IncidentPackQuerySet.as_manager()

    class Meta:
        ordering = ["purchased_at"]
        constraints = [
            models.CheckConstraint(condition=Q(available__gte=0), name="pack_never_negative"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="pack_has_incidents"),
        ]
        indexes = [
            models.Index(fields=["licence"], condition=WITH_BALANCE, name="pack_with_balance")
        ]

    def __str__(self) -> str:
        return f"pack of {self.quantity} bought {self.purchased_at:%Y-%m-%d}"


class LedgerEntry(models.Model):
    """One movement of Gold incidents between two accounts. Append-only (L1)."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    pack = models.ForeignKey(IncidentPack, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    debit = models.CharField(max_length=10, choices=Account.choices)
    credit = models.CharField(max_length=10, choices=Account.choices)
    quantity = models.PositiveIntegerField()
    balance = models.PositiveIntegerField(help_text="Available in the pack after this entry")
    incident = models.ForeignKey(
        "tickets.Incident", models.PROTECT, null=True, blank=True, related_name="ledger_entries"
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    refund_reason = models.CharField(max_length=20, choices=RefundReason.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="ledger_moves_something"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_two_accounts"),
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(kind=EntryKind.CONSUME),
                name="ledger_one_consume_an_incident",
            ),
            models.CheckConstraint(
                condition=~Q(kind=EntryKind.REFUND) | Q(reverses__isnull=False),
                name="ledger_refund_reverses",
            ),
            models.CheckConstraint(
                condition=~Q(kind=EntryKind.REINSTATE) | Q(reverses__isnull=False),
                name="ledger_reinstate_reverses",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity}"

    @property
    def told(self) -> str:
        """What happened, in the customer's words."""
        return EntryKind(self.kind).told

    @property
    def change(self) -> int:
        """By how many the entry changed what is available in the pack."""
        given = self.credit == Account.AVAILABLE, self.debit == Account.AVAILABLE
        return self.quantity * (given[0] - given[1])
