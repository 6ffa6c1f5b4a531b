"""A report by telephone that nothing covered, written by mail afterwards (R3, E2).

Reply to the notice that says so, and it is a report by mail: decided again for that channel.
"""

from __future__ import annotations

from datetime import datetime

from core.journal import record
from entitlements.actions.coverage import decide
from entitlements.enums import SPOKEN, Channel
from tickets.actions.dispatch.dispatching import dispatch_soon
from tickets.actions.filing import acknowledge_report
from tickets.actions.ladder.internal_targets import open_internal
from tickets.actions.promises.targets import open_target
from tickets.enums import FINISHED
from tickets.models import Message


def report_by_mail(message: Message, *, at: datetime) -> bool:
    """Decide the message's incident again for e-mail, as of `at`, when the mail was received.

    Only one of the telephone that nothing covers; False for any other, and where nothing covers
    a mail either. Spends no Gold incident: it is asked for where it is wanted. The incident is
    locked by who wrote the message. Safe to repeat.
    """
    incident = message.incident
    if incident.channel not in SPOKEN or incident.decision.level_id is not None:
        return False
    if incident.state in FINISHED:
        return False
    decided = decide(
        organisation=incident.organisation,
        licence=incident.licence,
        project=incident.project,
        service=incident.service.key,
        channel=Channel.EMAIL,
        use_gold=False,
        call_logged=False,
        at=at,
        save=False,
    )
    if decided.level is None:
        return False
    before = incident.decision_id
    decided.save()
    incident.decision, incident.channel = decided, Channel.EMAIL
    incident.proof = message.proof
    incident.save(update_fields=["decision", "channel", "proof"])
    facts = {"message": message.pk, "before": before, "after": decided.pk}
    record("incident.reported_by_mail", incident, at=at, by=message.author, rule="R3", **facts)
    target = open_target(incident, at=at)
    open_internal(incident, at=at)
    acknowledge_report(incident, target, at=at, key="filed_by_mail")
    dispatch_soon(incident)
    return True
