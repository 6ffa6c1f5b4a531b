"""A topic of the forum becomes an incident, which is then decided like any report (R2)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Organisation, Person
from core.errors import NotAllowed
from core.journal import record
from entitlements.levels import RANK
from entitlements.models import Licence
from entitlements.reads.coverage_summary import summary_of
from resources.models import Topic, TopicIncident
from resources.reads.forum.cards import card_of, people_of
from tickets import policies
from tickets.actions.filing import Report, file_incident
from tickets.errors import AskerNotYours
from tickets.models import Incident
from tickets.reads.from_forum import words_of

SERVICE = "troubleshooting"


@transaction.atomic
def link_topic(incident: Incident, topic: Topic, *, by: Person, at: datetime) -> None:
    """The topic leads its asker to the incident that came of it; the first one counts.

    Error: `NotAllowed`, where somebody else asked it.
    """
    card = card_of(incident.reporter)
    if card is None or topic.asked_by_id != card.pk:
        raise NotAllowed()
    _, is_new = TopicIncident.objects.get_or_create(
        topic=topic,
        organisation=incident.organisation,
        defaults={"incident_id": incident.pk, "number": incident.number, "at": at},
    )
    if is_new:
        record("forum.incident_made", topic, at=at, by=by, number=incident.number)


@transaction.atomic
def incident_of_topic(topic: Topic, *, by: Person, at: datetime) -> Incident:
    """File it for whoever asked, on the licence of theirs with the best support.

    The second call gives the first one's. Errors: `AskerNotYours`, `NotAllowed`, those of filing.
    """
    topic = Topic.objects.select_for_update(of=("self",)).select_related("board").get(pk=topic.pk)
    asker = next(iter(people_of([topic.asked_by])), None)
    if asker is None or asker.organisation is None:
        raise AskerNotYours()
    if not policies.may_file_for(by, asker.organisation):
        raise NotAllowed()
    before = TopicIncident.objects.filter(topic=topic, organisation=asker.organisation).first()
    if before is not None:
        return Incident.objects.get(pk=before.incident_id)
    report = Report(
        reporter=asker,
        service=SERVICE,
        licence=_licence(asker.organisation, at),
        **words_of(topic),
    )
    incident = file_incident(report, at=at, by=by)
    link_topic(incident, topic, by=by, at=at)
    return incident


def _licence(organisation: Organisation, at: datetime) -> Licence | None:
    """The one that serves best now; the newest incident may be put right (G3)."""
    cards = summary_of(organisation, at=at)
    if not cards:
        return None

    def worth(levels: list[str]) -> int:
        return min((RANK[one] for one in levels), default=len(RANK))

    return min(cards, key=lambda one: worth([level.level for level in one.levels])).licence
