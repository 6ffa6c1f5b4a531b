"""What an admin contact orders: the offers of one licence, with their prices of now."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from core.errors import Refusal
from core.widgets import LongSelect
from core.words import counted, day_in_words
from entitlements.actions import orders, packs, subscriptions
from entitlements.enums import SUBSCRIBED_LEVELS, Level, OrderKind
from entitlements.models import Licence
from entitlements.reads.holdings import local_day
from entitlements.rules.terms import paid_term

OFFER_CHANGED = "The offer changed while you looked at it. Choose again."


@dataclass(frozen=True)
class Offered:
    """One thing that can be ordered for a licence. `value` names it with its price."""

    kind: str
    quantity: int | None
    level: str
    price: Decimal
    currency: str
    name: str

    @property
    def words(self) -> str:
        return f"{self.name}: {_money(self.price, self.currency)}"

    @property
    def value(self) -> str:
        return f"{self.quantity or self.level}@{self.price}"


@dataclass(frozen=True)
class Offers:
    """`notes` say why something is not offered."""

    found: list[Offered]
    notes: list[str]


def offers_for(licence: Licence, *, at: datetime) -> Offers:
    """What can be ordered for `licence` at `at`, with price and term in words."""
    offers = Offers([], [])
    for level in _levels_for(licence, at):
        try:
            offers.found.append(_year(licence, level, at))
        except Refusal as refusal:
            if str(refusal) not in offers.notes:  # one for all levels, such as a missing price
                offers.notes.append(str(refusal))
    try:
        packs.check_premium(licence, at=at)
    except Refusal as refusal:
        offers.notes.append(str(refusal))
    else:
        offers.found.extend(
            Offered(
                OrderKind.PACK,
                size,
                "",
                price,
                licence.currency,
                counted(size, "Gold incident"),
            )
            for size, price in packs.pack_prices().items()
        )
    return offers


def _levels_for(licence: Licence, at: datetime) -> Sequence[Level]:
    """FIRsT beside Premium would add nothing, so it is offered when nothing better is held."""
    today = local_day(at, licence.organisation.timezone)
    for place, level in enumerate(SUBSCRIBED_LEVELS):
        until = subscriptions.renewal_starts_on(licence, level=level)
        if until and until > today:
            return SUBSCRIBED_LEVELS[: place + 1]
    return SUBSCRIBED_LEVELS


def _year(licence: Licence, level: Level, at: datetime) -> Offered:
    starts_on = orders.starts_on_of(licence, level=level, at=at)
    orders.check_none_waits(licence, level=level)
    price = orders.price_of_year(licence, level=level, starts_on=starts_on)
    last_on = paid_term(starts_on, licence.organisation.timezone).ends_on - timedelta(days=1)
    term = f"{day_in_words(starts_on)} to {day_in_words(last_on)}"
    name = f"{level.label}, {term}"
    return Offered(OrderKind.SUBSCRIPTION, None, level, price, licence.currency, name)


def _money(price: Decimal, currency: str) -> str:
    return f"{price} {currency} without VAT" if price else "free"


class ChooseLicenceForm(forms.Form):
    """The licence that is ordered for; the only one is chosen by itself."""

    licence = forms.ModelChoiceField(
        Licence.objects.none(), empty_label=_("Choose a licence"), widget=LongSelect
    )

    def __init__(
        self, person: Person, organisation: Organisation, data: QueryDict | None = None
    ) -> None:
        super().__init__(data)
        theirs = Licence.objects.visible_to(person).counting().filter(organisation=organisation)
        self.licences = theirs.order_by("key")
        chooser = cast("forms.ModelChoiceField[Licence]", self.fields["licence"])
        chooser.queryset = self.licences

    def chosen(self) -> Licence | None:
        """The licence that the query names, or the only one there is."""
        if self.is_bound and self.is_valid():
            return cast(Licence, self.cleaned_data["licence"])
        first_two = list(self.licences[:2]) if not self.is_bound else []
        return first_two[0] if len(first_two) == 1 else None


class OrderForm(forms.Form):
    """One of the offers of one licence. `key` makes a second click harmless."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    what = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("What would you like to order?"),
        error_messages={"required": _("Choose one."), "invalid_choice": OFFER_CHANGED},
    )
    purchase_reference = forms.CharField(
        max_length=80,
        required=False,
        label=_("Your purchase reference"),
        help_text=_("It is printed on the invoice."),
    )

    def __init__(
        self, licence: Licence, *, at: datetime, data: QueryDict | None = None, level: str = ""
    ) -> None:
        super().__init__(data)
        self.offers = offers_for(licence, at=at)
        what = cast(forms.ChoiceField, self.fields["what"])
        what.choices = [(one.value, one.words) for one in self.offers.found]
        if level:
            named = [one.value for one in self.offers.found if one.level == level]
            what.initial = named[0] if named else None
        self.fields["key"].initial = secrets.token_hex(16)

    @property
    def offer(self) -> Offered:
        """What was chosen, of a valid form."""
        return next(one for one in self.offers.found if one.value == self.cleaned_data["what"])

    def again(self, licence: Licence) -> str:
        """The query with which the review shows the same."""
        given = self.cleaned_data
        return urlencode(
            {
                "licence": licence.pk,
                "what": given["what"],
                "purchase_reference": given["purchase_reference"],
                "key": given["key"],
            }
        )

    def asked(self) -> dict[str, Any]:
        """The cleaned fields as `place_order` takes them."""
        given, one = self.cleaned_data, self.offer
        return {
            "kind": one.kind,
            "quantity": one.quantity,
            "level": one.level,
            "purchase_reference": given["purchase_reference"],
            "form_key": given["key"],
        }

    def renew_key(self) -> None:
        """A bound form, shown again as typed, that makes another order when it is sent."""
        data = cast(QueryDict, self.data).copy()
        data["key"] = secrets.token_hex(16)
        self.data = data


class CancelOrderForm(forms.Form):
    reason = forms.CharField(max_length=300, label=_("Why do you cancel it?"))
