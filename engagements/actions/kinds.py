"""A request with what only its kind has to say, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Organisation, Person
from engagements.actions import features, visits
from engagements.actions.requesting import Wish, request
from engagements.enums import Kind
from engagements.models import Engagement

# By kind: what keeps the rest of its request. Raises a `Refusal` where something is missing.
_KEEP: dict[Kind, Callable[..., object]] = {
    Kind.ON_SITE: visits.keep_request,
    Kind.FEATURE: features.keep_request,
}


@transaction.atomic
def ask(
    organisation: Organisation,
    wish: Wish,
    details: Mapping[str, Any],
    *,
    contact: Person,
    by: Person,
    at: datetime,
) -> Engagement:
    """`requesting.request`, and the details of its kind; with an error nothing is written."""
    made = request(organisation, wish, contact=contact, by=by, at=at)
    keep = _KEEP.get(wish.kind)
    if keep is not None:
        keep(made, **details)
    return made
