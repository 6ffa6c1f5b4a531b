"""What stands on the papers about what is sold: put together from an order's row."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.conf import settings

from core.countries import country_name
from core.pdf.paper import Letterhead
from core.words import day_in_words
from entitlements.enums import OrderKind
from entitlements.models import Billing, Licence, Order, RenewalProposal
from entitlements.models.billing import Address, SellingTerms
from entitlements.pdf.selling import render
from entitlements.reads.current import selling_terms
from entitlements.reads.holdings import local_day
from entitlements.rules.paper import Paper, amount
from entitlements.rules.terms import paid_term
from entitlements.rules.vat import amounts_of


def drawn(paper: Paper) -> bytes:
    """The paper as PDF, on the vendor's letterhead."""
    return render(paper, Letterhead.of(settings.VENDOR))


def pro_forma(order: Order) -> Paper:
    """The order as a pro-forma invoice, with the VAT it was placed with (OR2).

    The order has its organisation and licence at hand; one query for how it is paid.
    """
    terms = selling_terms().terms
    on = local_day(order.ordered_at, order.organisation.timezone)
    facts = [("Number", order.number), ("Day", day_in_words(on))]
    if order.purchase_reference:
        facts.append(("Your reference", order.purchase_reference))
    if terms.vat_number:
        facts.append(("Our VAT number", terms.vat_number))
    return Paper(
        kind="Pro-forma invoice",
        number=order.number,
        on=on,
        organisation=order.organisation.name,
        to=address_lines(order.address),
        facts=facts,
        what=order.title,
        details=details_of(order.licence, _period(order)),
        net=order.price,
        vat_label=vat_label(order.vat_percent),
        vat=order.vat,
        total=order.total,
        currency=order.currency,
        notes=_notes(order, terms),
    )


def proposal_paper(proposal: RenewalProposal) -> Paper:
    """The proposal, with the VAT that the present billing address gives (OR2).

    It has its organisation and licence at hand; two queries.
    """
    terms = selling_terms().terms
    billing = Billing.objects.filter(organisation=proposal.organisation_id).first()
    amounts = amounts_of(proposal.net, billing.buyer, terms.seller) if billing else None
    made = proposal.sent_at or proposal.made_at
    on = local_day(made, proposal.organisation.timezone)
    facts = [
        ("Number", proposal.number),
        ("Day", day_in_words(on)),
        ("Can be accepted until", day_in_words(proposal.open_until)),
    ]
    if terms.vat_number:
        facts.append(("Our VAT number", terms.vat_number))
    notes = [amounts.rule.words] if amounts else []
    if not amounts:
        notes.append("VAT is added as the billing address asks for, which is not known yet.")
    notes.append("Accept it in the portal with one click: it goes on without a gap.")
    return Paper(
        kind="Renewal proposal",
        number=proposal.number,
        on=on,
        organisation=proposal.organisation.name,
        to=address_lines(billing.address if billing else None),
        facts=facts,
        what=proposal.title,
        details=details_of(proposal.licence, ""),
        net=proposal.net,
        vat_label=vat_label(amounts.percent) if amounts else "VAT",
        vat=amounts.vat if amounts else Decimal(0),
        total=amounts.total if amounts else proposal.net,
        currency=proposal.currency,
        words=[line for line in proposal.note.splitlines() if line.strip()],
        notes=[*notes, *payment_words(terms, "the order's number")],
    )


def address_lines(address: Address | None) -> list[str]:
    """As it stands on an envelope, with the VAT number below."""
    if address is None:
        return []
    town = " ".join(part for part in (address.postal_code, address.city) if part)
    number = f"VAT number {address.vat_number}" if address.vat_number else ""
    lines = [address.name, address.street, town, country_name(address.country), number]
    return [line for line in lines if line]


def details_of(licence: Licence, period: str) -> list[str]:
    lines = [f"Licence {licence.key}: {licence.product}, {licence.get_edition_display()}"]
    return [*lines, period] if period else lines


def vat_label(percent: Decimal) -> str:
    """ "VAT 21 %"."""
    short = f"{percent:f}".rstrip("0").rstrip(".") if percent % 1 else f"{percent:.0f}"
    return f"VAT {short} %"


def payment_words(terms: SellingTerms, what: str) -> list[str]:
    words = [f"Payable within {terms.payment_days} days of the invoice, naming {what}."]
    bank = terms.bank.replace("\n", ", ")
    return [*words, f"Bank: {bank}."] if bank else words


def _period(order: Order) -> str:
    if order.kind == OrderKind.PACK or order.starts_on is None:
        return "To be used while Premium runs without a gap."
    if order.subscription is not None:
        first, ends_on = order.subscription.starts_on, order.subscription.ends_on
    else:
        first = order.starts_on
        ends_on = paid_term(first, order.organisation.timezone).ends_on
    return f"{day_in_words(first)} to {day_in_words(ends_on - timedelta(days=1))}"


def _notes(order: Order, terms: SellingTerms) -> list[str]:
    if order.is_free:
        return ["Nothing has to be paid for it."]
    notes = [order.vat_words] if order.vat_words else []
    notes.append(
        f"Please pay {amount(order.total)} {order.currency} when our invoice is with you."
        " This paper is none: it says what the invoice will say."
    )
    return [*notes, *payment_words(terms, order.number)]
