"""Filing an incident: the one door for portal, API, mail and telephone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction

from accounts.enums import GoldDefault
from accounts.models import Organisation, Person
from core.journal import record
from core.text import clean, clean_block
from entitlements.actions import packs
from entitlements.actions.coverage import decide
from entitlements.enums import Channel, Level
from entitlements.models import CoverageDecision, GoLiveProject, Licence, Service
from entitlements.reads.current import offered_services
from notices.outbox import notify
from tickets.actions import audience
from tickets.actions.dispatch.dispatching import dispatch_soon
from tickets.actions.files import attach, check_files
from tickets.actions.gold_links import gold_url
from tickets.actions.ladder.internal_targets import open_internal
from tickets.actions.promises.targets import open_target
from tickets.enums import MessageKind, Priority, Proof
from tickets.errors import EmptyText, LicenceNotFound, ProjectNotFound, UnknownService
from tickets.models import Attachment, Incident, Message, ResponseTarget
from tickets.rules.gold import spends_by_default
from tickets.rules.priorities import priority_of


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody reports. `use_gold` None means the organisation's default.

    Without a `priority` it follows from impact and urgency, and is normal without those.
    `licence` and `project` are of the reporter's organisation. A `private` one only its reporter
    and who takes part see there (F4). `message_id`, `quoted` and `has_layout` are a mail's;
    `follows` is the long closed incident that it goes on with (R7). `proof` is how far a mail
    proves its sender: unproven it spends no Gold incident by itself; the acknowledgement asks for
    it by a signed link (M1). `acknowledge` False withholds that, for mails that no machine may
    answer.
    """

    reporter: Person
    service: str
    subject: str
    body: str
    licence: Licence | None = None
    project: GoLiveProject | None = None
    channel: str = Channel.PORTAL
    priority: int | None = None
    impact: int | None = None
    urgency: int | None = None
    product: str = ""
    version: str = ""
    use_gold: bool | None = None
    files: Sequence[UploadedFile[Any]] = ()
    private: bool = False
    message_id: str = ""
    quoted: str = ""
    has_layout: bool = False
    follows: Incident | None = None
    proof: str = ""
    acknowledge: bool = True

    @property
    def organisation(self) -> Organisation:
        assert self.reporter.organisation is not None, "only a customer reports; staff file for one"
        return self.reporter.organisation


@dataclass(frozen=True)
class Filed:
    """What a report made. Without a `target` nothing is promised."""

    incident: Incident
    message: Message
    files: Sequence[Attachment]
    target: ResponseTarget | None


def file_incident(
    report: Report, *, at: datetime, by: Person | None = None, call_logged: bool = False
) -> Incident:
    """The incident of `file_report`."""
    return file_report(report, at=at, by=by, call_logged=call_logged).incident


@transaction.atomic
def file_report(
    report: Report, *, at: datetime, by: Person | None = None, call_logged: bool = False
) -> Filed:
    """Keep a report as an incident, with the level that serves it and the answer it is owed.

    `at` is when the server received the report (R1). Without a level the incident is kept, no
    clock runs, and the reporter is told why (R3). A Gold incident is spent in this same
    transaction; who loses a race for the last one gets the next best level (L2). `by` is the
    engineer who files for the reporter. `call_logged`: the caller keeps the call as the evidence
    of a telephone report (E2), in this transaction, as `telephone.actions.calls.log_report` does.

    Errors: `EmptyText`, `UnknownService`, `LicenceNotFound`, `ProjectNotFound` and those of
    `files.check_files`. Nobody owns it yet: a worker gives it out within a second
    of the commit. Not safe to repeat; callers that may be repeated keep a key.
    """
    report = _checked(report)
    service = _service(report.service)
    decision = _decide_and_spend(report, service, call_logged=call_logged, at=at)
    incident = keep(report, service, decision, at=at)
    if decision.pack is not None:
        packs.record_consume(decision.pack, incident=incident, at=at, by=report.reporter)
    message = Message.objects.create(
        organisation=report.organisation,
        incident=incident,
        author=report.reporter,
        kind=MessageKind.REPORT,
        channel=report.channel,
        body=report.body,
        quoted=clean_block(report.quoted),
        has_layout=report.has_layout,
        message_id=report.message_id,
        proof=report.proof,
        sent_at=at,
    )
    files = attach(message, report.files)
    who = by or report.reporter
    record("incident.filed", incident, at=at, by=who, rule="R1", channel=report.channel)
    target = open_target(incident, at=at, is_first=True)
    if target is not None:
        open_internal(incident, at=at)
    if report.acknowledge:
        acknowledge_report(incident, target, at=at)
    dispatch_soon(incident)
    return Filed(incident, message, files, target)


