"""Colleagues of the reporter who join an incident, and are notified of its answers until they
leave."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Lower

from accounts.enums import CUSTOMER_ROLES
from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from tickets import policies
from tickets.actions.locking import locked
from tickets.errors import NoColleague, TooManyParticipants
from tickets.models import Incident, Participant

MOST = 50  # a distribution list is better told by its own address


@transaction.atomic
def join(incident: Incident, person: Person, *, by: Person, at: datetime) -> bool:
    """Tell `person` of the answers from now on; False if they are notified already.

    Errors: `NotAllowed`, `NoColleague` for somebody who is not of the customer, or whose account
    is closed, `TooManyParticipants`.
    """
    incident = locked(incident)
    if not policies.may_join_others(by, incident):
        raise NotAllowed()
    if not is_colleague(incident, person):
        raise NoColleague(person=person, organisation=incident.organisation)
    if person.pk == incident.reporter_id:
        return False
    if incident.participants.told().count() >= MOST:
        raise TooManyParticipants(most=MOST)
    return _join(incident, person, by=by, at=at, back=True)


@transaction.atomic
def leave(incident: Incident, person: Person, *, by: Person, at: datetime) -> bool:
    """Tell `person` no more; False if they are not notified. Errors: `NotAllowed`."""
    incident = locked(incident)
    if not policies.may_let_go(by, incident, person):
        raise NotAllowed()
    if not incident.participants.told().filter(person=person).update(left_at=at):
        return False
    record("incident.left", incident, at=at, by=by, person=person.pk)
    return True


def join_copied(
    incident: Incident, addresses: Iterable[str], *, by: Person, at: datetime
) -> list[Person]:
    """The colleagues among the addresses of a mail, who were in copy; those who joined now.

    Strangers in copy are told nothing, and who left stays away. Call it with the incident locked,
    in the transaction of the mail.
    """
    wanted = {address.lower() for address in addresses}
    if not wanted:
        return []
    colleagues = Person.objects.active().annotate(address=Lower("email"))
    found = colleagues.filter(
        address__in=wanted, organisation=incident.organisation_id, role__in=CUSTOMER_ROLES
    ).exclude(pk=incident.reporter_id)
    room = max(MOST - incident.participants.told().count(), 0)
    return [one for one in found.order_by("pk")[:room] if _join(incident, one, by=by, at=at)]


def join_writer(incident: Incident, author: Person, *, at: datetime) -> None:
    """Whoever writes on a colleague's incident wants to read the answer."""
    if author.pk != incident.reporter_id:
        _join(incident, author, by=author, at=at, back=True)


def take_part(incident: Incident, person: Person, *, at: datetime) -> None:
    """They are notified from now on, also if they had left. The caller holds the incident."""
    _join(incident, person, by=person, at=at, back=True)


def join_merged(source: Incident, target: Incident, *, by: Person, at: datetime) -> list[int]:
    """Who reported or followed a duplicate follows the other incident; the ids of who joined now.

    Nobody is mailed, and who left the other stays away. The caller holds both (G1).
    """
    follow = source.participants.told().select_related("person").order_by("joined_at", "pk")
    people = [source.reporter, *(one.person for one in follow)]
    asked = [one for one in people if one.pk != target.reporter_id and is_colleague(target, one)]
    return [one.pk for one in asked if _join(target, one, by=by, at=at)]


def leave_merged(target: Incident, joined: list[int], *, by: Person, at: datetime) -> None:
    """Those who joined by a merge that is undone follow their own incident again."""
    for one in target.participants.told().filter(person__in=joined):
        one.left_at = max(at, one.joined_at)
        one.save(update_fields=["left_at"])
        record("incident.left", target, at=at, by=by, person=one.person_id)


def _join(
    incident: Incident, person: Person, *, by: Person, at: datetime, back: bool = False
) -> bool:
    """`back`: also somebody who had left."""
    made, is_new = Participant.objects.get_or_create(
        incident=incident,
        person=person,
        defaults={"organisation_id": incident.organisation_id, "joined_at": at},
    )
    if not is_new:
        if made.left_at is None or not back:
            return False
        made.joined_at, made.left_at = at, None
        made.save(update_fields=["joined_at", "left_at"])
    record("incident.joined", incident, at=at, by=by, person=person.pk)
    return True


def is_colleague(incident: Incident, person: Person) -> bool:
    """Somebody with an account of the incident's customer."""
    theirs = person.organisation_id == incident.organisation_id
    return theirs and person.is_active and person.role in CUSTOMER_ROLES
