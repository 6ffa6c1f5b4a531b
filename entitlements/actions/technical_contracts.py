"""The special technical contracts that on-site support needs (rule 10)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import Organisation, Person
from core.journal import record
from core.text import clean
from entitlements.errors import (
    ContractNotShortened,
    ContractOver,
    ReferenceMissing,
    TermInverted,
    WhyEndedMissing,
)
from entitlements.models import TechnicalContract
from entitlements.reads.holdings import local_day

_ONE_DAY = timedelta(days=1)


@transaction.atomic
def sign(
    organisation: Organisation,
    *,
    reference: str,
    subject: str,
    starts_on: date,
    ends_on: date,
    days: int | None = None,
    at: datetime,
    by: Person | None,
) -> TechnicalContract:
    """Enter a signed contract: on-site support is available from `starts_on` on (rule 10).

    Days are those of the organisation's time zone, `ends_on` the first one without; `days` of
    visits are included, None without a limit. Several may run at once. The
    caller has checked `policies.may_manage_contracts`.

    Errors: `ReferenceMissing`, `TermInverted`.
    """
    reference, subject = clean(reference), clean(subject)
    if not reference or not subject:
        raise ReferenceMissing()
    if ends_on <= starts_on:
        raise TermInverted(starts_on=starts_on, ends_on=ends_on)
    contract = TechnicalContract.objects.create(
        organisation=organisation,
        reference=reference,
        subject=subject,
        starts_on=starts_on,
        ends_on=ends_on,
        days=days,
        made_at=at,
    )
    record(
        "technical_contract.signed",
        contract,
        at=at,
        by=by,
        rule="rule 10",
        reference=reference,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return contract


@transaction.atomic
def end_early(
    contract: TechnicalContract, *, last_on: date, reason: str, at: datetime, by: Person | None
) -> TechnicalContract:
    """Make `last_on` the contract's last day; what was available until today stays so.

    The first and the last day that were signed are kept in the journal, with the reason. The
    caller has checked `policies.may_manage_contracts`.

    Errors: `WhyEndedMissing`, `ContractOver`, and `ContractNotShortened` for a day that is over, or
    before the contract begins, or not before its end.
    """
    contract = (
        TechnicalContract.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=contract.pk)
    )
    reason = clean(reason)
    if not reason:
        raise WhyEndedMissing()
    first_on = max(contract.starts_on, local_day(at, contract.organisation.timezone))
    shorter_on = contract.ends_on - 2 * _ONE_DAY  # the last day but one
    if shorter_on < first_on:
        raise ContractOver(reference=contract.reference, last_on=contract.ends_on - _ONE_DAY)
    if not first_on <= last_on <= shorter_on:
        raise ContractNotShortened(first_on=first_on, last_on=shorter_on, given=last_on)
    before, contract.ends_on = contract.ends_on, last_on + _ONE_DAY
    contract.save(update_fields=["ends_on"])
    record(
        "technical_contract.ended_early",
        contract,
        at=at,
        by=by,
        rule="rule 10",
        reason=reason,
        before=before,
        ends_on=contract.ends_on,
    )
    return contract
