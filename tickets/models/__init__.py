"""The tables of the incident desk, a file a subject."""

from tickets.models.alarm_policies import AlarmPolicy
from tickets.models.asides import Aside, AsideMember, AsideMessage
from tickets.models.canned import CannedAnswer
from tickets.models.conversation import Attachment, Message, storage_path
from tickets.models.dispatch import (
    Dispatch,
    DispatchRulesVersion,
    EngineerProfile,
    OwedRedispatch,
)
from tickets.models.drafts import Draft, DraftFile
from tickets.models.escalation import EscalationRequest, Handover, HandoverChecklist
from tickets.models.followers import Follower
from tickets.models.incidents import HandledRequest, Incident, Rating
from tickets.models.merges import Merge
from tickets.models.participants import Participant
from tickets.models.saved_views import SavedView
from tickets.models.seen import Seen
from tickets.models.solutions import Cause, Solution
from tickets.models.tags import Tag
from tickets.models.targets import ResponseTarget, TargetWarning
from tickets.models.tiers import InternalTarget, TierTargetVersion
from tickets.models.worked import Worked

__all__ = [
    "AlarmPolicy",
    "Aside",
    "AsideMember",
    "AsideMessage",
    "Attachment",
    "CannedAnswer",
    "Dispatch",
    "Cause",
    "DispatchRulesVersion",
    "Draft",
    "DraftFile",
    "EngineerProfile",
    "EscalationRequest",
    "Follower",
    "HandledRequest",
    "Handover",
    "HandoverChecklist",
    "Incident",
    "InternalTarget",
    "Merge",
    "Message",
    "OwedRedispatch",
    "Participant",
    "Rating",
    "ResponseTarget",
    "SavedView",
    "Seen",
    "Solution",
    "Tag",
    "TargetWarning",
    "TierTargetVersion",
    "Worked",
    "storage_path",
]
