"""The tables of the incident desk, a file a subject."""

from tickets.models.alarm_policies import AlarmPolicy
from tickets.models.call_backs import CallBack
from tickets.models.calls import Call, PhoneNumber
from tickets.models.conversation import Attachment, Message, storage_path
from tickets.models.defects import Defect
from tickets.models.dispatch import (
    Dispatch,
    DispatchRulesVersion,
    EngineerProfile,
    OwedRedispatch,
)
from tickets.models.escalation import EscalationRequest, Handover, HandoverChecklist
from tickets.models.incidents import HandledRequest, Incident, Rating
from tickets.models.mail import InboundMail
from tickets.models.mailboxes import Mailbox, UnfetchedMail
from tickets.models.participants import Participant
from tickets.models.targets import ResponseTarget, TargetWarning
from tickets.models.tiers import InternalTarget, TierTargetVersion

__all__ = [
    "AlarmPolicy",
    "Attachment",
    "Call",
    "CallBack",
    "Defect",
    "Dispatch",
    "DispatchRulesVersion",
    "EngineerProfile",
    "EscalationRequest",
    "HandledRequest",
    "Handover",
    "HandoverChecklist",
    "InboundMail",
    "Incident",
    "InternalTarget",
    "Mailbox",
    "Message",
    "OwedRedispatch",
    "Participant",
    "PhoneNumber",
    "Rating",
    "ResponseTarget",
    "TargetWarning",
    "TierTargetVersion",
    "UnfetchedMail",
    "storage_path",
]
