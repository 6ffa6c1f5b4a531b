"""What people chose goes with them when they move to another organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.models import BouncingAddress, NoticeChoices, QuietHours

if TYPE_CHECKING:
    from accounts.models import Person


def move_along(person: Person) -> None:
    """Call it in the transaction that moves `person`; needs an unrestricted one."""
    for model in (QuietHours, NoticeChoices, BouncingAddress):
        rows = model._default_manager.filter(person=person)
        rows.update(organisation=person.organisation_id)
