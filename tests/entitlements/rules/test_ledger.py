"""The double entries of Gold incidents (L1), and how the five kinds move them."""

from __future__ import annotations

from dataclasses import dataclass

from entitlements.enums import Account, EntryKind
from entitlements.rules.ledger import MOVES, balance


@dataclass
class Entry:
    debit: str
    credit: str
    quantity: int


def moved(kind: str, quantity: int = 1) -> Entry:
    return Entry(*MOVES[kind], quantity)


def test_every_kind_but_the_adjustment_has_its_two_accounts():
    assert set(MOVES) == set(EntryKind.values) - {EntryKind.ADJUST}
    assert {one for pair in MOVES.values() for one in pair} == set(Account.values)


def test_the_refund_story_leaves_the_balances_that_it_tells():
    entries, balances = [], []
    for kind, quantity in (
        ("purchase", 2),
        ("consume", 1),
        ("consume", 1),
        ("refund", 1),
        ("refund", 1),
        ("consume", 1),
    ):
        entries.append(moved(kind, quantity))
        balances.append(balance(entries))

    assert balances == [2, 1, 0, 1, 2, 1]


def test_expiry_takes_the_rest_and_an_adjustment_brings_it_back():
    entries = [moved("purchase", 5), moved("consume"), moved("expire", 4)]
    returned = Entry("expired", "available", 4)

    assert balance(entries) == 0
    assert balance([*entries, returned]) == 4


def test_nothing_is_made_or_lost_between_the_accounts():
    entries = [moved("purchase", 5), moved("consume", 2), moved("refund"), moved("expire", 4)]

    assert sum(balance(entries, account) for account in Account.values) == 0
    assert balance(entries, "consumed") == 1
