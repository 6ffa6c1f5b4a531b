"""What customers register is a claim: made, checked, confirmed, declined (K1).

Nothing is promised on it before it is confirmed, and then from its registration day. Whoever
claims a key that is somebody else's reads the same as for one that does not exist: it waits.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.dateformat import format as format_day

from accounts.enums import Role
from accounts.models import Organisation, Person
from core.journal import record
from core.text import clean
from entitlements.actions.key_checks import Said, Verdict, asked_of, key_check
from entitlements.actions.licences import PRODUCT, as_printed, set_price
from entitlements.enums import Edition, Level
from entitlements.errors import (
    ClaimSettled,
    EmptyKey,
    KeyCountsElsewhere,
    KeyMalformed,
    KeyOfOtherEdition,
    LicenceClaimed,
    LicenceRegistered,
    RegistrationTooLate,
    TooManyClaims,
    WhyDeclinedMissing,
)
from entitlements.models import Licence
from entitlements.reads.current import current_level, current_levels, current_schemes
from entitlements.reads.holdings import holdings_of, local_day
from entitlements.rules.keys import editions_of, example_of
from notices.outbox import notify

MOST_WAITING = 100  # claims of one organisation that nobody confirmed or declined yet
# When a service that did not answer is asked again; after the last it is left to people.
PAUSES = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 240, 720))
LEASE = timedelta(minutes=2)  # how long one worker has a claim for itself while it asks

HELD_ELSEWHERE = "The key counts for another registration already."
_CHECKED = "The key was checked, and Basic support runs from now on."
_WAITS = (
    "It waits for confirmation: nothing is promised on it until then, and what is reported on it is"
    " kept."
)
_SUPPORTED = (
    "It has support until {day}, counted from the day of the registration. What you reported on it"
    " meanwhile is taken up now, and you are told by when it is answered."
)
_OVER = "Its free support ended meanwhile{day}: the levels on sale go on from here."
_CONFIRM_TODO = "Please confirm or decline it."
_PRICE_TODO = (
    "Please set the price of the licence: until then no subscription can be sold for it at the"
    " catalogue's price."
)
_EVALUATION_TODO = "It is an evaluation, so nothing has to be priced."


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
    """A customer registers a licence of their own; once it is confirmed, Basic counts (rule 1).

    A check that asks nobody else confirms at once, the others are asked by a sweep. The day of
    registration is today in the organisation's time zone, or the earlier day of the invoice:
    nobody gets more of Basic by naming another day. The licence's price is not known until the
    vendor sets it (`set_price`). The managers and the TAM are notified. The caller has checked
    `policies.may_register_for` and `attempts.note_registration`.

    Errors: `EmptyKey`, `KeyMalformed`, `KeyOfOtherEdition`, `RegistrationTooLate`,
    `TooManyClaims`; `LicenceRegistered` where it is theirs already. Safe to repeat: a key is
    registered once.
    """
    key = _checked_key(key, Edition(edition))
    today = local_day(at, organisation.timezone)
    registered_on = today if invoiced_on is None else invoiced_on
    _check_day(registered_on, edition, today)
    _check_not_theirs(organisation, key)
    try:
        with transaction.atomic():
            licence = Licence.objects.create(
                organisation=organisation,
                key=key,
                product=clean(product) or PRODUCT,
                edition=edition,
                registered_on=registered_on,
                made_at=at,
                claimed_at=at,
                claimed_by=by,
                check_at=at,
            )
    except IntegrityError as error:  # a double click: both looked before one of them wrote
        raise LicenceRegistered() from error
    record(
        "licence.registered",
        licence,
        at=at,
        by=by,
        rule="K1",
        key=key,
        edition=edition,
        registered_on=registered_on,
        claim=True,
    )
    check = key_check()
    if not check.asks_others:
        _settle(licence, check.check(asked_of(licence)), at=at)
    _notify_to_check(licence, at=at, by=by)
    return licence


@transaction.atomic
def confirm(licence: Licence, *, at: datetime, by: Person, price: Decimal | None = None) -> Licence:
    """Staff confirm a claim: it counts from its registration day; what it costs may be set, too.

    The reports of before are taken up by a sweep above this app. Whoever claimed it is notified.
    The caller has checked `policies.may_confirm`. Errors: `ClaimSettled`, `KeyCountsElsewhere`,
    `NegativePrice`. Safe to repeat: a second time it is refused.
    """
    claim = _locked(licence)
    if not _count(claim, at=at, by=by):
        raise KeyCountsElsewhere(key=claim.key)
    if price is not None:
        set_price(claim, price=price, at=at, by=by)
        claim.price = price
    _tell_confirmed(claim, at=at)
    return claim


@transaction.atomic
def decline(licence: Licence, *, at: datetime, by: Person, reason: str) -> Licence:
    """Staff decline a claim: the organisation does not have it any more, and is told why.

    Reports on it stay as they are, uncovered. The caller has checked `policies.may_confirm`.
    Errors: `ClaimSettled`, `WhyDeclinedMissing`.
    """
    reason = clean(reason)[:300]
    if not reason:
        raise WhyDeclinedMissing()
    claim = _locked(licence)
    claim.declined_at, claim.declined_for, claim.check_at = at, reason, None
    claim.save(update_fields=["declined_at", "declined_for", "check_at"])
    record("licence.declined", claim, at=at, by=by, rule="K1", key=claim.key, reason=reason)
    _tell_claimant(claim, "licence_declined", at=at, reason=reason)
    return claim


@transaction.atomic
def lease_check(licence_id: int, *, at: datetime) -> Licence | None:
    """The claim to ask the vendor's check about, for this worker alone; None when it is settled.

    Who asks a service does it after this transaction, and reports with `note_check`.
    """
    due = Licence.objects.check_owed(at).filter(pk=licence_id)
    if not due.update(check_at=at + LEASE):
        return None
    return Licence.objects.select_related("organisation").get(pk=licence_id)


@transaction.atomic
def note_check(licence: Licence, said: Said, *, at: datetime) -> bool:
    """What the vendor's check said of a claim, which may be settled meanwhile; True if it counts.

    Safe to run twice at once: the row is locked, and a settled claim is left alone.
    """
    rows = Licence.objects.select_for_update(no_key=True, of=("self",))
    claim = rows.select_related("organisation__tam", "claimed_by").get(pk=licence.pk)
    if not claim.is_waiting:
        return False
    counts = _settle(claim, said, at=at)
    if counts:
        _tell_confirmed(claim, at=at)
    return counts


def earliest_day(edition: str, today: date) -> date:
    """The first registration day whose Basic is not over on `today` (E1)."""
    days = current_level(Level.BASIC).evaluation_days
    if edition == Edition.EVALUATION and days:
        return today - timedelta(days=days - 1)
    if (today.month, today.day) == (2, 29):
        return date(today.year - 1, 3, 1)
    return today.replace(year=today.year - 1)


def _checked_key(key: str, edition: Edition) -> str:
    """The key as it is kept. Whether it can be one at all is public; whether it exists is not."""
    key, schemes = as_printed(key), current_schemes()
    if not key:
        raise EmptyKey()
    scheme = schemes.get(edition)
    if scheme is None or not scheme.patterns:
        return key  # the managers set no form for this edition
    if not scheme.fits(key):
        others = editions_of(key, schemes)
        if others:
            raise KeyOfOtherEdition(edition=Edition(others[0]).label)
        raise KeyMalformed(edition=edition.label, example=example_of(scheme.patterns[0]))
    return key


def _check_day(registered_on: date, edition: str, today: date) -> None:
    """From the earliest day whose Basic still runs, to today."""
    first_on = earliest_day(edition, today)
    if not first_on <= registered_on <= today:
        raise RegistrationTooLate(first_on=first_on, last_on=today)


def _check_not_theirs(organisation: Organisation, key: str) -> None:
    theirs = Licence.objects.held().filter(organisation=organisation)
    found = theirs.filter(key=key).first()
    if found is not None:
        raise LicenceRegistered() if found.counts else LicenceClaimed()
    if theirs.waiting().count() >= MOST_WAITING:
        raise TooManyClaims(limit=MOST_WAITING)


def _locked(licence: Licence) -> Licence:
    """The claim as it is now, locked to the end of the transaction. Errors: `ClaimSettled`."""
    rows = Licence.objects.select_for_update(no_key=True, of=("self",))
    claim = rows.select_related("organisation__tam", "claimed_by").get(pk=licence.pk)
    if not claim.is_waiting:
        raise ClaimSettled(key=claim.key, state=claim.get_state_label())
    return claim


def _settle(claim: Licence, said: Said, *, at: datetime) -> bool:
    """Keep what the check said: it counts, it is left to people, or it is asked again."""
    if said.verdict == Verdict.GENUINE and _count(claim, at=at, by=None, words=said.words):
        return True
    claim.check_at, claim.check_said = None, said.words
    if said.verdict == Verdict.GENUINE:
        claim.check_said = HELD_ELSEWHERE
    elif said.verdict == Verdict.SILENT:
        claim.check_tries += 1
        if claim.check_tries <= len(PAUSES):
            claim.check_at = at + PAUSES[claim.check_tries - 1]
    claim.save(update_fields=["check_at", "check_said", "check_tries"])
    return False


def _count(claim: Licence, *, at: datetime, by: Person | None, words: str = "") -> bool:
    """From now on it counts; False when the key counts in another row, of whomever.

    Not asked beforehand: the wall hides a stranger's licence, the unique index does not, and of
    two at once only one is let in.
    """
    claim.confirmed_at, claim.confirmed_by, claim.check_at = at, by, None
    claim.check_said = words or claim.check_said
    try:
        with transaction.atomic():
            claim.save(update_fields=["confirmed_at", "confirmed_by", "check_at", "check_said"])
    except IntegrityError:
        claim.refresh_from_db(fields=["confirmed_at", "confirmed_by", "check_at", "check_said"])
        return False
    record("licence.confirmed", claim, at=at, by=by, rule="K1", key=claim.key, check=words)
    return True


def _notify_to_check(licence: Licence, *, at: datetime, by: Person) -> None:
    """Those who can confirm it. Managers set the price; the TAM knows the customer."""
    organisation = licence.organisation
    todo = [] if licence.counts else [_CONFIRM_TODO]
    todo.append(_EVALUATION_TODO if licence.edition == Edition.EVALUATION else _PRICE_TODO)
    facts: dict[str, Any] = {
        "organisation": organisation.name,
        "licence": str(licence),
        "person": str(by),
        "stands": _CHECKED if licence.counts else _WAITS,
        "todo": " ".join(todo),
    }
    waits = f"licences/{licence.pk}/claim"
    managers = list(Person.objects.active().filter(role=Role.MANAGER))
    tams = [organisation.tam] if organisation.tam else []
    told = [
        (managers, f"entitlements/licence/{licence.pk}" if licence.counts else waits),
        (tams, f"organisations/{organisation.slug}" if licence.counts else waits),
    ]
    for people, page in told:
        url = f"{settings.SITE_URL}/admin/{page}/"
        key = f"licence:{licence.pk}:registered"
        notify(people, "licence_registered", key=key, at=at, about=licence, **facts, url=url)


def _tell_confirmed(claim: Licence, *, at: datetime) -> None:
    """What counts now, and until when; an evaluation may be over by the time."""
    zone = claim.organisation.timezone
    (holding,) = holdings_of([claim], current_levels(), zone)
    term = holding.term_at(Level.BASIC, at)
    day = format_day(term.last_on, "l j F Y") if term else ""
    if holding.runs_at(Level.BASIC, at):
        support = _SUPPORTED.format(day=day)
    else:
        support = _OVER.format(day=f" on {day}" if day else "")
    _tell_claimant(claim, "licence_confirmed", at=at, support=support)


def _tell_claimant(claim: Licence, template: str, *, at: datetime, **facts: Any) -> None:
    if claim.claimed_by is None:
        return
    notify(
        [claim.claimed_by],
        template,
        key=f"licence:{claim.pk}:{template}",
        at=at,
        about=claim,
        licence=str(claim),
        url=f"{settings.SITE_URL}/coverage/",
        **facts,
    )
