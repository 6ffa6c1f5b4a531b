"""Keeping a report among those who take part in it, whatever the organisation shares (F4)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from tickets import policies
from tickets.actions.locking import locked
from tickets.actions.participants import take_part
from tickets.models import Incident


@transaction.atomic
def set_private(incident: Incident, *, private: bool, by: Person, at: datetime) -> bool:
    """True if that changed it. What was merged into it goes along. Error: `NotAllowed`."""
    incident = locked(incident)
    if not policies.may_keep_private(by, incident):
        raise NotAllowed()
    if incident.is_private == private:
        return False
    both = Incident.objects.filter(Q(pk=incident.pk) | Q(merged_into=incident))
    both.update(is_private=private)
    incident.is_private = private
    record("incident.private", incident, at=at, by=by, rule="F4", private=private)
    return True


def share_private(person: Person, by: Person | None, at: datetime) -> None:
    """Whose account is closed leaves no report that nobody there sees: who closes it takes part.

    Runs in the transaction that closes the account.
    """
    if by is None or not by.is_customer or by.organisation_id != person.organisation_id:
        return
    alone = Incident.objects.filter(reporter=person, is_private=True)
    for one in alone.filter(organisation=person.organisation_id).order_by("pk"):
        incident = locked(one)
        others = incident.participants.told().exclude(person=person)
        if not others.filter(person__is_active=True).exists():
            take_part(incident, by, at=at)
