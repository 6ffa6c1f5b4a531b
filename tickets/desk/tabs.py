"""What the incident's page shows beside the conversation, read when somebody opens it.

A tab is a page of its own for a browser without JavaScript, and a part of the page for htmx.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from accounts.enums import CUSTOMER_ROLES
from accounts.models import Person
from core.journal import entries_of, label
from entitlements.models import IncidentPack
from entitlements.reads.availability import ways_of
from notices.models import Notice
from resources.policies import may_write_articles
from tickets import policies
from tickets.enums import FINISHED
from tickets.forms.asides import AskForm
from tickets.models import Incident
from tickets.reads.asides import asides_of
from tickets.reads.promise import explained, promise_of
from tickets.reads.similar import similar_to
from tickets.reads.timeline import events_of, notifications_of

OTHERS = 8  # other open incidents of the organisation that the page names

Context = dict[str, Any]


@dataclass(frozen=True)
class Tab:
    """`read` gives what `template` needs besides the `incident`, which the page has read."""

    name: str
    label: str
    read: Callable[[Incident, Person, datetime], Context]

    @property
    def template(self) -> str:
        return f"staff/incident/_tab_{self.name}.html"

    @property
    def url_name(self) -> str:
        return f"incident_{self.name}"


def _details(incident: Incident, person: Person, at: datetime) -> Context:
    """What was reported, and why it is served as it is."""
    promise = promise_of(incident, at=at)
    ends_at = incident.decision.covered_until_at
    return {
        "promise": promise,
        "explained": explained(incident, promise, reader=timezone.get_current_timezone()),
        "may_make_article": incident.state in FINISHED and may_write_articles(person),
        "covered_until": ends_at and ends_at - timedelta(microseconds=1),  # in its last day
    }


def _customer(incident: Incident, person: Person, at: datetime) -> Context:
    """The organisation's people, and what else it waits for."""
    contacts = Person.objects.visible_to(person).active()
    others = Incident.objects.visible_to(person).unfinished().exclude(pk=incident.pk)
    of_theirs = others.filter(organisation=incident.organisation_id)
    packs = IncidentPack.objects.filter(licence=incident.licence_id)
    return {
        "ways": ways_of(incident.organisation, at=at),
        "packs_left": packs.aggregate(left=Sum("available"))["left"],
        "contacts": contacts.filter(
            organisation=incident.organisation_id, role__in=CUSTOMER_ROLES
        ).order_by("name")[:20],
        "participants": list(incident.participants.told().select_related("person")),
        "others": list(of_theirs.for_queue().due_first()[:OTHERS]),
    }


def _aside(incident: Incident, person: Person, at: datetime) -> Context:
    """The side conversations that this person reads, and a form for another (X4)."""
    return {"asides": asides_of(incident, person), "ask": AskForm(incident=incident, by=person)}


def _similar(incident: Incident, person: Person, at: datetime) -> Context:
    return {"similar": similar_to(incident, person, at)}


def _history(incident: Incident, person: Person, at: datetime) -> Context:
    entries = list(entries_of(incident))
    may_see = policies.may_see_journal(person)
    return {"events": events_of(entries), "journal": entries if may_see else None}


def _notified(incident: Incident, person: Person, at: datetime) -> Context:
    about = Notice.objects.filter(subject=label(incident)).select_related("to", "told_in")
    return {"notifications": notifications_of(about.order_by("-made_at", "-pk"))}


TABS = {
    tab.name: tab
    for tab in (
        Tab("details", "Details", _details),
        Tab("aside", "Aside", _aside),
        Tab("customer", "Customer", _customer),
        Tab("similar", "Similar", _similar),
        Tab("history", "What happened", _history),
        Tab("notified", "Who was notified", _notified),
    )
}
