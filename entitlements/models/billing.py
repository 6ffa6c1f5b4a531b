"""To whom orders are invoiced, and with which VAT (OR2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from entitlements.querysets import BillingQuerySet
from entitlements.rules.vat import Buyer, Seller


class Billing(models.Model):
    """The address to which an organisation's orders are invoiced.

    `vat_number` is "" or one that its country can have. An order keeps what stood here when it
    was placed, so a change counts from the next one on.
    """

    organisation = models.OneToOneField(
        "accounts.Organisation", models.PROTECT, related_name="billing"
    )
    name = models.CharField(max_length=200, help_text="Of the company, as on its invoices")
    street = models.CharField(max_length=200)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100)
    country = models.CharField(max_length=2, help_text="ISO 3166, two letters")
    vat_number = models.CharField(max_length=30, blank=True)
    email = models.EmailField(max_length=254, blank=True, help_text="To which invoices go")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = BillingQuerySet.as_manager()

    class Meta:
        verbose_name = "billing address"
        verbose_name_plural = "billing addresses"

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"

    @property
    def buyer(self) -> Buyer:
        return Buyer(self.country, self.vat_number)

    @property
    def address(self) -> Address:
        return Address(**{name: getattr(self, name) for name in Address.NAMES})


@dataclass(frozen=True)
class Address:
    """A billing address as an order keeps it."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    vat_number: str
    email: str

    NAMES = ("name", "street", "postal_code", "city", "country", "vat_number", "email")

    @classmethod
    def kept(cls, facts: Mapping[str, str]) -> Address:
        """From an order's JSON; one of before the desk kept addresses has none of it."""
        return cls(**{name: facts.get(name, "") for name in cls.NAMES})

    def as_json(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.NAMES}


class SellingTermsVersion(models.Model):
    """With which VAT the vendor sells, and how it is paid, from some moment on.

    An edit makes a new version. `rates` maps a country's code to a percentage as text, so that it
    stays exact.
    """

    version = models.PositiveIntegerField(unique=True)
    country = models.CharField(max_length=2)
    vat_number = models.CharField(max_length=30, blank=True)
    rates = models.JSONField()
    payment_days = models.PositiveSmallIntegerField()
    bank = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(payment_days__gt=0), name="selling_terms_leave_time_to_pay"
            )
        ]

    def __str__(self) -> str:
        return f"Selling terms (version {self.version})"

    @property
    def terms(self) -> SellingTerms:
        rates = {country: Decimal(percent) for country, percent in self.rates.items()}
        seller = Seller(self.country, rates)
        return SellingTerms(seller, self.vat_number, self.payment_days, self.bank)


@dataclass(frozen=True)
class SellingTerms:
    """The terms as plain data. `bank` is what stands on papers about how to pay."""

    seller: Seller
    vat_number: str
    payment_days: int
    bank: str

    def as_json(self) -> dict[str, object]:
        return {
            "country": self.seller.country,
            "vat_number": self.vat_number,
            "rates": {country: str(percent) for country, percent in self.seller.rates.items()},
            "payment_days": self.payment_days,
            "bank": self.bank,
        }


# Until managers say otherwise; the standard rate of Romania since August 2025.
DELIVERED = SellingTerms(Seller("RO", {"RO": Decimal(21)}), "", 30, "")
