"""Registering what a customer owns: licences, and GoLive projects."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts.models import Organisation, Person
from core.journal import record
from core.text import clean
from entitlements.enums import Edition
from entitlements.errors import EmptyKey, KeyTaken, NameMissing, NegativePrice, TermInverted
from entitlements.models import GoLiveProject, Licence

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
    """Register a licence; Basic support begins with it (E1).

    `registered_on` is a day in the organisation's time zone. `price` is what a year's percentage
    is taken of. The caller has checked `policies.may_manage_contracts`.

    Errors: `EmptyKey`, `NegativePrice`, and `KeyTaken` whoever has the key already. A key is
    compared as it is printed, without spaces around it, in capitals.
    """
    key = clean(key).upper()
    if not key:
        raise EmptyKey()
    if price < 0:
        raise NegativePrice(price=price)
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
    )
    return licence


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
