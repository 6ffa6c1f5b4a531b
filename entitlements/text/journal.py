"""The kinds of journal entries about contracts (`core.kinds`).

What a line says of licence, price and terms is put together by `reads.events`, from the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.kinds import Amount, Day, Kind


class LicenceRegistered(
    Kind, key="licence.registered", text="Licence registered", icon="key-round", tone="blue"
):
    key: str
    edition: str
    registered_on: Day
    price: Amount | None = None
    claim: bool = False  # the customer says so, nobody confirmed it (K1)


class LicenceTakenBack(
    Kind, key="licence.taken_back", text="Licence entered by mistake removed", icon="key-round"
):
    licence: int
    key: str


class SubscriptionTakenBack(
    Kind, key="subscription.taken_back", text="Subscription entered by mistake removed"
):
    subscription: int
    level: str
    starts_on: Day
    ends_on: Day


class LicenceConfirmed(
    Kind, key="licence.confirmed", text="Licence confirmed", icon="circle-check", tone="green"
):
    key: str
    check: str


class LicenceDeclined(
    Kind,
    key="licence.declined",
    text="Registration of a licence declined",
    icon="circle-alert",
    tone="red",
):
    key: str
    reason: str


class LicencePriceSet(
    Kind, key="licence.price_set", text="Price of the licence set", icon="key-round"
):
    before: Amount | None
    after: Amount | None


class LicenceTransferred(
    Kind,
    key="licence.transferred",
    text="Licence transferred to another organisation",
    icon="arrow-right",
    tone="warm",
):
    successor: int
    reason: str


class LicenceReceived(
    Kind,
    key="licence.received",
    text="Licence came from another organisation",
    icon="arrow-right",
    tone="blue",
):
    predecessor: int
    reason: str


class LicenceReminded(Kind, key="licence.reminded", text="Told that Basic ends", icon="bell"):
    last_on: Day


class KeySchemesChanged(
    Kind, key="licence_keys.changed", text="Check of licence keys changed", icon="key-round"
):
    reason: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class SubscriptionBought(
    Kind, key="subscription.bought", text="Subscription bought", icon="calendar", tone="green"
):
    level: str
    licence: str
    starts_on: Day
    ends_on: Day
    price: Amount


class SubscriptionUpgraded(
    Kind,
    key="subscription.upgraded",
    text="Upgraded to a better level",
    icon="arrow-up",
    tone="green",
):
    level: str
    credit: Amount


class SubscriptionEndedByUpgrade(
    Kind,
    key="subscription.ended_by_upgrade",
    text="Ended by the upgrade",
    icon="calendar",
    tone="warm",
):
    level: str
    before: Day
    after: Day | None
    credited: Amount


class SubscriptionDowngraded(
    Kind,
    key="subscription.downgraded",
    text="Downgraded to the next level",
    icon="arrow-down",
    tone="warm",
):
    level: str
    starts_on: Day


class SubscriptionVoidByDowngrade(
    Kind,
    key="subscription.void_by_downgrade",
    text="Void by the downgrade",
    icon="calendar",
    tone="warm",
):
    level: str
    before: Day
    after: Day | None


class SubscriptionCancelled(
    Kind, key="subscription.cancelled", text="Subscription cancelled", icon="calendar", tone="red"
):
    level: str
    before: Day
    after: Day | None
    reason: str


class SubscriptionVoid(
    Kind,
    key="subscription.void",
    text="Subscription void: it was a mistake",
    icon="calendar",
    tone="red",
):
    level: str
    before: Day
    after: Day | None
    reason: str


class SubscriptionCorrected(
    Kind, key="subscription.corrected", text="Subscription corrected", icon="calendar", tone="warm"
):
    before: int
    reason: str


class SubscriptionTransferred(
    Kind,
    key="subscription.transferred",
    text="Subscription went with its licence",
    icon="arrow-right",
    tone="warm",
):
    paid: Amount
    currency: str
    ends_on: Day
    on: Day


class SubscriptionReceived(
    Kind,
    key="subscription.received",
    text="Subscription came with its licence",
    icon="arrow-right",
    tone="blue",
):
    paid: Amount
    currency: str
    ends_on: Day
    predecessor: int


class SubscriptionReminded(
    Kind, key="subscription.reminded", text="Told that a subscription ends", icon="bell"
):
    last_on: Day
    key: str


class PackBought(Kind, key="pack.bought", text="Gold pack bought", icon="star", tone="green"):
    quantity: int
    price: Amount


class PackSpent(Kind, key="pack.spent", text="Gold incident spent", icon="star"):
    incident: int


class PackRefunded(
    Kind, key="pack.refunded", text="Gold incident given back", icon="rotate-ccw", tone="blue"
):
    incident: int
    why: str


class PackReinstated(
    Kind, key="pack.reinstated", text="Gold incident taken again", icon="star", tone="warm"
):
    incident: int


class PackExpired(Kind, key="pack.expired", text="Gold pack expired", icon="clock", tone="red"):
    quantity: int


class PackBroughtBack(
    Kind,
    key="pack.brought_back",
    text="Expired Gold incidents brought back",
    icon="rotate-ccw",
    tone="green",
):
    quantity: int


class PackAdjusted(
    Kind, key="pack.adjusted", text="Gold pack corrected by hand", icon="star", tone="warm"
):
    quantity: int
    reason: str


class PackReceived(Kind, key="pack.received", text="Gold pack came with its licence", icon="star"):
    quantity: int
    predecessor: int


class LedgerDiffers(
    Kind, key="ledger.differs", text="The ledger does not prove the balance", tone="red"
):
    available: int
    proven: int


class OrderPlaced(Kind, key="order.placed", text="Order placed", icon="file-text", tone="blue"):
    what: str
    licence: str
    price: Amount


class OrderConfirmed(
    Kind, key="order.confirmed", text="Order confirmed", icon="circle-check", tone="blue"
):
    price: Amount


class OrderInvoiced(
    Kind, key="order.invoiced", text="Order put on the invoice lines", icon="file-text", tone="blue"
):
    total: Amount
    invoice: str


class OrderDelivered(
    Kind, key="order.delivered", text="Order delivered", icon="package", tone="green"
):
    what: str


class RenewalProposed(
    Kind, key="renewal.proposed", text="Renewal proposed", icon="file-text", tone="blue"
):
    level: str
    starts_on: Day
    ends_on: Day
    price: Amount | None


class RenewalPriced(Kind, key="renewal.changed", text="Renewal proposal changed", icon="pencil"):
    before: Amount | None
    after: Amount | None


class RenewalSent(Kind, key="renewal.sent", text="Renewal proposal sent", icon="mail", tone="blue"):
    level: str
    starts_on: Day
    ends_on: Day
    price: Amount


class RenewalAccepted(
    Kind, key="renewal.accepted", text="Renewal accepted", icon="circle-check", tone="green"
):
    number: str


class RenewalDeclined(
    Kind, key="renewal.declined", text="Renewal declined", icon="circle-alert", tone="red"
):
    number: str
    reason: str


class RenewalWithdrawn(
    Kind, key="renewal.withdrawn", text="Renewal proposal withdrawn", icon="file-text"
):
    number: str
    reason: str


class BillingChanged(Kind, key="billing.changed", text="Billing address changed", icon="pencil"):
    fields: Sequence[str]


class SellingTermsChanged(
    Kind, key="selling_terms.changed", text="VAT and terms of payment changed", icon="pencil"
):
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class OrderPaid(Kind, key="order.paid", text="Order paid", icon="circle-check", tone="green"):
    price: Amount


class OrderCancelled(
    Kind, key="order.cancelled", text="Order cancelled", icon="file-text", tone="red"
):
    reason: str


class GoliveOpened(
    Kind, key="golive.opened", text="GoLive project opened", icon="layers", tone="green"
):
    starts_on: Day
    ends_on: Day


class ContractSigned(
    Kind,
    key="technical_contract.signed",
    text="Technical contract signed",
    icon="file-text",
    tone="green",
):
    reference: str
    starts_on: Day
    ends_on: Day


class ContractEndedEarly(
    Kind,
    key="technical_contract.ended_early",
    text="Technical contract ended early",
    icon="file-text",
    tone="warm",
):
    reason: str
    before: Day
    ends_on: Day


class CalendarSaved(Kind, key="calendar.saved", text="Working calendar saved", icon="calendar"):
    key: str
    version: int


class LevelSaved(Kind, key="level.saved", text="Level of the catalogue saved", icon="book-open"):
    level: str
    version: int


class ServiceSaved(
    Kind, key="service.saved", text="Service of the catalogue saved", icon="book-open"
):
    key: str
