"""Engagements and what hangs on them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from accounts.models import Organisation
from engagements.enums import Book, Kind, Owed, State, Voice
from engagements.models import (
    Audit,
    AuditCase,
    AuditEvidence,
    AuditFinding,
    AuditRun,
    CatalogueVersion,
    Criterion,
    CutOver,
    DiaryEntry,
    Document,
    DocumentVersion,
    Engagement,
    FeatureRequest,
    GoNoGo,
    Member,
    Message,
    MessageFile,
    Phase,
    PlanVersion,
    Promise,
    Requirements,
    Risk,
    RoadmapItem,
    SettingChange,
    Sizing,
    Step,
    Task,
    Visit,
    Visitor,
    VisitRequest,
    Vote,
)
from engagements.rules.assumptions import as_delivered, written
from tests.factories.base import NINE, days, hours, numbers
from tests.factories.people import make_contact, make_manager, make_organisation


def make_engagement(organisation: Organisation | None = None, **fields: Any) -> Engagement:
    """A GoLive project that runs since nine, of the organisation's account manager."""
    organisation = organisation or make_organisation()
    requested_by = fields.pop("requested_by", None) or make_contact(organisation)
    defaults = {
        "number": f"ENG-2026-{next(numbers):06d}",
        "kind": Kind.GOLIVE,
        "title": "Move to the new platform",
        "state": State.RUNNING,
        "requested_at": NINE,
        "starts_on": NINE.date(),
        "golive_on": date(2026, 6, 1),
        "owner": organisation.tam,
    }
    return Engagement.objects.create(
        organisation=organisation, requested_by=requested_by, **defaults | fields
    )


def _of(engagement: Engagement) -> dict[str, Any]:
    return {"engagement": engagement, "organisation": engagement.organisation}


def make_member(engagement: Engagement, **fields: Any) -> Member:
    defaults = {"person": fields.pop("person", None) or make_contact(engagement.organisation)}
    return Member.objects.create(**_of(engagement), **defaults | {"joined_at": NINE} | fields)


def make_phase(engagement: Engagement, **fields: Any) -> Phase:
    """From today for a week."""
    span = {"starts_on": NINE.date(), "ends_on": date(2026, 3, 6)}
    span |= {name: fields.pop(name) for name in ("starts_on", "ends_on") if name in fields}
    defaults = {
        "place": next(numbers) % 30000,
        "name": "Pilot",
        "baseline_starts_on": span["starts_on"],
        "baseline_ends_on": span["ends_on"],
    }
    return Phase.objects.create(**_of(engagement), **defaults | span | fields)


def make_task(phase: Phase, **fields: Any) -> Task:
    defaults = {"title": "Name the hosts"}
    return Task.objects.create(phase=phase, **_of(phase.engagement), **defaults | fields)


def make_risk(engagement: Engagement, **fields: Any) -> Risk:
    defaults = {"what": "Late hosts", "likelihood": 2, "impact": 3, "noted_at": NINE}
    by = fields.pop("noted_by", None) or engagement.owner or make_manager()
    return Risk.objects.create(noted_by=by, **_of(engagement), **defaults | fields)


def make_promise(engagement: Engagement, **fields: Any) -> Promise:
    """An answer that is due in four days, of which nothing was told."""
    defaults = {
        "what": Owed.ANSWER,
        "made_at": NINE,
        "due_at": NINE + days(4),
        "next_at": NINE + days(3),
    }
    return Promise.objects.create(**_of(engagement), **defaults | fields)


def make_engagement_message(engagement: Engagement, **fields: Any) -> Message:
    author = fields.pop("author", None) or engagement.requested_by
    defaults = {"voice": Voice.CUSTOMER, "body": "When do you come?", "sent_at": NINE}
    return Message.objects.create(author=author, **_of(engagement), **defaults | fields)


def make_engagement_file(message: Message, **fields: Any) -> MessageFile:
    content = fields.pop("content", b"hosts")
    name = fields.pop("name", "hosts.txt")
    defaults = {"size": len(content), "sha256": "0" * 64, "sent_at": NINE, "name": name}
    file = ContentFile(content, name=name)
    of = _of(message.engagement)
    return MessageFile.objects.create(message=message, file=file, **of, **defaults | fields)


