from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

from accounts.querysets import owned_by_visible

if TYPE_CHECKING:
    from accounts.models import Person
    from entitlements.models import (  # noqa: F401 -- quoted below
        Billing,
        GoLiveProject,
        IncidentPack,
        LedgerEntry,
        Licence,
        Order,
        Subscription,
    )

M = TypeVar("M", bound=models.Model)

# The packs that the expiry sweep has to look at. Their partial index is built on the same Q.
WITH_BALANCE = Q(available__gt=0)

# Licences that are their organisation's, claimed or confirmed: not the rows that a transfer left
# behind, nor the claims that were declined.
HELD = Q(transferred_at=None, declined_at=None)
# Those of them on which something can be promised (K1): registered by staff, or confirmed since.
COUNTING = HELD & (Q(claimed_at=None) | Q(confirmed_at__isnull=False))
# Claims that somebody has to confirm or decline, and those that the vendor's check is asked about.
WAITING = HELD & Q(claimed_at__isnull=False, confirmed_at=None)
CHECK_OWED = WAITING & Q(check_at__isnull=False)
# Confirmed claims whose reports have not been taken up yet.
NOT_TAKEN_UP = Q(confirmed_at__isnull=False, taken_up_at=None)

# Subscriptions that count. A void one was sold by mistake, or cancelled before it began.
STANDING = Q(void_at=None)
# Those whose licence's running clocks have not been looked at since they took effect (R6).
NOT_APPLIED = STANDING & Q(applied_at=None)

# Orders that are not at their end, and those of them in which the vendor has the next move (OR1).
OPEN_ORDER = Q(state__in=["open", "confirmed", "invoiced", "paid"])
OURS_TO_MOVE = Q(state__in=["open", "confirmed", "paid"])


class OwnedQuerySet(models.QuerySet[M]):
    """Rows that belong to an organisation."""

    def visible_to(self, person: Person) -> Self:
        """The rows of the organisations that `person` may see; the only door to them."""
        return owned_by_visible(self, person)


class LicenceQuerySet(OwnedQuerySet["Licence"]):
    def held(self) -> Self:
        """Those that are their organisation's, whether they are confirmed or not."""
        return self.filter(HELD)

    def held_at(self, at: datetime) -> Self:
        """Those that were their organisation's at `at`."""
        return self.filter(HELD | Q(transferred_at__gt=at, declined_at=None))

    def counting(self) -> Self:
        """Those on which something can be promised (K1)."""
        return self.filter(COUNTING)

    def waiting(self) -> Self:
        """Claims that nobody confirmed or declined yet."""
        return self.filter(WAITING)

    def for_claims(self) -> Self:
        """Waiting claims with what a row of their list shows, the oldest first; one query."""
        return (
            self.waiting().select_related("organisation", "claimed_by").order_by("claimed_at", "pk")
        )

    def check_owed(self, at: datetime) -> Self:
        """Claims about which the vendor's check has to be asked by `at`."""
        return self.filter(CHECK_OWED, check_at__lte=at)

    def to_take_up(self) -> Self:
        """Confirmed claims whose reports have not been taken up yet."""
        return self.filter(NOT_TAKEN_UP)

    def for_list(self) -> Self:
        return self.select_related("organisation").order_by("organisation__name", "key")


class SubscriptionQuerySet(OwnedQuerySet["Subscription"]):
    def standing(self) -> Self:
        """Those that count: whatever asks what was sold goes through here."""
        return self.filter(STANDING)

    def to_apply(self, at: datetime) -> Self:
        """Those that may have begun by `at`, in one zone or another, and were not applied (R6)."""
        latest = (at + timedelta(days=1)).date()
        return self.filter(NOT_APPLIED, starts_on__lte=latest).order_by("starts_on", "pk")


class OrderQuerySet(OwnedQuerySet["Order"]):
    def for_list(self) -> Self:
        """Newest first, with what a row shows."""
        related = ("organisation", "licence", "ordered_by")
        return self.select_related(*related).order_by("-ordered_at", "-pk")

    def open(self) -> Self:
        """Those that are neither delivered nor cancelled."""
        return self.filter(OPEN_ORDER)

    def ours_to_move(self) -> Self:
        """Those that wait for the vendor: to be confirmed, invoiced or delivered."""
        return self.filter(OURS_TO_MOVE)


class BillingQuerySet(OwnedQuerySet["Billing"]):
    """Billing addresses, one an organisation."""


class IncidentPackQuerySet(OwnedQuerySet["IncidentPack"]):
    def for_list(self) -> Self:
        return self.select_related("organisation").order_by("purchased_at", "pk")

    def with_balance(self) -> Self:
        return self.filter(WITH_BALANCE)


class LedgerEntryQuerySet(OwnedQuerySet["LedgerEntry"]):
    def for_list(self) -> Self:
        """Newest first; of one moment in the order of entering, in which balances follow."""
        return self.select_related("pack__licence", "incident", "by").order_by("-at", "-pk")
