"""Buying, spending, giving back and correcting Gold incidents; what happens at the last (L1-L5).

Only `actions.ledger` touches the rows; here are the rules. See also `actions.expiry` (L6). An
empty pack serves no report: the resolver names the next best level (`rules.resolver`).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from accounts.enums import Role
from accounts.models import Person
from core.journal import record
from core.text import clean
from entitlements.actions.expiry import expire_packs as expire_packs
from entitlements.actions.expiry import premium_terms, reverse_expiries
from entitlements.actions.ledger import enter, give, lock, take
from entitlements.actions.ledger import prove_ledger as prove_ledger
from entitlements.enums import Account, EntryKind, Level, RefundReason
from entitlements.errors import (
    AdjustmentTooLarge,
    AlreadyRefunded,
    NegativePrice,
    NoPackSize,
    NothingSpent,
    NothingToAdjust,
    PackInUse,
    PackNotSold,
    PackTooSmall,
    PremiumNeeded,
    ReasonMissing,
)
from entitlements.models import IncidentPack, LedgerEntry, Licence
from entitlements.reads.current import current_level
from entitlements.reads.holdings import holdings_of, life_of_pack, local_day
from notices.outbox import notify

if TYPE_CHECKING:
    from tickets.models import Incident

LARGEST = 10_000  # more than anybody was ever sold: a slip of the keyboard


_SPENDING = (EntryKind.CONSUME, EntryKind.REINSTATE)
LOW_AT = (2, 0)  # what is left of a licence's usable Gold incidents


@transaction.atomic
def buy_pack(
    licence: Licence,
    *,
    quantity: int,
    at: datetime,
    by: Person | None,
    price: Decimal | None = None,
    purchased_at: datetime | None = None,
) -> IncidentPack:
    """Add `quantity` Gold incidents to a licence that has Premium at `at` (rule 4).

    Without `price`, which is in the licence's currency, it is the catalogue's. `purchased_at` is
    of one that was sold before it is entered: it and its ledger begin there. The caller has
    checked `policies.may_manage_contracts`. Errors: `NoPackSize`, `PremiumNeeded`, `PackNotSold`,
    `NegativePrice`. Not safe to repeat: a second call is a second pack.
    """
    if not 0 < quantity <= LARGEST:
        raise NoPackSize(quantity=quantity, most=LARGEST)
    purchased_at = purchased_at or at
    check_premium(licence, at=purchased_at)
    price = price_of_pack(quantity) if price is None else price
    if price < 0:
        raise NegativePrice(price=price)
    pack = IncidentPack.objects.create(
        organisation_id=licence.organisation_id,
        licence=licence,
        quantity=quantity,
        available=quantity,
        purchased_at=purchased_at,
        price=price,
        currency=licence.currency,
    )
    enter(pack, EntryKind.PURCHASE, quantity, at=purchased_at, by=by)
    record("pack.bought", pack, at=at, by=by, rule="L1", quantity=quantity, price=price)
    return pack


@transaction.atomic
def spend(pack: IncidentPack, *, at: datetime) -> bool:
    """Take one incident from `pack`; False when none is left, and nothing was written (L2).

    Call it in the transaction that makes the incident, and `record_consume` once that exists.
    `at` is when the report was received: what EXPIRE recorded after it is still there for it
    (L4), so that a late worker takes nothing from the customer.
    """
    if take(pack, 1):
        return True
    lock(pack)
    reverse_expiries(
        LedgerEntry.objects.filter(pack=pack, at__gt=at),
        at=at,
        by=None,
        reason="A report was received before the pack expired",
    )
    return take(pack, 1)


def record_consume(
    pack: IncidentPack, *, incident: Incident, at: datetime, by: Person | None
) -> LedgerEntry:
    """Enter what `spend` took, in the same transaction. The database allows one an incident."""
    entry = enter(pack, EntryKind.CONSUME, 1, at=at, by=by, incident=incident)
    record("pack.spent", pack, at=at, by=by, rule="L2", incident=incident.pk)
    notify_when_low(entry, at=at)
    return entry


@transaction.atomic
def refund(
    incident: Incident, *, kind: RefundReason | str, reason: str, by: Person | None, at: datetime
) -> LedgerEntry:
    """Give the Gold incident of `incident` back to its pack, once (L5). No clock changes.

    The caller has checked `policies.may_refund`. Errors: `NothingSpent`, `AlreadyRefunded`,
    `ReasonMissing`.
    """
    reason = _checked(reason)
    kind = RefundReason(kind)
    spent = LedgerEntry.objects.filter(incident=incident, kind__in=_SPENDING)
    entry = spent.select_related("pack").order_by("-at", "-pk").first()  # the last one counts
    if entry is None:
        raise NothingSpent()
    lock(entry.pack)
    earlier = LedgerEntry.objects.filter(reverses=entry).first()
    if earlier is not None:
        timezone = incident.organisation.timezone
        raise AlreadyRefunded(day=local_day(earlier.at, timezone))
    give(entry.pack, 1)
    given = enter(
        entry.pack,
        EntryKind.REFUND,
        1,
        at=at,
        by=by,
        incident=incident,
        reverses=entry,
        refund_reason=kind,
        reason=reason,
    )
    record("pack.refunded", entry.pack, at=at, by=by, rule="L5", incident=incident.pk, why=kind)
    return given


@transaction.atomic
def reinstate(
    refund: LedgerEntry,
    *,
    by: Person | None,
    at: datetime,
    reason: str = "What it was given back for was undone",
    pack: IncidentPack | None = None,
) -> LedgerEntry | None:
    """Take back what `refund` gave back, from its pack or from `pack`; None where none is left.

    Nothing is written then. The caller has checked who may, and says what serves the incident
    instead. A refund is undone once: its entry is reversed by this one.
    """
    pack = pack or refund.pack
    if not take(pack, 1):
        return None
    entry = enter(
        pack,
        EntryKind.REINSTATE,
        1,
        at=at,
        by=by,
        incident=refund.incident,
        reverses=refund,
        reason=_checked(reason),
    )
    record("pack.reinstated", pack, at=at, by=by, rule="G1", incident=refund.incident_id)
    notify_when_low(entry, at=at)
    return entry


@transaction.atomic
def adjust(
    pack: IncidentPack, *, quantity: int, reason: str, by: Person | None, at: datetime
) -> LedgerEntry:
    """Correct a pack by hand: a positive `quantity` adds, a negative one takes.

    The caller has checked `policies.may_manage_contracts`. Errors: `NothingToAdjust`,
    `AdjustmentTooLarge`, `ReasonMissing`, `PackTooSmall`.
    """
    reason = _checked(reason)
    if quantity == 0:
        raise NothingToAdjust()
    if abs(quantity) > LARGEST:
        raise AdjustmentTooLarge(quantity=abs(quantity), most=LARGEST)
    if quantity > 0:
        give(pack, quantity)
        move = (Account.ISSUED, Account.AVAILABLE)
    else:
        if not take(pack, -quantity):
            raise PackTooSmall(available=lock(pack).available, quantity=-quantity)
        move = (Account.AVAILABLE, Account.ISSUED)
    entry = enter(pack, EntryKind.ADJUST, abs(quantity), at=at, by=by, move=move, reason=reason)
    record("pack.adjusted", pack, at=at, by=by, rule="L1", quantity=quantity, reason=reason)
    return entry


@transaction.atomic
def take_back_pack(pack: IncidentPack, *, at: datetime, by: Person | None) -> None:
    """Take all out of a pack that was entered by mistake: its ledger stays to be read (L1).

    The caller has checked `policies.may_manage_contracts`. Error: `PackInUse` where anything but
    its purchase, and what was put right in the same moment, stands in its ledger.
    """
    entries = LedgerEntry.objects.filter(pack=lock(pack)).order_by("pk")
    kinds = [one.kind for one in entries]
    if kinds[:1] != [EntryKind.PURCHASE] or kinds[1:] not in ([], [EntryKind.ADJUST]):
        raise PackInUse()
    left = lock(pack).available
    if left:
        reason = "Entered by mistake"
        adjust(pack, quantity=-left, reason=reason, by=by, at=at)


def check_premium(licence: Licence, *, at: datetime) -> None:
    """`PremiumNeeded` when a pack can not be bought for `licence` on the day of `at` (rule 4)."""
    day = local_day(at, licence.organisation.timezone)
    if life_of_pack(day, premium_terms(licence)) is None:
        raise PremiumNeeded(day=day)


def pack_prices() -> dict[int, Decimal]:
    """The sizes of packs that the catalogue sells now, the smallest first, with their prices."""
    prices = current_level(Level.GOLD).pack_prices
    return {size: Decimal(prices[str(size)]) for size in sorted(int(one) for one in prices)}


def price_of_pack(quantity: int) -> Decimal:
    """The catalogue's price; `PackNotSold` for a size that it does not have."""
    prices = pack_prices()
    if quantity not in prices:
        raise PackNotSold(quantity=quantity, choices=_sizes(prices))
    return prices[quantity]