def make_document_version(engagement: Engagement, **fields: Any) -> DocumentVersion:
    """The first version of a document that nobody judged yet, or the next one of `document`."""
    content = fields.pop("content", b"%PDF-1.7 plan")
    title = fields.pop("title", "Plan of the pilot")
    document = fields.pop("document", None) or Document.objects.create(
        **_of(engagement), title=title, made_at=NINE
    )
    defaults = {
        "number": document.versions.count() + 1,
        "name": "plan.pdf",
        "size": len(content),
        "sha256": f"{next(numbers):064d}",
        "made_by": fields.pop("made_by", None) or engagement.owner or make_manager(),
        "sent_at": NINE,
    }
    file = ContentFile(content, name="plan.pdf")
    of = _of(engagement)
    return DocumentVersion.objects.create(document=document, file=file, **of, **defaults | fields)


def make_plan_version(**fields: Any) -> PlanVersion:
    defaults = {"kind": Kind.GOLIVE, "version": 1, "phases": [], "made_at": NINE}
    by = fields.pop("made_by", None) or make_manager()
    return PlanVersion.objects.create(made_by=by, **defaults | fields)


def make_visit_request(engagement: Engagement, **fields: Any) -> VisitRequest:
    defaults = {"place": "Data centre, Cluj", "why_on_site": "The nodes have no remote console."}
    return VisitRequest.objects.create(**_of(engagement), **defaults | fields)


def make_visit(engagement: Engagement, **fields: Any) -> Visit:
    """Proposed for tomorrow, nine to five."""
    defaults = {
        "starts_at": NINE + days(1),
        "ends_at": NINE + days(1) + hours(8),
        "days": 1,
        "proposed_at": NINE,
        "proposed_by": fields.pop("proposed_by", None) or engagement.owner or make_manager(),
    }
    return Visit.objects.create(**_of(engagement), **defaults | fields)


def make_visitor(visit: Visit, **fields: Any) -> Visitor:
    defaults = {
        "person": fields.pop("person", None) or make_manager(),
        "starts_at": visit.starts_at,
        "ends_at": visit.ends_at,
    }
    return Visitor.objects.create(visit=visit, **_of(visit.engagement), **defaults | fields)


def make_diary_entry(visit: Visit, **fields: Any) -> DiaryEntry:
    defaults = {
        "began_at": visit.starts_at,
        "ended_at": visit.starts_at + hours(2),
        "what": "Nodes racked and cabled",
        "by": fields.pop("by", None) or visit.proposed_by,
        "noted_at": visit.ends_at,
    }
    return DiaryEntry.objects.create(visit=visit, **_of(visit.engagement), **defaults | fields)


def make_feature_request(engagement: Engagement, **fields: Any) -> FeatureRequest:
    defaults = {"goal": "Share drafts with colleagues", "today": "By mail to each other"}
    return FeatureRequest.objects.create(**_of(engagement), **defaults | fields)


def make_roadmap_item(**fields: Any) -> RoadmapItem:
    by = fields.pop("made_by", None) or make_manager()
    defaults = {"title": f"Shared drafts {next(numbers)}", "made_at": NINE}
    return RoadmapItem.objects.create(made_by=by, **defaults | fields)


def make_audit(engagement: Engagement, **fields: Any) -> Audit:
    """A window of two days from nine on."""
    defaults = {
        "permitted_by": "Ana Pop, head of IT",
        "window_from": NINE,
        "window_until": NINE + days(2),
        "stop_contact": "+40 721 000 000",
        "rollback": "Restore the snapshot.",
        "agreed_by": fields.pop("agreed_by", None) or make_manager(),
        "agreed_at": NINE,
    }
    return Audit.objects.create(**_of(engagement), **defaults | fields)


def make_case(engagement: Engagement, **fields: Any) -> AuditCase:
    number = engagement.audit_cases.count() + 1
    defaults = {
        "number": number,
        "area": "security",
        "severity": "high",
        "title": f"Open relay {number}",
        "procedure": "Hand over mail from outside.",
        "expectation": "It is refused.",
        "added_by": fields.pop("added_by", None) or make_manager(),
        "added_at": NINE,
    }
    return AuditCase.objects.create(**_of(engagement), **defaults | fields)


def make_run(case: AuditCase, **fields: Any) -> AuditRun:
    defaults = {"result": "failed", "was_reached": True, "observed": "250 OK", "run_at": NINE}
    defaults["run_by"] = fields.pop("run_by", None) or case.added_by
    return AuditRun.objects.create(**_of(case.engagement), case=case, **defaults | fields)


