"""Why an incident went to its engineer and not to another, for the incident's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.enums import VENDOR_ROLES
from accounts.models import Person
from tickets.models import Incident
from tickets.rules.dispatch.choosing import Considered, Reason


@dataclass(frozen=True)
class WhyMe:
    """The last decision of dispatch. `reason` is why it was made again, if it was.

    `version` is that of the rules of dispatch; None for those of the delivery.
    """

    at: datetime
    reason: str
    chosen: Considered
    others: Sequence[Considered]
    version: int | None


def why_me(incident: Incident, reader: Person) -> WhyMe | None:
    """None where no decision was made, or a human made another since.

    The vendor's colleagues are not shown to a partner's people.
    """
    last = incident.dispatches.select_related("rules").order_by("-at", "-pk").first()
    if last is None or last.to_id != incident.owner_id or not last.considered:
        return None
    chosen, *others = (_read(one) for one in last.considered)
    shown = others if reader.role in VENDOR_ROLES else ()
    version = last.rules.version if last.rules else None
    return WhyMe(last.at, last.reason, chosen, shown, version)


def _read(kept: dict[str, object]) -> Considered:
    return Considered(
        person=int(str(kept["person"])),
        name=str(kept["name"]),
        reason=Reason(str(kept["reason"])),
        load=int(str(kept["load"])),
        capacity=int(str(kept["capacity"])),
    )
