"""Renewals: drafted 90 days before a subscription ends, sent by people, answered in the portal.

RN1: one proposal a subscription, ever. RN2: accepting it is ordering it and having it, from the
very day on which the subscription ends.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts.enums import Role
from accounts.models import Person
from core.journal import record
from core.text import clean, one_line
from core.words import day_in_words
from entitlements.actions import order_steps, orders, subscriptions
from entitlements.actions.licences import lock_held
from entitlements.enums import Level, OrderKind, RenewalState
from entitlements.errors import (
    LicencePriceUnknown,
    NegativePrice,
    RenewalChanged,
    RenewalNotOpen,
    RenewalOver,
    RenewalPriceMissing,
    RenewalReasonMissing,
    RenewalTotalChanged,
    RenewedOtherwise,
)
from entitlements.models import RenewalProposal, Subscription
from entitlements.querysets import PROPOSED_BEFORE
from entitlements.reads.audience import contacts_of
from entitlements.reads.current import current_level
from entitlements.reads.holdings import local_day
from entitlements.rules.terms import paid_term
from notices.outbox import notify


@transaction.atomic
def propose(subscription_id: int, *, at: datetime) -> bool:
    """Draft the renewal of a subscription that ends within 90 days of its organisation's clock;
    True if this call did. Looks again at what the sweep saw, under the row's lock. Safe to repeat
    and to run twice at once. The account manager, else the managers, are asked to review it.
    """
    held = Subscription.objects.select_for_update(skip_locked=True, of=("self",))
    one = held.select_related("organisation__tam", "licence__organisation").filter(
        pk=subscription_id
    )
    ending = one.first()
    if ending is None or not Subscription.objects.to_propose(at).filter(pk=ending.pk).exists():
        return False
    zone = ending.organisation.timezone
    if not local_day(at, zone) < ending.ends_on <= local_day(at, zone) + PROPOSED_BEFORE:
        return False
    made = RenewalProposal.objects.create(
        number=_next_number(at),
        organisation_id=ending.organisation_id,
        licence=ending.licence,
        subscription=ending,
        level=ending.level,
        starts_on=ending.ends_on,
        ends_on=paid_term(ending.ends_on, zone).ends_on,
        price=_price(ending),
        currency=ending.licence.currency,
        made_at=at,
    )
    ending.proposed_at = at
    ending.save(update_fields=["proposed_at"])
    record("renewal.proposed", made, at=at, by=None, rule="RN1", **_terms(made))
    _notify(_staff(made), made, "renewal_drafted", at, url=_desk_url(made))
    return True


@transaction.atomic
def change_proposal(
    proposal: RenewalProposal, *, price: Decimal | None, note: str, by: Person, at: datetime
) -> RenewalProposal:
    """Another price, or words to the customer, before it is sent.

    The caller has checked `policies.may_send_renewal`. Errors: `RenewalNotOpen`, `NegativePrice`.
    """
    proposal = _locked(proposal, RenewalState.DRAFTED)
    if price is not None and price < 0:
        raise NegativePrice(price=price)
    before = proposal.price
    proposal.price, proposal.note = price, clean(note)[:2000]
    proposal.save(update_fields=["price", "note"])
    if before != price:
        record("renewal.changed", proposal, at=at, by=by, rule="RN1", before=before, after=price)
    return proposal


@transaction.atomic
def send_proposal(proposal: RenewalProposal, *, by: Person, at: datetime) -> RenewalProposal:
    """The customer sees it from now on, and is told.

    The caller has checked `policies.may_send_renewal`. Errors: `RenewalNotOpen`,
    `RenewalPriceMissing`, `LicenceTransferred`, `RenewalOver`, `RenewedOtherwise`,
    `RenewalChanged`.
    """
    proposal = _locked(proposal, RenewalState.DRAFTED)
    if proposal.price is None:
        raise RenewalPriceMissing()
    _check_fits(proposal, at)
    proposal.state, proposal.sent_at, proposal.sent_by = RenewalState.SENT, at, by
    proposal.save(update_fields=["state", "sent_at", "sent_by"])
    record("renewal.sent", proposal, at=at, by=by, rule="RN1", **_terms(proposal))
    facts = {"note": proposal.note, "until": day_in_words(proposal.open_until)}
    people = contacts_of(proposal.organisation)
    _notify(people, proposal, "renewal_sent", at, url=_portal_url(proposal), **facts)
    return proposal


@transaction.atomic
def withdraw_proposal(
    proposal: RenewalProposal, *, reason: str, by: Person, at: datetime
) -> RenewalProposal:
    """Nobody can accept it any more. The caller has checked `policies.may_send_renewal`.

    Errors: `RenewalNotOpen`, `RenewalReasonMissing`.
    """
    proposal = _locked(proposal, RenewalState.DRAFTED, RenewalState.SENT)
    return _close(proposal, RenewalState.WITHDRAWN, reason, by=by, at=at)


@transaction.atomic
def decline_proposal(
    proposal: RenewalProposal, *, reason: str, by: Person, at: datetime
) -> RenewalProposal:
    """The customer says no, and why; who answers for the account is told.

    The caller has checked `policies.may_answer_renewal`. Errors: `RenewalNotOpen`,
    `RenewalReasonMissing`.
    """
    proposal = _locked(proposal, RenewalState.SENT)
    proposal = _close(proposal, RenewalState.DECLINED, reason, by=by, at=at)
    _tell_answer(proposal, "declined", at)
    return proposal


@transaction.atomic
def accept_proposal(
    proposal: RenewalProposal,
    *,
    by: Person,
    at: datetime,
    purchase_reference: str = "",
    total: Decimal | None = None,
) -> RenewalProposal:
    """Order it and have it, from the day on which the subscription ends, without gap or overlap.

    `total` is what the page said that it costs with VAT; None where no page was looked at.

    The order is confirmed, since the proposal was ours, and goes to the invoice; packs that
    expired in the meantime come back (L6). The caller has checked `policies.may_answer_renewal`.
    Errors: `RenewalNotOpen`, `RenewalOver`, `RenewedOtherwise`, `RenewalChanged`,
    `OrderedAlready`, `BillingMissing`, `RenewalTotalChanged`, `LicenceTransferred`, those of
    `subscriptions.subscribe`; then nothing changed.
    """
    proposal = _locked(proposal, RenewalState.SENT)
    lock_held(proposal.licence)  # before what is asked: somebody may order the same just now
    _check_fits(proposal, at)
    orders.check_none_waits(proposal.licence, level=proposal.level)
    order = orders.enter(
        proposal.licence,
        price=proposal.net,
        by=by,
        at=at,
        kind=OrderKind.SUBSCRIPTION,
        quantity=None,
        level=proposal.level,
        starts_on=proposal.starts_on,
        purchase_reference=clean(purchase_reference)[:80],
    )
    if total is not None and order.total != total:
        raise RenewalTotalChanged(total=order.total, currency=order.currency)
    proposal.order = order_steps.deliver_on_account(order, by=by, at=at)
    proposal.state, proposal.answered_at, proposal.answered_by = RenewalState.ACCEPTED, at, by
    proposal.save(update_fields=["order", "state", "answered_at", "answered_by"])
    record("renewal.accepted", proposal, at=at, by=by, rule="RN2", number=order.number)
    _tell_answer(proposal, "accepted", at)
    return proposal


def _price(ending: Subscription) -> Decimal | None:
    """The catalogue's for another year; None where the licence's own is not known."""
    try:
        return subscriptions.price_of(
            ending.licence,
            current_level(ending.level),
            starts_on=ending.ends_on,
            ends_on=paid_term(ending.ends_on, ending.organisation.timezone).ends_on,
        )
    except LicencePriceUnknown:
        return None


def _check_fits(proposal: RenewalProposal, at: datetime) -> None:
    """The licence is theirs, it begins where the contract ends, and they are not too late."""
    order_steps.check_held(proposal.licence)
    if local_day(at, proposal.organisation.timezone) > proposal.open_until:
        raise RenewalOver(number=proposal.number, until=day_in_words(proposal.open_until))
    still = RenewalProposal.objects.filter(pk=proposal.pk)
    if not (still.waiting() | still.to_review()).exists():
        raise RenewedOtherwise(
            level=Level(proposal.level).label,
            key=proposal.licence.key,
            day=day_in_words(proposal.starts_on),
        )
    free_on = subscriptions.renewal_starts_on(proposal.licence, level=proposal.level)
    if free_on != proposal.starts_on:
        raise RenewalChanged()


def _close(
    proposal: RenewalProposal, state: RenewalState, reason: str, *, by: Person, at: datetime
) -> RenewalProposal:
    reason = one_line(reason)[:300]
    if not reason:
        raise RenewalReasonMissing()
    proposal.state, proposal.reason = state, reason
    proposal.answered_at, proposal.answered_by = at, by
    proposal.save(update_fields=["state", "reason", "answered_at", "answered_by"])
    said = {"number": proposal.number, "reason": reason}
    record(f"renewal.{state}", proposal, at=at, by=by, rule="RN1", **said)
    return proposal


def _locked(proposal: RenewalProposal, *wanted: RenewalState) -> RenewalProposal:
    """As it is now, locked to the end of the transaction; only in one of these states."""
    found = RenewalProposal.objects.select_for_update(of=("self",)).select_related(
        "licence__organisation", "organisation__tam", "subscription"
    )
    proposal = found.get(pk=proposal.pk)
    if proposal.state not in wanted:
        state = str(RenewalState(proposal.state).label).lower()
        raise RenewalNotOpen(number=proposal.number, state=state)
    return proposal


def _terms(proposal: RenewalProposal) -> dict[str, Any]:
    return {
        "level": proposal.level,
        "starts_on": proposal.starts_on,
        "ends_on": proposal.ends_on,
        "price": proposal.price,
    }


def _next_number(at: datetime) -> str:
    """AR-YYYY-NNNNNN from a sequence: never given twice; gaps are possible."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('renewal_number')")
        return f"AR-{at:%Y}-{cursor.fetchone()[0]:06d}"