def _checked(report: Report) -> Report:
    """With clean text; a missing subject is the first line of what was said."""
    subject, body = clean(report.subject), clean_block(report.body)
    if not body:
        raise EmptyText()
    _check_ours(report)
    check_files(report.files)
    subject = (" ".join(subject.split()) or body.strip().splitlines()[0])[:200]
    return replace(report, subject=subject, body=body)


def _priority(report: Report) -> int:
    if report.priority is not None:
        return report.priority
    if report.impact is None or report.urgency is None:
        return Priority.NORMAL
    return priority_of(report.impact, report.urgency)


def _service(key: str) -> Service:
    offered = offered_services()
    if key not in offered:
        raise UnknownService(service=clean(key)[:40], choices=", ".join(offered))
    return offered[key]


def _check_ours(report: Report) -> None:
    licence, project, ours = report.licence, report.project, report.organisation.pk
    if licence is not None and licence.organisation_id != ours:
        raise LicenceNotFound()
    if project is not None and project.organisation_id != ours:
        raise ProjectNotFound()


def _decide_and_spend(
    report: Report, service: Service, *, call_logged: bool, at: datetime
) -> CoverageDecision:
    """The stored decision; when it is Gold, a unit of its pack is ours already (L2)."""
    asked: dict[str, Any] = {
        "organisation": report.organisation,
        "licence": report.licence,
        "project": report.project,
        "service": service.key,
        "service_name": service.name,
        "channel": report.channel,
        "call_logged": call_logged,
        "at": at,
    }
    use_gold = False if report.proof == Proof.UNPROVEN else report.use_gold
    if use_gold is None:
        use_gold = spends_by_default(report.organisation.gold_default, _priority(report))
    decision = decide(**asked, use_gold=use_gold, save=False)
    while decision.pack is not None and not packs.spend(decision.pack, at=at):
        decision = decide(**asked, use_gold=use_gold, save=False)  # sees the emptied pack
        decision.gold_depleted = decision.pack is None
    decision.save()
    return decision


def keep(report: Report, service: Service, decision: CoverageDecision, *, at: datetime) -> Incident:
    """The row alone, under a number of its own; the report is checked."""
    licence = report.licence
    return Incident.objects.create(
        number=_next_number(at),
        organisation=report.organisation,
        reporter=report.reporter,
        licence=licence,
        project=report.project,
        service=service,
        decision=decision,
        channel=report.channel,
        priority=_priority(report),
        impact=report.impact,
        urgency=report.urgency,
        product=clean(report.product) or (licence.product if licence else ""),
        version=clean(report.version),
        subject=report.subject,
        language=report.reporter.language,
        follows=report.follows,
        proof=report.proof,
        is_private=report.private,
        received_at=at,
    )


def _next_number(at: datetime) -> str:
    """AX-YYYY-NNNNNN from a sequence: never given twice; gaps are possible."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('incident_number')")
        return f"AX-{at:%Y}-{cursor.fetchone()[0]:06d}"


def acknowledge_report(
    incident: Incident, target: ResponseTarget | None, *, at: datetime, key: str = "filed"
) -> None:
    """Tell the reporter what was promised, or why nothing was. Never counts as an answer (C8).

    Once an incident and `key`.
    """
    decision = incident.decision
    level = decision.level
    if level is None or target is None:
        notify(
            [incident.reporter],
            "incident_not_covered",
            key=f"{key}:{incident.pk}",
            at=at,
            about=incident,
            reasons=[one["sentence"] for one in decision.considered],
            remedies=decision.remedies,
            **audience.customer_facts(incident),
        )
        return
    notify(
        [incident.reporter],
        "incident_filed",
        key=f"{key}:{incident.pk}",
        at=at,
        about=incident,
        level=Level(level.level).label,
        hours=level.response_time.total_seconds() / 3600,
        due_at=target.due_at.isoformat(),
        gold_depleted=decision.gold_depleted,
        may_choose_gold=_was_not_asked(incident),
        gold_url=gold_url(incident, at=at) if _waits_for_a_click(incident) else "",
        **audience.customer_facts(incident),
    )


def _waits_for_a_click(incident: Incident) -> bool:
    """Whether a Gold incident would have been spent, or asked for, had its sender been proven."""
    organisation = incident.organisation
    wanted = spends_by_default(organisation.gold_default, incident.priority)
    wanted = wanted or organisation.gold_default == GoldDefault.ASK
    return incident.proof == Proof.UNPROVEN and wanted and _could_be_gold(incident)


def _could_be_gold(incident: Incident) -> bool:
    weighed = incident.decision.considered
    return any(one["level"] == Level.GOLD and one["code"] == "not_elected" for one in weighed)


def _was_not_asked(incident: Incident) -> bool:
    """Whether a customer who wants to be asked each time was not, since no form was there."""
    asks = incident.organisation.gold_default == GoldDefault.ASK
    return asks and _could_be_gold(incident) and incident.channel != Channel.PORTAL
