"""Packs live as long as Premium runs without a gap (L6). EXPIRE and its undoing are records of
what the dates say already (L4)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Person
from core.journal import record
from entitlements.actions.ledger import enter, give, lock, take
from entitlements.enums import Account, EntryKind
from entitlements.levels import CARRYING_LEVELS, carrying_words
from entitlements.models import IncidentPack, LedgerEntry, Licence, Subscription
from entitlements.reads.holdings import life_of_pack, local_day
from entitlements.rules.terms import Term


def bring_back(licence: Licence, *, at: datetime, by: Person | None) -> int:
    """After a Premium renewal: undo the expiries that it makes untrue; how many packs (L6).

    Runs in the renewal's transaction. A pack whose Premium has a gap stays expired.
    """
    terms = premium_terms(licence)
    found = 0
    for pack in IncidentPack.objects.filter(licence=licence).select_related("organisation"):
        if not _lives(pack, terms, at):
            continue
        lock(pack)
        found += reverse_expiries(
            LedgerEntry.objects.filter(pack=pack),
            at=at,
            by=by,
            reason=f"{carrying_words()} was renewed without a gap",
        )
    return found


def expire_packs(at: datetime) -> int:
    """Expire every pack that is due at `at`; how many were. See `lapsed_packs`, `expire_pack`."""
    return sum(expire_pack(pk, at=at) for pk in lapsed_packs(at))


def lapsed_packs(at: datetime) -> list[int]:
    """The packs that still hold something though their Premium ended before `at`: two queries,
    over the partial index of packs with a balance."""
    packs = list(IncidentPack.objects.with_balance().select_related("organisation"))
    terms: dict[int, list[Term]] = {pack.licence_id: [] for pack in packs}
    carrying = Subscription.objects.standing().filter(level__in=CARRYING_LEVELS)
    for one in carrying.filter(licence__in=list(terms)).select_related("organisation"):
        terms[one.licence_id].append(_term(one))
    return [pack.pk for pack in packs if not _lives(pack, terms[pack.licence_id], at)]


@transaction.atomic
def expire_pack(pack_id: int, *, at: datetime) -> bool:
    """Record what is left in a pack as expired; False when nothing is, or Premium runs again.

    A record only: usable is a matter of dates (L4). Safe to repeat and to run twice at once:
    what the sweep saw is read again under the pack's lock.
    """
    held = IncidentPack.objects.select_related("organisation", "licence").get(pk=pack_id)
    left = lock(held).available
    if left == 0 or _lives(held, premium_terms(held.licence), at):
        return False
    take(held, left)
    enter(
        held, EntryKind.EXPIRE, left, at=at, by=None, reason=f"{carrying_words()} ended with a gap"
    )
    record("pack.expired", held, at=at, by=None, rule="L6", quantity=left)
    return True


def reverse_expiries(
    entries: QuerySet[LedgerEntry], *, at: datetime, by: Person | None, reason: str
) -> int:
    """Put back what EXPIRE took, each entry once; the caller holds the packs' locks."""
    found = 0
    standing = entries.filter(kind=EntryKind.EXPIRE, reversed_by=None)
    for entry in standing.select_related("pack"):
        give(entry.pack, entry.quantity)
        enter(
            entry.pack,
            EntryKind.ADJUST,
            entry.quantity,
            at=at,
            by=by,
            move=(Account.EXPIRED, Account.AVAILABLE),
            reverses=entry,
            reason=reason,
        )
        record("pack.brought_back", entry.pack, at=at, by=by, rule="L6", quantity=entry.quantity)
        found += 1
    return found


def premium_terms(licence: Licence) -> list[Term]:
    """The terms of Premium, and of what else carries packs (L6)."""
    sold = Subscription.objects.standing().filter(licence=licence, level__in=CARRYING_LEVELS)
    return [_term(one) for one in sold.select_related("organisation")]


def _term(one: Subscription) -> Term:
    return Term(one.starts_on, one.ends_on, one.organisation.timezone)


def _lives(pack: IncidentPack, premium: list[Term], at: datetime) -> bool:
    purchased_on = local_day(pack.purchased_at, pack.organisation.timezone)
    life = life_of_pack(purchased_on, premium)
    return life is not None and at < life.ends_at
