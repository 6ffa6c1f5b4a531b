"""Who of the customer takes part in an incident (hears of its answers) and who sees it.

For the portal. Which of the vendor's people are told that an answer nears its due moment is
`tickets/actions/promises/alarm_people.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.enums import CUSTOMER_ROLES, Role, Shares
from accounts.models import Person
from tickets.models import Incident

OFFERED = 100  # colleagues to choose from


@dataclass(frozen=True)
class WhoIsTold:
    """`others` are notified besides the reporter; `addable` are the colleagues who are not yet.
    `sees` says who of the organisation sees it.

    `may_let_go` are those of `others` whom the reader may take off the list.
    """

    others: Sequence[Person]
    addable: Sequence[Person]
    may_let_go: Sequence[Person]
    reader_is_told: bool
    sees: str
    may_keep_private: bool


def told_of(incident: Incident, reader: Person) -> WhoIsTold:
    """For a reader of the customer; two queries however many they are."""
    participants = incident.participants.told().select_related("person")
    others = [one.person for one in participants if one.person.is_active]
    known = {incident.reporter_id, *(one.pk for one in others)}
    colleagues = Person.objects.visible_to(reader).active().filter(role__in=CUSTOMER_ROLES)
    addable = colleagues.exclude(pk__in=known).order_by("name", "pk")[:OFFERED]
    decides = reader.pk == incident.reporter_id or reader.role == Role.ADMIN_CONTACT
    return WhoIsTold(
        others=others,
        addable=list(addable),
        may_let_go=[one for one in others if decides or one == reader],
        reader_is_told=reader.pk in known,
        sees=_sees(incident, reader),
        may_keep_private=reader.pk in known,
    )


def _sees(incident: Incident, reader: Person) -> str:
    """Who of the organisation sees the incident (F4), in a sentence."""
    if incident.is_private:
        return "Private: of your organisation only those named here see it."
    assert reader.organisation is not None, "a reader of the customer"
    if reader.organisation.shares == Shares.OWN:
        return "Those named here see it, and your organisation's admin contacts."
    return "Everybody of your organisation who sees all reports can read it."
