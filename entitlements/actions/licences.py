"""Registering for a customer what it owns: licences, and GoLive projects; what staff do."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError

from accounts.models import Organisation, Person
from core.journal import record
from core.text import clean
from entitlements.enums import Edition
from entitlements.errors import (
    ClaimToConfirm,
    EmptyKey,
    KeyTaken,
    LicenceInUse,
    LicenceNotConfirmed,
    LicenceTransferred,
    NameMissing,
    NegativePrice,
    TermInverted,
)
from entitlements.models import GoLiveProject, Licence
from entitlements.reads.holdings import local_day

PRODUCT = "AXIGEN Mail Server"


@transaction.atomic
def register_licence(
    organisation: Organisation,
    *,
    key: str,
    edition: str,
    registered_on: date,
    at: datetime,
    by: Person | None,
    product: str = PRODUCT,
    price: Decimal = Decimal(0),
    currency: str = "EUR",
) -> Licence:
    """Staff register a licence: it counts by that, and Basic support begins with it (E1, K1).

    `registered_on` is a day in the organisation's time zone. `price` is what a year's percentage
    is taken of. The caller has checked `policies.may_manage_contracts`.

    Errors: `EmptyKey`, `NegativePrice`, `ClaimToConfirm` where the organisation claimed the key
    itself, and `KeyTaken` where it counts already, for whomever. A key is compared as it is
    printed, without spaces around it, in capitals.
    """
    key = as_printed(key)
    if not key:
        raise EmptyKey()
    if price < 0:
        raise NegativePrice(price=price)
    if Licence.objects.waiting().filter(organisation=organisation, key=key).exists():
        raise ClaimToConfirm(key=key)
    try:
        with transaction.atomic():
            licence = Licence.objects.create(
                organisation=organisation,
                key=key,
                product=clean(product) or PRODUCT,
                edition=Edition(edition),
                registered_on=registered_on,
                price=price,
                currency=currency,
                made_at=at,
            )
    except IntegrityError as error:
        # Not asked beforehand: the wall hides a stranger's licence, the unique index does not.
        raise KeyTaken() from error
    record(
        "licence.registered",
        licence,
        at=at,
        by=by,
        rule="E1",
        key=key,
        edition=edition,
        registered_on=registered_on,
        price=price,
    )
    return licence


@transaction.atomic
def set_price(licence: Licence, *, price: Decimal, at: datetime, by: Person | None) -> Licence:
    """Say what a licence costs; what is sold for it from now on takes its percentage of that.

    `price` is in the licence's currency. What was sold keeps the price that it had. The caller
    has checked `policies.may_manage_contracts`. Errors: `NegativePrice`, `LicenceTransferred`.
    Safe to repeat: the same price again changes nothing and is not journaled.
    """
    if price < 0:
        raise NegativePrice(price=price)
    held = lock_held(licence)
    if held.price == price:
        return held
    before, held.price = held.price, price
    held.save(update_fields=["price"])
    record("licence.price_set", held, at=at, by=by, before=before, after=price)
    return held


@transaction.atomic
def take_back_licence(licence: Licence, *, at: datetime, by: Person | None) -> None:
    """Remove a licence that staff registered by mistake; the journal keeps it.

    The caller has checked `policies.may_manage_contracts`. Error: `LicenceInUse` where anything
    was sold for it, reported on it or decided by it.
    """
    organisation, pk, key = licence.organisation, licence.pk, licence.key
    try:
        with transaction.atomic():
            lock_held(licence).delete()
    except (ProtectedError, RestrictedError) as error:
        raise LicenceInUse(key=key) from error
    record("licence.taken_back", organisation, at=at, by=by, licence=pk, key=key)


def lock_held(licence: Licence) -> Licence:
    """The licence as it is now, locked to the end of the transaction; its owner still has it.

    Errors: `LicenceTransferred`.
    """
    rows = Licence.objects.select_for_update(no_key=True, of=("self",))
    held = rows.select_related("organisation").get(pk=licence.pk)
    if held.transferred_at is not None:
        day = local_day(held.transferred_at, held.organisation.timezone)
        raise LicenceTransferred(key=held.key, day=day)
    return held


def check_confirmed(licence: Licence) -> None:
    """Whether something may be sold or moved for it. Errors: `LicenceNotConfirmed`."""
    if not licence.counts or licence.declined_at is not None:
        raise LicenceNotConfirmed(key=licence.key)


def as_printed(key: str) -> str:
    """How keys are kept and compared: without spaces around them, in capitals."""
    return clean(key).upper()


@transaction.atomic
def open_project(
    organisation: Organisation,
    *,
    name: str,
    starts_on: date,
    ends_on: date,
    at: datetime,
    by: Person | None,
) -> GoLiveProject:
    """Give an organisation's project its GoLive window, `ends_on` the first day without (R2).

    The caller has checked `policies.may_manage_contracts`. Errors: `NameMissing`,
    `TermInverted`.
    """
    name = clean(name)
    if not name:
        raise NameMissing()
    if ends_on <= starts_on:
        raise TermInverted(starts_on=starts_on, ends_on=ends_on)
    project = GoLiveProject.objects.create(
        organisation=organisation, name=name, starts_on=starts_on, ends_on=ends_on, made_at=at
    )
    record("golive.opened", project, at=at, by=by, rule="R2", starts_on=starts_on, ends_on=ends_on)
    return project
