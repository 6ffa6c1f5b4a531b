"""What contracts are made of. Levels and channels have files of their own, with their facts."""

from django.db import models

from entitlements.channels import SPOKEN as SPOKEN
from entitlements.channels import Channel as Channel
from entitlements.levels import SUBSCRIBED_LEVELS as SUBSCRIBED_LEVELS
from entitlements.levels import Level as Level

# The key of the service that no level covers without a special technical contract (rule 10).
ON_SITE = "on_site"


class Edition(models.TextChoices):
    BUSINESS = "business", "Business edition"
    OFFICE = "office", "Office edition"
    EVALUATION = "evaluation", "Evaluation version"


class ClaimState(models.TextChoices):
    """Where a registration stands (K1). What staff register is confirmed by that."""

    CONFIRMED = "confirmed", "Confirmed"
    WAITING = "waiting", "Waits for confirmation"
    DECLINED = "declined", "Declined"


class EntryKind(models.TextChoices):
    """The six kinds of a ledger entry (L1)."""

    PURCHASE = "purchase", "Purchase"
    CONSUME = "consume", "Consumption"
    REFUND = "refund", "Refund"
    EXPIRE = "expire", "Expiry"
    ADJUST = "adjust", "Adjustment"
    REINSTATE = "reinstate", "Taken again"  # what a refund gave back, which was undone (G1)

    @property
    def told(self) -> str:
        """In the words of the customer whose pack it is."""
        return {
            EntryKind.PURCHASE: "Bought",
            EntryKind.CONSUME: "Spent",
            EntryKind.REFUND: "Given back",
            EntryKind.EXPIRE: "Expired",
            EntryKind.ADJUST: "Put right",
            EntryKind.REINSTATE: "Spent again",
        }[self]


class Account(models.TextChoices):
    """The four accounts between which a ledger entry moves Gold incidents (L1)."""

    ISSUED = "issued", "issued by the vendor"
    AVAILABLE = "available", "available to the customer"
    CONSUMED = "consumed", "consumed by incidents"
    EXPIRED = "expired", "expired"


class RefundReason(models.TextChoices):
    """Why a Gold incident is given back (L5)."""

    DUPLICATE = "duplicate", "Duplicate of another incident"
    DEFECT = "defect", "Product defect"
    NO_INCIDENT = "no_incident", "No incident"
    NO_HELP = "no_help", "No help was given"
    CORRECTED = "corrected", "Licence or service put right"  # by putting right alone (G3)


class Resource(models.TextChoices):
    """Online resources that a level opens."""

    FORUM = "forum", "Forum"
    KNOWLEDGE_BASE = "knowledge_base", "Knowledge base"
    DOCUMENTATION = "documentation", "Online documentation"
    NEWSLETTER = "newsletter", "Newsletter"
    BETA = "beta", "Beta programme access"


class Supplier(models.TextChoices):
    """Who gives the support of a level ("supplied by" of the catalogue)."""

    CSE1 = "cse1", "Level 1 CSE"
    PARTNER = "partner", "Local partner"
    CSE2 = "cse2", "Level 2 CSE"
    TAM = "tam", "TAM assigned"


class OrderKind(models.TextChoices):
    """What can be ordered in the portal."""

    PACK = "pack", "Pack of Gold incidents"
    SUBSCRIPTION = "subscription", "Subscription"


class OrderState(models.TextChoices):
    """How far an order came (OR1), in the order in which it goes."""

    OPEN = "open", "Requested"
    CONFIRMED = "confirmed", "Confirmed"
    INVOICED = "invoiced", "Invoice sent"
    PAID = "paid", "Paid"
    DELIVERED = "delivered", "Delivered"
    CANCELLED = "cancelled", "Cancelled"


class RenewalState(models.TextChoices):
    """Where a proposal stands (RN1). That nobody answered is a matter of its days."""

    DRAFTED = "drafted", "To review"
    SENT = "sent", "Sent"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
