"""Registering what a customer owns: licences, and GoLive projects."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import Organisation, Person
from core.journal import record
from core.text import clean
from entitlements.enums import Edition, Level
from entitlements.errors import (
    EmptyKey,
    KeyTaken,
    LicenceRegistered,
    LicenceTransferred,
    NameMissing,
    NegativePrice,
    RegistrationTooLate,
    TermInverted,
)
from entitlements.models import GoLiveProject, Licence
from entitlements.reads.current import current_level
from entitlements.reads.holdings import local_day
from notices.outbox import tell

PRODUCT = "AXIGEN Mail Server"

_PRICE_TODO = (
    "Please check the key, and set the price of the licence: until then no subscription can be"
    " sold for it at the catalogue's price."
)
_EVALUATION_TODO = "It is an evaluation, so nothing has to be priced. Please check the key."


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
    key = as_printed(key)
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
        price=price,
    )
    return licence


@transaction.atomic
def register_own(
    organisation: Organisation,
    *,
    key: str,
    edition: str,
    at: datetime,
    by: Person,
    product: str = PRODUCT,
    invoiced_on: date | None = None,
) -> Licence:
    """A customer registers a licence of their own; Basic begins with it at once (rule 1).

    The day of registration is today in the organisation's time zone, or the earlier day of the
    invoice: nobody gets more of Basic by naming another day. The licence's price is not known
    until the vendor sets it (`set_price`), so the managers and the TAM are told to check. The
    caller has checked `policies.may_register_for` and `attempts.note_registration`.

    Errors: `EmptyKey`, `RegistrationTooLate`, `LicenceRegistered` where it is theirs already,
    `KeyTaken` otherwise. Safe to repeat: the key is registered once.
    """
    today = local_day(at, organisation.timezone)
    registered_on = today if invoiced_on is None else invoiced_on
    _check_day(registered_on, edition, today)
    try:
        licence = register_licence(
            organisation,
            key=key,
            product=product,
            edition=edition,
            registered_on=registered_on,
            at=at,
            by=by,
        )
    except KeyTaken:
        ours = Licence.objects.held().filter(organisation=organisation, key=as_printed(key))
        if ours.exists():
            raise LicenceRegistered() from None
        raise
    _tell_to_check(licence, at=at, by=by)
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


def as_printed(key: str) -> str:
    """How keys are kept and compared: without spaces around them, in capitals."""
    return clean(key).upper()


def _check_day(registered_on: date, edition: str, today: date) -> None:
    """From the earliest day whose Basic still runs, to today."""
    first_on = earliest_day(edition, today)
    if not first_on <= registered_on <= today:
        raise RegistrationTooLate(first_on=first_on, last_on=today)


def earliest_day(edition: str, today: date) -> date:
    """The first registration day whose Basic is not over on `today` (E1)."""
    days = current_level(Level.BASIC).evaluation_days
    if edition == Edition.EVALUATION and days:
        return today - timedelta(days=days - 1)
    if (today.month, today.day) == (2, 29):
        return date(today.year - 1, 3, 1)
    return today.replace(year=today.year - 1)


def _tell_to_check(licence: Licence, *, at: datetime, by: Person) -> None:
    """Managers set the price; the TAM knows the customer."""
    organisation = licence.organisation
    facts: dict[str, Any] = {
        "organisation": organisation.name,
        "licence": str(licence),
        "person": str(by),
        "todo": _EVALUATION_TODO if licence.edition == Edition.EVALUATION else _PRICE_TODO,
    }
    told = [
        (Person.objects.active().filter(role=Role.MANAGER), f"entitlements/licence/{licence.pk}"),
        ([organisation.tam] if organisation.tam else [], f"organisations/{organisation.slug}"),
    ]
    key = f"licence:{licence.pk}:registered"
    for people, page in told:
        url = f"{settings.SITE_URL}/admin/{page}/"
        tell(people, "licence_registered", key=key, at=at, about=licence, **facts, url=url)


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
