"""What the tables of this room hold about people, and what an erasure does to it."""

from __future__ import annotations

from django.db.models import Q

from core.personal import Held, harmless, hold
from engagements.models import (
    Certificate,
    Criterion,
    CutOver,
    DiaryEntry,
    DocumentVersion,
    Engagement,
    FeatureRequest,
    GoNoGo,
    Member,
    Message,
    Registration,
    Requirements,
    Risk,
    SettingChange,
    Sizing,
    Step,
    TrainingFeedback,
    Visit,
    Vote,
)

hold(
    Held(
        "engagements.Engagement",
        "Engagements",
        own=lambda person: Engagement.objects.filter(Q(requested_by=person) | Q(owner=person)),
        blot=("title", "summary", "light_reason", "end_reason"),
        day="requested_at",
    ),
    Held(
        "engagements.Member",
        "Part in engagements",
        own=lambda person: Member.objects.filter(person=person),
        blot=("part",),
        day="joined_at",
    ),
    Held(
        "engagements.Message",
        "Messages on engagements",
        own=lambda person: Message.objects.filter(author=person),
        texts={"body": "", "html": "", "quoted": ""},
        blot=("body", "html", "quoted"),
        day="sent_at",
    ),
    Held("engagements.MessageFile", "Files on engagements", file="file", blot=("name",)),
    Held("engagements.Task", "Tasks", blot=("title",)),
    Held(
        "engagements.Risk",
        "Risks",
        own=lambda person: Risk.objects.filter(noted_by=person),
        blot=("what", "answer"),
        day="noted_at",
    ),
    Held("engagements.Document", "Documents", blot=("title",), day="made_at"),
    Held(
        "engagements.DocumentVersion",
        "Versions of documents",
        own=lambda person: DocumentVersion.objects.filter(verdict_by=person),
        blot=("name", "note", "signed_name", "remarks"),
        file="file",
        day="sent_at",
    ),
)

harmless("engagements.Engagement", "made by the desk", "number", "basis")
harmless("engagements.Promise", "moments", "moves")
harmless("engagements.Message", "of a mail, or one of a list", "message_id", "proof")
harmless("engagements.MessageFile", "a digest", "sha256")
harmless("engagements.DocumentVersion", "a digest", "sha256")
harmless("engagements.Phase", "of the plan, as managers write it", "name")
harmless("engagements.PlanVersion", "a plan, no customer's", "phases")
hold(
    Held("engagements.VisitRequest", "Requests of visits", blot=("place", "why_on_site", "wishes")),
    Held(
        "engagements.Visit",
        "Visits on site",
        own=lambda person: Visit.objects.filter(
            Q(proposed_by=person) | Q(answered_by=person) | Q(visitors__person=person)
        ),
        blot=("words", "summary", "advice"),
        day="proposed_at",
    ),
    Held(
        "engagements.DiaryEntry",
        "Diaries of visits",
        own=lambda person: DiaryEntry.objects.filter(by=person),
        blot=("what",),
        day="noted_at",
    ),
)
hold(
    Held(
        "engagements.TrainingCourse",
        "Courses of the technical training",
        blot=("name", "summary", "audience"),
    ),
    Held("engagements.CourseMaterial", "Files of courses", blot=("name", "change")),
    Held(
        "engagements.TrainingSession",
        "Training sessions",
        blot=("place", "link", "cancelled_for"),
    ),
    Held(
        "engagements.Registration",
        "Trainings that they took part in",
        own=lambda person: Registration.objects.filter(person=person),
        blot=("name", "email", "basis", "goodwill"),
        day="registered_at",
    ),
    Held(
        "engagements.TrainingFeedback",
        "What they said of trainings",
        own=lambda person: TrainingFeedback.objects.filter(registration__person=person),
        blot=("words",),
        texts={"words": ""},
        day="at",
    ),
    Held(
        "engagements.Certificate",
        "Their certificates",
        own=lambda person: Certificate.objects.filter(registration__person=person),
        blot=("holder", "trainer_name", "revoked_for"),
        day="issued_at",
    ),
)
harmless("engagements.TrainingCourse", "subjects and an agenda", "key", "covers", "agenda")
harmless(
    "engagements.CourseMaterial",
    "a random address and path, a type, a digest",
    *("token", "file", "content_type", "sha256"),
)
harmless("engagements.TrainingSession", "a zone, a language", "timezone", "language")
harmless("engagements.Certificate", "a random number, a course", "number", "course_name", "covers")

