"""Mentioning colleagues in a note: they are told once, and follow the incident from then on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.enums import STAFF_ROLES
from accounts.models import Person
from core import rls
from notices.outbox import notify
from tickets import policies
from tickets.actions import audience
from tickets.actions.following import join
from tickets.models import Incident, Message
from tickets.rules.mentions import asks, mentioned


@dataclass(frozen=True)
class Mentions:
    """Whom a note mentions: `told`, and those who may not see the incident."""

    told: tuple[Person, ...] = ()
    unseen: tuple[Person, ...] = ()


def mentions_in(body: str, incident: Incident, *, author: Person) -> Mentions:
    """Nothing is asked where nobody is mentioned. Customers are nobody here: a note is no mail."""
    if not asks(body):
        return Mentions()
    staff = Person.objects.visible_to(author).active().filter(role__in=STAFF_ROLES)
    people = {one.pk: one for one in staff.exclude(pk=author.pk)}
    named = [people[pk] for pk in mentioned(body, {pk: one.name for pk, one in people.items()})]
    with rls.everything():  # whom another serves is nobody's to see who serves a few
        sees = {one.pk: policies.may_see(one, incident) for one in named}
    told = tuple(one for one in named if sees[one.pk])
    return Mentions(told, tuple(one for one in named if not sees[one.pk]))


def mention(incident: Incident, message: Message, *, author: Person, at: datetime) -> Mentions:
    """Tell those whom the note mentions, each once; they follow the incident then."""
    found = mentions_in(message.body, incident, author=author)
    for person in found.told:
        join(incident, person, at=at)
    notify(
        found.told,
        "incident_mentioned",
        key=f"mention:{message.pk}",
        at=at,
        about=incident,
        author=str(author),
        body=message.body,
        **audience.facts(incident),
    )
    return found
