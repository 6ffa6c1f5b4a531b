"""What the tests of claimed licences share."""

from __future__ import annotations

from typing import Any

from accounts.models import Person
from entitlements.actions.claims import register_own
from entitlements.actions.key_schemes import change_schemes
from entitlements.enums import Edition
from entitlements.models import Licence
from entitlements.rules.keys import AS_DELIVERED, KeyScheme
from tests.factories import NINE, make_contact, make_manager

KEY = "AXG-B-7714-2201"
# Luhn over all digits.
PROVEN = "AXG-B-4539-1488-0343-6467"
NOT_PROVEN = "AXG-B-4539-1488-0343-6468"


def claimed(by: Person | None = None, **facts: Any) -> Licence:
    """What a contact registers at nine."""
    by = by or make_contact()
    assert by.organisation is not None
    asked: dict[str, Any] = {"key": KEY, "edition": Edition.BUSINESS, "at": NINE}
    return register_own(by.organisation, by=by, **asked | facts)


def with_check_digits() -> None:
    """From now on keys of the Business edition end with a check digit."""
    scheme = KeyScheme(("AXG-B-####-####-####-####",), "luhn")
    schemes = AS_DELIVERED | {"business": scheme}
    change_schemes(schemes, reason="The vendor's own form", at=NINE, by=make_manager())
