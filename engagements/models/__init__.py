"""What is delivered as a whole and not by the incident: one file a subject."""

from engagements.models.documents import Document, DocumentVersion
from engagements.models.engagements import Engagement, Member
from engagements.models.plans import Phase, PlanVersion, Promise, Risk, Task
from engagements.models.threads import Message, MessageFile

__all__ = [
    "Document",
    "DocumentVersion",
    "Engagement",
    "Member",
    "Message",
    "MessageFile",
    "Phase",
    "PlanVersion",
    "Promise",
    "Risk",
    "Task",
]
