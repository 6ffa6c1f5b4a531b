"""The one question after solving: how satisfied is the customer?"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction

from core.journal import record
from core.text import clean
from tickets.actions.locking import locked
from tickets.enums import State
from tickets.errors import BadLink, BadRating, NotRateable, RatingClosed
from tickets.models import Incident, Rating
from tickets.rules.promises.limits import RATE_WITHIN

_signer = Signer(salt="rating")


def rating_url(incident: Incident) -> str:
    """The address in the mail, which needs no sign-in: its signature is the key."""
    return f"{settings.SITE_URL}/rate/{_signer.sign(str(incident.pk))}/"


def incident_of(token: str) -> Incident:
    """The incident of a link from our mail, or `BadLink`. Needs a scope that reaches it."""
    try:
        pk = int(_signer.unsign(token))
        return Incident.objects.select_related("organisation").get(pk=pk)
    except (BadSignature, ValueError, Incident.DoesNotExist) as error:
        raise BadLink() from error


@transaction.atomic
def rate(incident: Incident, *, score: int, comment: str, at: datetime) -> Rating:
    """One answer an incident, from 1 to 5, changeable for a week after it was given.

    Errors: `BadRating`, `NotRateable`, `RatingClosed`. Safe to repeat.
    """
    if score not in range(1, 6):
        raise BadRating()
    incident = locked(incident)
    if incident.state not in (State.SOLVED, State.CLOSED):
        raise NotRateable(number=incident.number)
    given = Rating.objects.filter(incident=incident).first()
    before = {"score": given.score, "comment": given.comment} if given else None
    if given is None:
        given = Rating(incident=incident, organisation_id=incident.organisation_id, given_at=at)
    elif at > given.given_at + RATE_WITHIN:
        raise RatingClosed(days=RATE_WITHIN.days)
    else:
        given.changed_at = at
    given.score, given.comment = score, clean(comment)[:2000]
    given.save()
    record("incident.rated", incident, at=at, by=None, score=score, before=before)
    return given
