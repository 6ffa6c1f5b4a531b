from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.querysets import owned_by_visible
from entitlements.levels import SUBSCRIBED_LEVELS, at_least

if TYPE_CHECKING:
    from accounts.models import Person
    from entitlements.models import (  # noqa: F401 -- quoted below
        Billing,
        GoLiveProject,
        IncidentPack,
        LedgerEntry,
        Licence,
        Order,
        RenewalProposal,
        Subscription,
    )

PROPOSED_BEFORE = timedelta(days=90)  # the end: a renewal is proposed from then on

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

# Those that no renewal was proposed for, and proposals that somebody has to look at (RN1).
NOT_PROPOSED = STANDING & Q(proposed_at=None)
DRAFTED = Q(state="drafted")

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

    def to_propose(self, at: datetime) -> Self:
        """Those that end within 90 days, in one zone or another, with nothing that follows, and
        for which no renewal was proposed (RN1)."""
        today, zones = at.date(), timedelta(days=2)
        near = self.filter(
            NOT_PROPOSED,
            ends_on__gt=today - zones,
            ends_on__lte=today + PROPOSED_BEFORE + zones,
            licence__transferred_at=None,
            organisation__closed_at=None,
        )
        return near.unfollowed().order_by("ends_on", "pk")

    def unfollowed(self) -> Self:
        """Those without one that follows at once, at the same level or above: a better level
        includes what a worse one does."""
        follows = self.model.objects.standing().filter(
            licence=OuterRef("licence"),
            starts_on__lte=OuterRef("ends_on"),
            ends_on__gt=OuterRef("ends_on"),
        )
        return self.filter(without(follows))

    def lapsed(self, today: date) -> Self:
        """Those that ended by `today`, of licences that have nothing as good since, nor to come."""
        later = self.model.objects.standing().filter(licence=OuterRef("licence"), ends_on__gt=today)
        held = self.filter(
            STANDING,
            ends_on__lte=today,
            licence__transferred_at=None,
            organisation__closed_at=None,
        )
        newer = self.model.objects.standing().filter(
            licence=OuterRef("licence"), ends_on__gt=OuterRef("ends_on")
        )
        return held.filter(without(later)).exclude(Exists(newer))


class RenewalQuerySet(OwnedQuerySet["RenewalProposal"]):
    def for_list(self) -> Self:
        """With what a row shows, what begins first above."""
        related = ("organisation__tam", "licence", "order", "answered_by")
        return self.select_related(*related).order_by("starts_on", "pk")

    def to_review(self) -> Self:
        """Drafts of subscriptions that are still theirs and that nothing else renewed since."""
        return self.filter(DRAFTED)._unfollowed()

    def waiting(self) -> Self:
        """Sent ones that the customer has not answered, as the above."""
        return self.filter(state="sent")._unfollowed()

    def _unfollowed(self) -> Self:
        """Those from whose first day on nothing as good runs by other ways."""
        running = apps.get_model("entitlements", "Subscription")._default_manager.filter(
            STANDING,
            licence=OuterRef("licence"),
            starts_on__lte=OuterRef("starts_on"),
            ends_on__gt=OuterRef("starts_on"),
        )
        held = self.filter(licence__transferred_at=None, organisation__closed_at=None)
        return held.filter(without(running))


def without(others: models.QuerySet[Any]) -> Q:
    """The condition of rows with a level that none of `others` has at that level or above."""
    wanted = Q()
    for level in SUBSCRIBED_LEVELS:
        wanted |= Q(~Exists(others.filter(level__in=at_least(level))), level=level)
    return wanted


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
