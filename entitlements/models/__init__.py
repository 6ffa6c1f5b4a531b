"""The tables of entitlements, by subject; import them from here."""

from entitlements.models.billing import Billing, SellingTermsVersion
from entitlements.models.catalogue import CalendarVersion, LevelVersion, Service
from entitlements.models.contracts import GoLiveProject, Licence, Subscription, TechnicalContract
from entitlements.models.decisions import CoverageDecision
from entitlements.models.keys import KeySchemesVersion
from entitlements.models.orders import Order
from entitlements.models.packs import IncidentPack, LedgerEntry
from entitlements.models.renewals import RenewalProposal

__all__ = [
    "Billing",
    "CalendarVersion",
    "CoverageDecision",
    "GoLiveProject",
    "IncidentPack",
    "KeySchemesVersion",
    "LedgerEntry",
    "LevelVersion",
    "Licence",
    "Order",
    "RenewalProposal",
    "SellingTermsVersion",
    "Service",
    "Subscription",
    "TechnicalContract",
]