def _sizes(prices: dict[int, Decimal]) -> str:
    return ", ".join(str(size) for size in prices) or "none"


def _checked(reason: str) -> str:
    reason = clean(reason)[:300]
    if not reason:
        raise ReasonMissing()
    return reason


def notify_when_low(entry: LedgerEntry, *, at: datetime) -> None:
    """After the CONSUME `entry`: tell admin contacts and TAM when 2 or no incidents are left.

    Counts what the licence can still use at `at` (L4), not the single pack. One spending takes
    one, so that each crossing is seen once; what expires is told by the renewal reminders. Call it
    in the transaction of the spending. Three queries, and two more when somebody is notified.
    """
    pack = entry.pack
    organisation = pack.organisation
    (holding,) = holdings_of([pack.licence], {}, organisation.timezone)
    left = holding.gold_left(at)
    if left not in LOW_AT:
        return
    facts: dict[str, Any] = {
        "left": left,
        "licence": pack.licence.key,
        "organisation": organisation.name,
    }
    ledger_url = f"{settings.SITE_URL}/coverage/packs/{pack.pk}/"
    admins = Person.objects.active().filter(
        organisation_id=pack.organisation_id, role=Role.ADMIN_CONTACT
    )
    order_url = f"{settings.SITE_URL}/orders/new/?licence={pack.licence_id}"
    key = f"gold_low:{entry.pk}"
    notify(admins, "gold_low", key=key, at=at, about=pack, **facts, order_url=order_url)
    if organisation.tam is not None:
        notify([organisation.tam], "gold_low", key=key, at=at, about=pack, **facts, url=ledger_url)
