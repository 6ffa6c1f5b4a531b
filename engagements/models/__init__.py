"""What is delivered as a whole and not by the incident: one file a subject."""

from engagements.models.audits import (
    Audit,
    AuditCase,
    AuditEvidence,
    AuditFinding,
    AuditRun,
    LibraryCase,
)
from engagements.models.deployment import Criterion, CutOver, GoNoGo, Step, Vote
from engagements.models.documents import Document, DocumentVersion
from engagements.models.engagements import Engagement, Member
from engagements.models.features import FeatureRequest, RoadmapItem
from engagements.models.golive import Requirements, SettingChange
from engagements.models.planning import CatalogueVersion, Sizing
from engagements.models.plans import Phase, PlanVersion, Promise, Risk, Task
from engagements.models.threads import Message, MessageFile
from engagements.models.training import (
    Attendance,
    Certificate,
    CourseMaterial,
    Registration,
    SessionPart,
    TrainingCourse,
    TrainingFeedback,
    TrainingSession,
)
from engagements.models.visits import DiaryEntry, Visit, Visitor, VisitRequest

__all__ = [
    "Attendance",
    "Audit",
    "AuditCase",
    "AuditEvidence",
    "AuditFinding",
    "AuditRun",
    "CatalogueVersion",
    "Certificate",
    "CourseMaterial",
    "Criterion",
    "CutOver",
    "DiaryEntry",
    "Document",
    "DocumentVersion",
    "Engagement",
    "FeatureRequest",
    "GoNoGo",
    "LibraryCase",
    "Member",
    "Message",
    "MessageFile",
    "Phase",
    "PlanVersion",
    "Promise",
    "Registration",
    "Requirements",
    "Risk",
    "RoadmapItem",
    "SessionPart",
    "SettingChange",
    "Sizing",
    "Step",
    "Task",
    "TrainingCourse",
    "TrainingFeedback",
    "TrainingSession",
    "Visit",
    "VisitRequest",
    "Visitor",
    "Vote",
]
