"""What can be brought in as a table: the fields of each kind, and which column is likely which.

Pure. The heads of the templates are the labels, so that a filled template needs no mapping.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class ValueKind(StrEnum):
    TEXT = "text"
    DAY = "day"
    AMOUNT = "amount"
    WHOLE = "whole"


@dataclass(frozen=True)
class FieldOf:
    """One field of a kind. `also` are other heads by which it is known, `what` explains it."""

    name: str
    label: str
    example: str
    also: tuple[str, ...] = ()
    is_needed: bool = False
    kind: ValueKind = ValueKind.TEXT
    what: str = ""
    longest: int = 200


@dataclass(frozen=True)
class TableKind:
    """`one` and `many` are its rows in words, `key` says by what a line is known again."""

    name: str
    one: str
    many: str
    icon: str
    key: str
    fields: tuple[FieldOf, ...]

    def field(self, name: str) -> FieldOf:
        return next(one for one in self.fields if one.name == name)

    @property
    def needed(self) -> tuple[FieldOf, ...]:
        return tuple(one for one in self.fields if one.is_needed)


_REFERENCE = FieldOf(
    "reference",
    "Reference",
    "C-1001",
    ("id", "external id", "external_id", "key", "number", "nr", "kundennummer", "customer number"),
    what="Its number in the system it comes from. With it the same line is known again.",
    longest=120,
)
_OF = FieldOf(
    "organisation",
    "Organisation",
    "Northwind Ltd",
    ("company", "customer", "account", "client", "kunde", "firma", "organization", "companie"),
    is_needed=True,
    what="Its reference, its short name in addresses, or its whole name.",
)
_LICENCE = FieldOf(
    "licence",
    "Licence key",
    "AX-7000-0001",
    ("licence", "license", "license key", "key", "serial", "lizenz", "licenta"),
    is_needed=True,
    what="Of a licence that is here already.",
    longest=60,
)
_PRICE = FieldOf(
    "price",
    "Price",
    "1200.00",
    ("amount", "value", "net", "preis", "pret"),
    kind=ValueKind.AMOUNT,
)
_LANGUAGE = FieldOf("language", "Language", "en", ("lang", "locale", "sprache", "limba"))
_ZONE = FieldOf(
    "timezone", "Time zone", "Europe/Bucharest", ("timezone", "time_zone", "tz", "zone", "zeitzone")
)

KINDS: Mapping[str, TableKind] = {
    one.name: one
    for one in (
        TableKind(
            "organisations",
            "organisation",
            "organisations",
            "building-2",
            "reference, else the whole name",
            (
                _REFERENCE,
                FieldOf(
                    "name",
                    "Name",
                    "Northwind Ltd",
                    ("company", "customer", "organisation", "organization", "firma", "kunde"),
                    is_needed=True,
                ),
                FieldOf(
                    "country",
                    "Country",
                    "RO",
                    ("land", "tara", "country code"),
                    is_needed=True,
                    what="Two letters, or the English name.",
                ),
                _LANGUAGE,
                _ZONE,
                FieldOf(
                    "tam",
                    "Account manager",
                    "tam@vendor.example",
                    ("tam", "owner", "account owner", "betreuer"),
                    what="The address of one of your account managers.",
                ),
                FieldOf(
                    "partner",
                    "Local partner",
                    "Lapland IT",
                    ("partner", "reseller"),
                    what="Its name.",
                ),
            ),
        ),
        TableKind(
            "people",
            "person",
            "people",
            "users",
            "address",
            (
                FieldOf(
                    "email",
                    "E-mail",
                    "ana@northwind.example",
                    ("email", "mail", "e-mail address", "email address", "adresse"),
                    is_needed=True,
                    longest=254,
                ),
                FieldOf(
                    "name",
                    "Name",
                    "Ana Pop",
                    ("full name", "fullname", "contact", "person", "nume"),
                    is_needed=True,
                ),
                _OF,
                FieldOf(
                    "role",
                    "Role",
                    "contact",
                    ("rolle", "rol", "type"),
                    what="“contact”, or “admin contact” who invites colleagues and orders.",
                ),
                FieldOf(
                    "phone",
                    "Telephone",
                    "+40 21 555 0100",
                    ("phone", "tel", "telefon", "mobile", "phone_number", "phone number"),
                    longest=40,
                ),
                _LANGUAGE,
                _ZONE,
            ),
        ),
        TableKind(
            "licences",
            "licence",
            "licences",
            "key-round",
            "licence key",
            (
                FieldOf(
                    "key",
                    "Licence key",
                    "AX-7000-0001",
                    ("licence", "license", "license key", "key", "serial", "lizenz", "licenta"),
                    is_needed=True,
                    longest=60,
                ),
                _OF,
                FieldOf(
                    "edition",
                    "Edition",
                    "business",
                    ("version", "variant"),
                    is_needed=True,
                    what="business, office or evaluation.",
                ),
                FieldOf(
                    "registered_on",
                    "Registered on",
                    "2026-01-15",
                    ("registered", "registration", "date", "purchased", "datum", "data"),
                    is_needed=True,
                    kind=ValueKind.DAY,
                    what="Basic support of a year begins on it.",
                ),
                FieldOf("product", "Product", "AXIGEN Mail Server", ("produkt", "produs")),
                FieldOf(
                    "price",
                    "Licence price",
                    "1200.00",
                    ("price", "amount", "value", "preis", "pret"),
                    kind=ValueKind.AMOUNT,
                    what="Of which the levels cost their percentage.",
                ),
                FieldOf("currency", "Currency", "EUR", ("waehrung", "moneda"), longest=3),
            ),
        ),
        TableKind(
            "subscriptions",
            "subscription",
            "subscriptions",
            "shield-check",
            "licence key, level and first day",
            (
                _LICENCE,
                FieldOf("level", "Level", "Premium", ("plan", "support", "tier"), is_needed=True),
                FieldOf(
                    "starts_on",
                    "First day",
                    "2026-01-15",
                    ("start", "starts", "from", "begin", "valid from", "start date", "beginn"),
                    is_needed=True,
                    kind=ValueKind.DAY,
                ),
                FieldOf(
                    "last_on",
                    "Last day",
                    "2027-01-14",
                    ("end", "ends", "until", "to", "valid until", "expires", "end date", "ende"),
                    kind=ValueKind.DAY,
                    what="Still covered. Without it the subscription lasts a year.",
                ),
                FieldOf(
                    "price",
                    "Price",
                    "264.00",
                    ("amount", "value", "net", "preis", "pret"),
                    kind=ValueKind.AMOUNT,
                    what="Without it the price of your catalogue.",
                ),
            ),
        ),
        TableKind(
            "packs",
            "pack",
            "packs",
            "star",
            "reference, else licence, size and day",
            (
                _REFERENCE,
                _LICENCE,
                FieldOf(
                    "quantity",
                    "Incidents",
                    "10",
                    ("quantity", "size", "pack", "count", "anzahl"),
                    is_needed=True,
                    kind=ValueKind.WHOLE,
                ),
                FieldOf(
                    "purchased_on",
                    "Bought on",
                    "2026-02-01",
                    ("bought", "purchased", "date", "datum", "data"),
                    is_needed=True,
                    kind=ValueKind.DAY,
                ),
                FieldOf(
                    "left",
                    "Left",
                    "7",
                    ("available", "remaining", "balance", "rest"),
                    kind=ValueKind.WHOLE,
                    what="How many are still unspent. Without it all of them.",
                ),
                _PRICE,
            ),
        ),
    )
}


def guessed(
    kind: TableKind, heads: Sequence[str], before: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Which column is likely which field: {field: index of the column}.

    `before` is what somebody chose the last time, {head: field}; it beats every guess. A column
    serves one field, and what fits none is left out.
    """
    plain_heads = [plain_head(head) for head in heads]
    known = {plain_head(head): field for head, field in (before or {}).items()}
    names = {one.name for one in kind.fields}
    found: dict[str, int] = {}
    for index, head in enumerate(plain_heads):
        field = known.get(head)
        if field in names and field not in found:
            found[field] = index
    for fits in (_is_label, _is_also):
        for one in kind.fields:
            taken = set(found.values())
            free = (i for i, head in enumerate(plain_heads) if i not in taken)
            match = next((i for i in free if fits(one, plain_heads[i])), None)
            if one.name not in found and match is not None:
                found[one.name] = match
    return found


def plain_head(head: str) -> str:
    """A head as it is compared: lower case, words with single spaces between them."""
    return re.sub(r"[\W_]+", " ", head.casefold()).strip()


def _is_label(field: FieldOf, head: str) -> bool:
    return head in (plain_head(field.label), plain_head(field.name))


def _is_also(field: FieldOf, head: str) -> bool:
    return head in {plain_head(one) for one in field.also}