hold(
    Held(
        "engagements.FeatureRequest",
        "Requests of features",
        own=lambda person: FeatureRequest.objects.filter(
            Q(engagement__requested_by=person) | Q(judged_by=person)
        ),
        blot=("goal", "today", "without", "necessity", "security", "redundancy")
        + ("explanation", "release", "advice"),
        day="judged_at",
    ),
)
harmless("engagements.RoadmapItem", "about the product, no customer's", "title", "text", "release")
hold(
    Held(
        "engagements.Audit",
        "Audits: who permits them, who says stop",
        blot=("permitted_by", "stop_contact", "rollback"),
        day="agreed_at",
    ),
    Held("engagements.AuditCase", "Cases of audits", blot=("title", "procedure", "expectation")),
    Held("engagements.AuditRun", "What came of the cases of audits", blot=("observed",)),
    Held("engagements.AuditEvidence", "Evidence of audits", file="file", blot=("name",)),
    Held(
        "engagements.AuditFinding",
        "Findings of audits",
        blot=("title", "recommendation", "owner", "accepted_by", "accepted_for"),
        day="found_at",
    ),
)
harmless("engagements.AuditEvidence", "a digest", "sha256")
harmless("engagements.LibraryCase", "no customer's", "title", "procedure", "expectation")

hold(
    Held(
        "engagements.Requirements",
        "Requirements of GoLive projects",
        own=lambda person: Requirements.objects.filter(filled_by=person),
        blot=("values",),
        day="filled_at",
    ),
    Held(
        "engagements.SettingChange",
        "Registers of settings",
        own=lambda person: SettingChange.objects.filter(by=person),
        blot=("reason",),
        day="set_at",
    ),
)
harmless(
    "engagements.SettingChange",
    "of a machine",
    *("host", "module", "setting", "before", "after"),
)

hold(
    Held(
        "engagements.Sizing",
        "System plannings",
        own=lambda person: Sizing.objects.filter(made_by=person),
        blot=("advice", "reason"),
        day="made_at",
    ),
)
harmless("engagements.Sizing", "numbers", "needs", "assumptions", "ours", "currency")
harmless("engagements.CatalogueVersion", "about the product, no customer's", "text")
hold(
    Held(
        "engagements.Step",
        "Steps of run books and cut-overs",
        own=lambda person: Step.objects.filter(done_by=person),
        blot=("title", "section", "owner", "expectation", "remark"),
        day="done_at",
    ),
    Held(
        "engagements.CutOver",
        "Cut-overs: who may stop them",
        own=lambda person: CutOver.objects.filter(planned_by=person),
        blot=("stop_contact", "end_reason"),
        day="planned_at",
    ),
    Held(
        "engagements.GoNoGo",
        "Go / no-go decisions",
        own=lambda person: GoNoGo.objects.filter(Q(called_by=person) | Q(decided_by=person)),
        blot=("reason",),
        day="called_at",
    ),
    Held(
        "engagements.Criterion",
        "Criteria of go / no-go",
        own=lambda person: Criterion.objects.filter(checked_by=person),
        blot=("text", "remark"),
        day="checked_at",
    ),
    Held(
        "engagements.Vote",
        "Votes of go / no-go",
        own=lambda person: Vote.objects.filter(person=person),
        blot=("role", "reason", "signed_name"),
        day="voted_at",
    ),
)