def _staff(proposal: RenewalProposal) -> list[Person]:
    """The account manager; the managers where there is none."""
    tam = proposal.organisation.tam
    return [tam] if tam else list(Person.objects.active().filter(role=Role.MANAGER))


def _desk_url(proposal: RenewalProposal) -> str:
    return f"{settings.SITE_URL}/admin/renewals/{proposal.number}/"


def _portal_url(proposal: RenewalProposal) -> str:
    return f"{settings.SITE_URL}/renewals/{proposal.number}/"


def _tell_answer(proposal: RenewalProposal, answer: str, at: datetime) -> None:
    person = proposal.answered_by
    facts = {"person": person.name if person else "", "answer": answer, "reason": proposal.reason}
    url = _desk_url(proposal)
    _notify(_staff(proposal), proposal, "renewal_answered", at, url=url, **facts)


def _notify(
    people: list[Person], proposal: RenewalProposal, template: str, at: datetime, **facts: Any
) -> None:
    price = proposal.price
    notify(
        people,
        template,
        key=f"{template}:{proposal.pk}",
        at=at,
        about=proposal,
        number=proposal.number,
        what=proposal.title,
        licence=proposal.licence.key,
        organisation=proposal.organisation.name,
        price="price to be given" if price is None else f"{price} {proposal.currency}",
        **facts,
    )
