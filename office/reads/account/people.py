"""The people of a customer with what they last did, and its products with their versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from accounts.models import Organisation, Person
from entitlements.models import Licence
from tickets.models import Incident, Message


@dataclass(frozen=True)
class Somebody:
    """`last_at`: when they last wrote to us or signed in; None: never."""

    person: Person
    last_at: datetime | None
    has_written: bool  # in the last year


@dataclass(frozen=True)
class Product:
    """A licence and the version that its last report named; "" where none did."""

    licence: Licence
    version: str
    seen_at: datetime | None


def people_of(organisation: Organisation, *, reader: Person, since: datetime) -> list[Somebody]:
    """Who is there, the last active first; two statements. `since`: from when words count."""
    people = Person.objects.visible_to(reader).filter(organisation=organisation, is_active=True)
    said = (
        Message.objects.filter(organisation=organisation, sent_at__gte=since, author__isnull=False)
        .order_by()
        .values_list("author")
        .annotate(last=Max("sent_at"))
    )
    last = dict(said)
    found = []
    for one in people:
        moments = [at for at in (one.last_login, last.get(one.pk)) if at]
        found.append(Somebody(one, max(moments, default=None), one.pk in last))
    return sorted(found, key=lambda one: (one.last_at is None, -_seconds(one.last_at)))


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0


def products_of(organisation: Organisation) -> Sequence[Product]:
    """Each licence that it holds; two statements."""
    held = list(Licence.objects.held().filter(organisation=organisation).order_by("key")[:100])
    named = (
        Incident.objects.filter(licence__in=held)
        .exclude(version="")
        .order_by("licence", "-received_at")
        .distinct("licence")
        .values_list("licence", "version", "received_at")
    )
    versions = {licence: (version, at) for licence, version, at in named}
    return [Product(one, *versions.get(one.pk, ("", None))) for one in held]
