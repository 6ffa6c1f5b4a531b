"""Billing addresses of customers, and the terms by which the vendor sells (OR2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from accounts.models import Organisation, Person
from core.countries import countries, country_name
from core.journal import record
from core.text import clean
from entitlements.errors import BadBilling, BadSellingTerms
from entitlements.models import Billing, SellingTermsVersion
from entitlements.models.billing import Address, SellingTerms
from entitlements.reads.current import selling_terms
from entitlements.rules.vat import EU, Seller, checked_number

_LOCK = "entitlements.selling_terms"
_MOST = 60  # per cent; no country has more than half of it


@transaction.atomic
def set_billing(organisation: Organisation, given: Address, *, by: Person, at: datetime) -> Billing:
    """Where the organisation's next orders are invoiced to. Safe to repeat.

    Orders keep what they were placed with. The caller has checked `policies.may_set_billing`.
    Error: `BadBilling`.
    """
    address = _checked(given)
    before = (
        Billing.objects.select_for_update(of=("self",)).filter(organisation=organisation).first()
    )
    old = before.address.as_json() if before else {}
    if old == address.as_json() and before is not None:
        return before
    made, _ = Billing.objects.update_or_create(
        organisation=organisation,
        defaults={**address.as_json(), "changed_at": at, "changed_by": by},
    )
    changed = sorted(name for name, value in address.as_json().items() if old.get(name) != value)
    record("billing.changed", organisation, at=at, by=by, rule="OR2", fields=changed)
    return made


@transaction.atomic
def set_terms(terms: SellingTerms, *, by: Person, at: datetime) -> SellingTermsVersion | None:
    """The vendor's country, rates and terms of payment from now on; None if nothing is different.

    Orders keep the VAT that they have. The caller has checked `policies.may_settle_orders`.
    Error: `BadSellingTerms`.
    """
    terms = _checked_terms(terms)
    with connection.cursor() as cursor:  # two managers at once: the second one's comes after
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
    before = selling_terms()
    if before.terms == terms:
        return None
    made = SellingTermsVersion.objects.create(
        version=before.version + 1, made_at=at, made_by=by, **terms.as_json()
    )
    said = {"before": before.terms.as_json(), "after": terms.as_json()}
    record("selling_terms.changed", made, at=at, by=by, rule="OR2", **said)
    return made


def _checked(given: Address) -> Address:
    facts = {name: " ".join(clean(value).split()) for name, value in given.as_json().items()}
    country = facts["country"] = facts["country"].upper()
    problems = []
    if not facts["name"] or not facts["street"] or not facts["city"]:
        problems.append("Name, street and city stand on every invoice: give all three.")
    if country not in countries():
        problems.append("Choose the country.")
    number = checked_number(facts["vat_number"], country) if facts["vat_number"] else ""
    if number is None:
        problems.append(
            f"“{facts['vat_number']}” is no VAT number of {country_name(country)}: look at the"
            " digits, or leave it empty. Without one VAT is charged."
        )
    if problems:
        raise BadBilling(problems=" ".join(problems))
    return Address.kept(facts | {"vat_number": number or ""})


def _checked_terms(terms: SellingTerms) -> SellingTerms:
    seller = terms.seller
    rates = {country.upper(): Decimal(percent) for country, percent in seller.rates.items()}
    problems = _problems_of(rates, seller.country)
    number = checked_number(terms.vat_number, seller.country) if terms.vat_number else ""
    if number is None:
        problems.append(f"“{terms.vat_number}” is no VAT number of {country_name(seller.country)}.")
    if not 0 < terms.payment_days <= 365:
        problems.append("Leave 1 to 365 days to pay.")
    if problems:
        raise BadSellingTerms(problems=" ".join(problems))
    bank = "\n".join(line.strip() for line in clean(terms.bank).splitlines() if line.strip())
    kept = {country: _short(rates[country]) for country in sorted(rates)}
    return SellingTerms(Seller(seller.country, kept), number or "", terms.payment_days, bank[:300])


def _problems_of(rates: Mapping[str, Decimal], home: str) -> list[str]:
    problems = []
    unknown = sorted(set(rates) - set(countries()))
    if unknown:
        problems.append(f"No country has the code {', '.join(unknown)}.")
    if home not in rates:
        problems.append("Give the rate of your own country, too.")
    if any(not 0 <= percent <= _MOST for percent in rates.values()):
        problems.append(f"A rate lies between 0 and {_MOST} per cent.")
    elif any(percent != percent.quantize(Decimal("0.01")) for percent in rates.values()):
        problems.append("A rate has two decimals at most.")
    abroad = sorted(set(rates) - {home} - EU)
    if abroad and not unknown:
        problems.append(f"Outside the EU no VAT is charged, so {', '.join(abroad)} has no rate.")
    return problems


def _short(percent: Decimal) -> Decimal:
    """21, not 21.00: the same rate is the same text."""
    whole = percent.to_integral_value()
    return whole if whole == percent else percent.normalize()
