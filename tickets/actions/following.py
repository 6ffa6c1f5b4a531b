"""Following an incident: who is told what happens on it without being its owner."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core import rls
from core.errors import NotAllowed
from notices.outbox import notify
from tickets import policies
from tickets.actions import audience
from tickets.models import Follower, Incident, Message

NOTED = "wrote a note"  # what followers are told of a note


@transaction.atomic
def follow(incident: Incident, *, by: Person, at: datetime) -> None:
    """Be told what happens on it. Safe to repeat. Raises `NotAllowed`."""
    if not policies.may_follow(by, incident):
        raise NotAllowed()
    join(incident, by, at=at)


@transaction.atomic
def unfollow(incident: Incident, *, by: Person, at: datetime) -> None:
    """Be told no more, until somebody mentions one again. Safe to repeat."""
    Follower.objects.filter(incident=incident, person=by, left_at=None).update(left_at=at)


def join(incident: Incident, person: Person, *, at: datetime) -> None:
    """Make them a follower, again where they had left; the caller knows that they may see it."""
    Follower.objects.update_or_create(
        incident=incident,
        person=person,
        defaults={"left_at": None},
        create_defaults={"organisation_id": incident.organisation_id, "since_at": at},
    )


def followers_of(incident: Incident) -> list[Person]:
    """Whose it is and those who follow it, of whom may see it still."""
    rows = Follower.objects.filter(incident=incident, left_at=None).select_related("person")
    found = {one.person_id: one.person for one in rows}
    for one in (incident.owner, incident.worker):
        if one is not None:
            found[one.pk] = one
    with rls.everything():  # whom another serves is nobody's to see who serves a few
        return [one for one in found.values() if policies.may_follow(one, incident)]


def tell_followers(
    incident: Incident, message: Message, *, what: str, at: datetime, but: Collection[Person] = ()
) -> None:
    """Say to who follows it that something was said; `but` hear of it otherwise."""
    known = {message.author_id, *(one.pk for one in but)}
    notify(
        [one for one in followers_of(incident) if one.pk not in known],
        "incident_followed",
        key=f"message:{message.pk}",
        at=at,
        about=incident,
        author=str(message.author),
        what=what,
        body=message.body,
        **audience.facts(incident),
    )
