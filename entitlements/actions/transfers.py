"""A licence changes hands: what was sold goes with it, what happened stays where it happened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import Organisation, Person
from core.journal import record
from core.text import clean
from entitlements.actions.expiry import premium_terms
from entitlements.actions.ledger import enter, lock
from entitlements.actions.licences import check_confirmed, lock_held
from entitlements.actions.order_steps import cancel_order
from entitlements.actions.packs import adjust
from entitlements.enums import EntryKind
from entitlements.errors import SameOwner, TransferReasonMissing
from entitlements.models import IncidentPack, Licence, Subscription
from entitlements.reads.audience import contacts_of
from entitlements.reads.current import current_levels
from entitlements.reads.holdings import holdings_of, life_of_pack, local_day
from notices.outbox import notify

# What customers read in their own ledger and orders: nothing about the other owner.
GONE = "The licence was transferred to another organisation"
CAME = "Came with the licence, which was transferred to you"


@transaction.atomic
def transfer(
    licence: Licence, *, to: Organisation, at: datetime, by: Person, reason: str
) -> Licence:
    """Give `licence` to the organisation `to`; the new owner's row, which has the same key.

    The old row stays as history, with its incidents, whose clocks run on (R5). Subscriptions that
    run or are to come end there on the transfer's day and go on here from that day, each in its
    organisation's time zone, at price 0, for they were paid. What is left in living packs comes
    along through the ledger (L1). The registration day stays, so Basic does not begin again. Open
    orders are cancelled. Both organisations are notified, neither of the other.

    The caller has checked `policies.may_manage_contracts`, and works unrestricted (`core.rls`).
    Errors: `TransferReasonMissing`, `SameOwner`, `LicenceNotConfirmed`, `LicenceTransferred`. A
    repetition, also at the same moment, is refused by the last.
    """
    reason = clean(reason)[:300]
    if not reason:
        raise TransferReasonMissing()
    # Before the licence, as whoever marks an order as paid does: so neither waits for the other.
    # What an accepted renewal delivered already stays owed by who accepted it.
    waiting = licence.orders.open().filter(subscription=None)
    orders = list(waiting.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    old = lock_held(licence)
    if old.organisation_id == to.pk:
        raise SameOwner(key=old.key)
    check_confirmed(old)
    living = _living_packs(old, at)
    new = _hand_over(old, to, at=at, by=by)
    for order in orders:
        cancel_order(order, by=by, at=at, reason=GONE)
    _move_subscriptions(old, new, at=at, by=by)
    _move_packs(living, new, at=at, by=by)
    record("licence.transferred", old, at=at, by=by, successor=new.pk, reason=reason)
    record("licence.received", new, at=at, by=by, predecessor=old.pk, reason=reason)
    _notify(old, "licence_transferred_away", at=at)
    _notify(new, "licence_transferred_here", at=at)
    return new


def _hand_over(old: Licence, to: Organisation, *, at: datetime, by: Person) -> Licence:
    """The new owner's row. Where it claimed the key itself, the claim is confirmed by this (K1)."""
    old.transferred_at = at
    old.save(update_fields=["transferred_at"])
    facts: dict[str, Any] = {
        "product": old.product,
        "edition": old.edition,
        "registered_on": old.registered_on,
        "price": old.price,
        "currency": old.currency,
        "made_at": at,
        "predecessor": old,
    }
    theirs = Licence.objects.waiting().filter(organisation=to, key=old.key)
    claim = theirs.select_for_update(no_key=True, of=("self",)).first()
    if claim is None:
        return Licence.objects.create(organisation=to, key=old.key, **facts)
    facts |= {"confirmed_at": at, "confirmed_by": by, "check_at": None}
    for name, value in facts.items():
        setattr(claim, name, value)
    claim.save(update_fields=list(facts))
    return claim


def _move_subscriptions(old: Licence, new: Licence, *, at: datetime, by: Person) -> None:
    gone_on = local_day(at, old.organisation.timezone)
    come_on = local_day(at, new.organisation.timezone)
    for one in old.subscriptions.standing().filter(ends_on__gt=gone_on).order_by("starts_on"):
        ends_on, paid = one.ends_on, one.price
        _end(one, gone_on + timedelta(days=1), at)
        facts: dict[str, Any] = {"paid": paid, "currency": one.currency, "ends_on": ends_on}
        record("subscription.transferred", one, at=at, by=by, **facts, on=gone_on)
        if ends_on <= come_on:  # at the new owner it is the day after already
            continue
        here = Subscription.objects.create(
            organisation_id=new.organisation_id,
            licence=new,
            level=one.level,
            starts_on=max(one.starts_on, come_on),
            ends_on=ends_on,
            price=Decimal(0),
            currency=one.currency,
            bought_at=at,
            bought_by=by,
        )
        record("subscription.received", here, at=at, by=by, **facts, predecessor=one.pk)


def _end(one: Subscription, day: date, at: datetime) -> None:
    """`day` is the first without it; one that had no day before it never counted.

    The day of the transfer is still the former owner's, for what was reported before the transfer
    and is handled after it (R1); `Licence.held_at` knows the moment.
    """
    if one.starts_on >= day:
        one.void_at = at
    else:
        one.ends_on = day
    one.save(update_fields=["void_at", "ends_on"])


def _living_packs(licence: Licence, at: datetime) -> list[IncidentPack]:
    """Those that could be spent at `at`, by the subscriptions as they are before the transfer."""
    (holding,) = holdings_of([licence], current_levels(), licence.organisation.timezone)
    return [one.pack for one in holding.packs if one.usable_at(at)]


def _move_packs(packs: list[IncidentPack], new: Licence, *, at: datetime, by: Person) -> None:
    """What is left in each becomes a pack of the new licence. Without Premium there, it expires."""
    if life_of_pack(local_day(at, new.organisation.timezone), premium_terms(new)) is None:
        return
    for old in packs:
        left = lock(old).available
        if not left:
            continue
        adjust(old, quantity=-left, reason=GONE, by=by, at=at)
        pack = IncidentPack.objects.create(
            organisation_id=new.organisation_id,
            licence=new,
            quantity=left,
            available=left,
            purchased_at=at,
            price=Decimal(0),
            currency=old.currency,
        )
        enter(pack, EntryKind.PURCHASE, left, at=at, by=by, reason=CAME)
        record("pack.received", pack, at=at, by=by, rule="L1", quantity=left, predecessor=old.pk)


def _notify(licence: Licence, template: str, *, at: datetime) -> None:
    notify(
        contacts_of(licence.organisation),
        template,
        key=f"licence:{licence.pk}:{template}",
        at=at,
        about=licence,
        licence=str(licence),
        url=f"{settings.SITE_URL}/coverage/",
    )
