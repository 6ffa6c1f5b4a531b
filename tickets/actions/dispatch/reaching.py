"""Who hears that a customer wrote: never nobody."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Person
from core import rls
from rota.models import Absence
from tickets.actions.dispatch.dispatching import dispatch, redispatch
from tickets.enums import UNFINISHED
from tickets.models import Incident


def who_hears(incident: Incident, *, at: datetime) -> list[Person]:
    """The owner, or whoever is given the incident now since they are gone or away.

    Where nobody else can take it the leads hear of it, and an owner who is away still reads it
    when they are back. What is being assigned has no owner yet: whoever gets it in a moment is
    notified of it then, and reads this with the rest. The caller has locked the incident.
    """
    owner = incident.owner
    if owner is None:
        return [] if incident.is_being_assigned else list(Person.objects.leads())
    if not owner.is_active:
        unowned = Incident.objects.filter(pk=incident.pk, state__in=UNFINISHED)
        unowned.update(owner=None, dispatch_tried_at=None)
        incident.owner = incident.dispatch_tried_at = None
        found = dispatch(incident, at=at, reason="The customer wrote, and nobody had it.")
        return [found] if found else list(Person.objects.leads())
    away = Absence.objects.filter(person=owner, starts_at__lte=at, ends_at__gt=at).first()
    if away is None:
        return [owner]
    reason = f"{owner} is away until {away.ends_at:%-d %B %Y}, and the customer wrote."
    with rls.everything():
        found = redispatch(incident, at=at, reason=reason)
    if found is None:
        return [owner, *Person.objects.leads()]
    incident.owner = found
    return [found]