def make_evidence(run: AuditRun, **fields: Any) -> AuditEvidence:
    content = fields.pop("content", b"220 ready")
    defaults = {"name": "session.txt", "size": len(content), "sha256": "0" * 64}
    made = AuditEvidence(**_of(run.engagement), run=run, **defaults | fields)
    made.file.save(made.name, ContentFile(content), save=False)
    made.save()
    return made


def make_finding(case: AuditCase, **fields: Any) -> AuditFinding:
    defaults = {
        "severity": case.severity,
        "title": "The relay is open",
        "recommendation": "Close it.",
        "owner": "Ana Pop",
        "due_on": NINE.date() + days(30),
        "found_by": case.added_by,
        "found_at": NINE,
    }
    return AuditFinding.objects.create(**_of(case.engagement), case=case, **defaults | fields)


def make_requirements(engagement: Engagement, **fields: Any) -> Requirements:
    by = fields.pop("filled_by", None) or engagement.requested_by
    defaults = {"values": {"users": 40000}, "filled_at": NINE}
    return Requirements.objects.create(filled_by=by, **_of(engagement), **defaults | fields)


def make_setting_change(engagement: Engagement, **fields: Any) -> SettingChange:
    by = fields.pop("by", None) or engagement.owner or make_manager()
    defaults: dict[str, Any] = {"host": "mx1", "module": "IMAP", "setting": "State", "after": "on"}
    defaults |= {"reason": "Set up", "set_at": NINE}
    return SettingChange.objects.create(by=by, **_of(engagement), **defaults | fields)


def make_sizing(engagement: Engagement, **fields: Any) -> Sizing:
    """The first version, with everything as delivered."""
    by = fields.pop("made_by", None) or engagement.owner or make_manager()
    defaults: dict[str, Any] = {
        "number": engagement.sizings.count() + 1,
        "needs": {"users": 1000, "messages": 50, "size": 75, "quota": 1000, "growth": 10},
        "assumptions": written(as_delivered()),
        "currency": "EUR",
        "reason": "First planning",
        "made_at": NINE,
    }
    return Sizing.objects.create(made_by=by, **_of(engagement), **defaults | fields)


def make_catalogue_version(**fields: Any) -> CatalogueVersion:
    by = fields.pop("made_by", None) or make_manager()
    defaults = {"subject": "planning", "version": 1, "text": "node = 5000", "made_at": NINE}
    return CatalogueVersion.objects.create(made_by=by, **defaults | fields)


def make_step(engagement: Engagement, **fields: Any) -> Step:
    """Of the run book, ours, open."""
    defaults: dict[str, Any] = {
        "book": Book.RUN_BOOK,
        "place": 10 * (engagement.steps.count() + 1),
        "section": "Hosts",
        "title": "Racked and cabled",
        "owner": "Team",
    }
    return Step.objects.create(**_of(engagement), **defaults | fields)


def make_cut_over(engagement: Engagement, **fields: Any) -> CutOver:
    """Planned for four hours, a week from nine on."""
    defaults: dict[str, Any] = {
        "starts_at": NINE + days(7),
        "until": NINE + days(7) + hours(4),
        "stop_contact": "Ana Pop, +40 721 000 000",
        "planned_by": fields.pop("planned_by", None) or engagement.owner or make_manager(),
        "planned_at": NINE,
    }
    return CutOver.objects.create(**_of(engagement), **defaults | fields)


def make_round(engagement: Engagement, **fields: Any) -> GoNoGo:
    """Called, with nobody named yet."""
    defaults: dict[str, Any] = {
        "number": engagement.rounds.count() + 1,
        "meets_at": NINE + days(6),
        "called_by": fields.pop("called_by", None) or engagement.owner or make_manager(),
        "called_at": NINE,
    }
    return GoNoGo.objects.create(**_of(engagement), **defaults | fields)


def make_criterion(one: GoNoGo, **fields: Any) -> Criterion:
    defaults: dict[str, Any] = {"place": 10 * (one.criteria.count() + 1), "text": "Backup is fresh"}
    return Criterion.objects.create(round=one, **_of(one.engagement), **defaults | fields)


def make_go_vote(one: GoNoGo, **fields: Any) -> Vote:
    """Asked for, and not given."""
    person = fields.pop("person", None) or one.engagement.requested_by
    defaults: dict[str, Any] = {"role": "Head of IT", "person": person}
    return Vote.objects.create(round=one, **_of(one.engagement), **defaults | fields)
