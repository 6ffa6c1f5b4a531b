"""Messages about something else become an incident of their own (G2).

They stay where they were written, and are shown with the new incident: so no report of a past
month changes (F1), their files come along, and mails that answer them lead to the new one.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean
from entitlements.actions.coverage import decide
from entitlements.models import Service
from notices.outbox import notify
from tickets import policies
from tickets.actions import audience
from tickets.actions.dispatch.dispatching import dispatch_soon
from tickets.actions.filing import Report, keep
from tickets.actions.ladder.internal_targets import open_internal
from tickets.actions.locking import locked
from tickets.actions.promises.carrying import owe_from
from tickets.actions.promises.redeciding import call_logged
from tickets.actions.promises.targets import abandon_target
from tickets.enums import MessageKind
from tickets.errors import EmptyText, MergedAlready, SplitNothing, SplitReport
from tickets.models import Incident, Message


@transaction.atomic
def split(
    incident: Incident,
    *,
    messages: Collection[int],
    subject: str,
    by: Person,
    at: datetime,
    service: Service | None = None,
) -> Incident:
    """Take customers' messages (ids) out of an incident into a new one.

    It is decided and owes its answer as of the first of them (R1), without a Gold incident, which
    the customer can choose. Where the other incident owed its answer to these alone, it owes none.
    Their writer is told the new number. Errors: `NotAllowed`, `EmptyText`, `MergedAlready`,
    `SplitNothing`, `SplitReport`.
    """
    incident = locked(incident)
    if not policies.may_merge(by, incident):
        raise NotAllowed()
    if incident.merged_into is not None:
        raise MergedAlready(number=incident.number, into=incident.merged_into.number)
    subject = clean(subject)
    if not subject:
        raise EmptyText()
    taken = _taken(incident, messages)
    made = _made(incident, taken[0], " ".join(subject.split())[:200], service, at=at)
    Message.objects.filter(pk__in=[one.pk for one in taken]).update(split_to=made)
    facts: dict[str, object] = {"messages": [one.pk for one in taken]}
    record("incident.split_off", made, at=at, by=by, rule="G2", source=incident.number, **facts)
    record("incident.split", incident, at=at, by=by, rule="G2", into=made.number, **facts)
    _owe_no_more(incident, into=made.number, at=at)
    target = owe_from(made, since=made.received_at, at=at)
    if target is not None:
        open_internal(made, at=at)
    _tell(made, incident, at)
    dispatch_soon(made)
    return made


def _taken(incident: Incident, messages: Collection[int]) -> list[Message]:
    """Those of the customer among them, oldest first; the report stays what the incident is."""
    written = Message.objects.filter(incident=incident, kind=MessageKind.REPORT, split_to=None)
    said = list(written.select_related("author__organisation").order_by("sent_at", "pk"))
    wanted = set(messages)
    taken = [one for one in said if one.pk in wanted]
    if not taken or len(taken) != len(wanted):
        raise SplitNothing(number=incident.number)
    if taken[0] == said[0]:
        raise SplitReport(number=incident.number)
    return taken


def _made(
    incident: Incident, first: Message, subject: str, service: Service | None, *, at: datetime
) -> Incident:
    author = first.author
    assert author is not None, "a customer's message has an author"
    service = service or incident.service
    decision = decide(
        organisation=incident.organisation,
        licence=incident.licence,
        project=incident.project,
        service=service.key,
        channel=first.channel,
        use_gold=False,
        call_logged=call_logged(incident),
        at=first.sent_at,
    )
    report = Report(
        reporter=author,
        service=service.key,
        subject=subject,
        body=first.body,
        licence=incident.licence,
        project=incident.project,
        channel=first.channel,
        priority=incident.priority,
        impact=incident.impact,
        urgency=incident.urgency,
        product=incident.product,
        version=incident.version,
        proof=first.proof,
        private=incident.is_private,
    )
    made = keep(report, service, decision, at=first.sent_at)
    made.split_from, made.split_at = incident, at
    made.save(update_fields=["split_from", "split_at"])
    return made


def _owe_no_more(incident: Incident, *, into: str, at: datetime) -> None:
    """No answer to what was taken out; one to words that stay is owed as before (C6)."""
    target = incident.targets.open().first()
    if target is None:
        return
    stays = Message.objects.filter(incident=incident, kind=MessageKind.REPORT, split_to=None)
    if not stays.filter(sent_at__gte=target.opened_at).exists():
        abandon_target(incident, at=at, split_into=into)


def _tell(made: Incident, source: Incident, at: datetime) -> None:
    """The writer: the number under which it goes on, and what is promised. No answer (C8)."""
    target = made.targets.open().first()
    notify(
        [made.reporter],
        "incident_split",
        key=f"split:{made.pk}",
        at=at,
        about=made,
        source=source.number,
        due_at=target.due_at.isoformat() if target else None,
        **audience.customer_facts(made),
    )
