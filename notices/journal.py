"""The kinds of journal entries about notices and addresses (`core.kinds`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.kinds import Kind


class AddressBounces(
    Kind, key="address.bounces", text="Mail to an address comes back", icon="mail-warning"
):
    address: str
    code: str


class AddressCleared(Kind, key="address.cleared", text="Mail to an address goes out again"):
    address: str
    how: str
    again: int  # notices that were held back and are owed again


class NoticeRetried(Kind, key="notice.retried", text="A notice is sent again", icon="mail"):
    pass


class NoticeChoices(Kind, key="person.notice_choices", text="Choice of notices changed"):
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class QuietHoursChanged(Kind, key="person.quiet_hours", text="Quiet hours changed"):
    before: str
    after: str


class WordingChanged(Kind, key="wording.changed", text="Words of a notice changed"):
    wording: str
    is_delivered: bool
    before: Mapping[str, str] | None
    after: Mapping[str, str] | None
