"""What contracts hold about somebody: who did what, and reasons that people wrote."""

from __future__ import annotations

from core.personal import Held, harmless, hold
from entitlements.models import Billing, LedgerEntry, Licence, Order, RenewalProposal

hold(
    Held(
        "entitlements.Licence",
        "Licences that they registered",
        own=lambda person: Licence.objects.filter(claimed_by=person),
        blot=("declined_for", "check_said", "product", "edition"),
        day="made_at",
    ),
    Held(
        "entitlements.Order",
        "Orders that they placed",
        own=lambda person: Order.objects.filter(ordered_by=person),
        blot=("purchase_reference", "reason", "invoice_number", "billing"),
        secret=("form_key",),
        day="ordered_at",
    ),
    Held(
        "entitlements.LedgerEntry",
        "Movements of Gold incidents that they made",
        own=lambda person: LedgerEntry.objects.filter(by=person),
        keeper="ledger.person",
        blot=("reason",),
        day="at",
    ),
    Held(
        "entitlements.Billing",
        "Billing addresses that they changed last",
        own=lambda person: Billing.objects.filter(changed_by=person),
        blot=("name", "street", "postal_code", "city", "vat_number", "email"),
        day="changed_at",
    ),
    Held(
        "entitlements.RenewalProposal",
        "Renewals that they answered",
        own=lambda person: RenewalProposal.objects.filter(answered_by=person),
        blot=("note", "reason"),
        day="answered_at",
    ),
    Held("entitlements.GoLiveProject", "GoLive projects", blot=("name",)),
    Held("entitlements.TechnicalContract", "Technical contracts", blot=("reference", "subject")),
    Held("entitlements.KeySchemesVersion", "Schemes of licence keys", blot=("reason",)),
    Held("entitlements.CoverageDecision", "Decisions", blot=("considered_facts", "remedy_facts")),
)
harmless("entitlements.Licence", "what was sold, to a company", "key", "currency")
harmless("entitlements.Order", "a number, a sum", "number", "currency", "level", "vat_rule")
harmless("entitlements.RenewalProposal", "a number, what is sold", "number", "level", "currency")
harmless("entitlements.Billing", "a country", "country")
harmless(
    "entitlements.SellingTermsVersion",
    "the vendor's own",
    *("country", "vat_number", "rates", "bank"),
)
harmless("entitlements.LedgerEntry", "one of a list", "debit", "credit", "kind", "refund_reason")
harmless("entitlements.CoverageDecision", "one of a list", "service", "channel")
harmless("entitlements.KeySchemesVersion", "patterns of keys", "schemes")
harmless("entitlements.Subscription", "what was sold", "level", "currency")
harmless("entitlements.IncidentPack", "what was sold", "currency")
for model, fields in {
    "entitlements.Service": ("key", "name", "limits"),
    "entitlements.CalendarVersion": (
        *("calendar", "name", "timezone", "hours", "holidays", "holiday_names", "overrides"),
    ),
    "entitlements.LevelVersion": (
        *("level", "channels", "services", "resources", "supplied_by", "pack_prices"),
        *("price_text",),
    ),
}.items():
    harmless(model, "the catalogue: what is sold, and when it is open", *fields)
