from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

from accounts.querysets import owned_by_visible

if TYPE_CHECKING:
    from accounts.models import Person
    from entitlements.models import (  # noqa: F401 -- quoted below
        GoLiveProject,
        IncidentPack,
        LedgerEntry,
        Licence,
        Subscription,
    )

M = TypeVar("M", bound=models.Model)

# The packs that the expiry sweep has to look at. Their partial index is built on the same Q.
WITH_BALANCE = Q(available__gt=0)


class OwnedQuerySet(models.QuerySet[M]):
    """Rows that belong to an organisation."""

    def visible_to(self, person: Person) -> Self:
        """The rows of the organisations that `person` may see; the only door to them."""
        return owned_by_visible(self, person)


class LicenceQuerySet(OwnedQuerySet["Licence"]):
    def for_list(self) -> Self:
        return self.select_related("organisation").order_by("organisation__name", "key")


class IncidentPackQuerySet(OwnedQuerySet["IncidentPack"]):
    def for_list(self) -> Self:
        return self.select_related("organisation").order_by("purchased_at", "pk")

    def with_balance(self) -> Self:
        return self.filter(WITH_BALANCE)


class LedgerEntryQuerySet(OwnedQuerySet["LedgerEntry"]):
    def for_list(self) -> Self:
        """Newest first, in the order of entering, in which the balances follow each other."""
        return self.select_related("pack__licence", "incident", "by").order_by("-pk")
