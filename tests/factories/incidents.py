"""The work."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.base import ContentFile

from accounts.models import Person
from core.journal import label
from entitlements.enums import Channel
from mailroom.enums import MailOutcome
from mailroom.models import InboundMail
from resources.models import Defect
from telephone.enums import Direction
from telephone.models import Call, CallBack, PhoneNumber
from tests.factories.base import NINE, hours, numbers
from tests.factories.contracts import make_calendar, make_decision, make_level, make_service
from tests.factories.people import make_contact, make_engineer, make_organisation
from tickets.enums import DraftKind, MeantFor, MessageKind, State
from tickets.models import (
    Aside,
    AsideMember,
    AsideMessage,
    Attachment,
    CannedAnswer,
    Cause,
    Dispatch,
    Draft,
    DraftFile,
    EngineerProfile,
    EscalationRequest,
    Follower,
    HandledRequest,
    Handover,
    Incident,
    InternalTarget,
    Merge,
    Message,
    OwedRedispatch,
    Participant,
    Rating,
    ResponseTarget,
    SavedView,
    Seen,
    Solution,
    Tag,
    TargetWarning,
    TierTargetVersion,
    Worked,
)


def make_incident(**fields: Any) -> Incident:
    """Filed at nine in the portal and served by Premium; `level=None`: not covered.

    No message and no target come with it: see `make_message` and `make_target`.
    """
    organisation = fields.pop("organisation", None)
    if organisation is None:
        organisation = (
            fields["reporter"].organisation if "reporter" in fields else make_organisation()
        )
    received_at = fields.setdefault("received_at", NINE)
    decided = {"level": fields.pop("level")} if "level" in fields else {}
    defaults = {
        "number": f"AX-2026-9{next(numbers):05d}",
        "reporter": fields.pop("reporter", None) or make_contact(organisation),
        "service": fields.pop("service", None) or make_service(),
        "decision": fields.pop("decision", None)
        or make_decision(organisation, at=received_at, **decided),
        "channel": Channel.PORTAL,
        "subject": "IMAP stops answering",
    }
    if fields.get("state") in (State.SOLVED, State.CLOSED):
        defaults["solved_at"] = received_at + hours(5)
    if fields.get("state") == State.CLOSED:
        defaults["closed_at"] = received_at + hours(8)
    return Incident.objects.create(organisation=organisation, **defaults | fields)


def make_message(incident: Incident | None = None, **fields: Any) -> Message:
    """The reporter's words, at nine."""
    incident = incident or make_incident()
    defaults = {
        "author": incident.reporter,
        "kind": MessageKind.REPORT,
        "body": "It stopped this morning.",
        "sent_at": NINE,
    }
    return Message.objects.create(
        incident=incident, organisation_id=incident.organisation_id, **defaults | fields
    )


def make_canned(**fields: Any) -> CannedAnswer:
    """An engineer's own."""
    owner = fields.pop("owner", None) or make_engineer()
    defaults = {"title": "Hello", "text": "Hello,", "meant_for": MeantFor.ME, "kept_at": NINE}
    return CannedAnswer.objects.create(owner=owner, kept_by=owner, **defaults | fields)


def make_saved_view(**fields: Any) -> SavedView:
    """An engineer's own."""
    owner = fields.pop("owner", None) or make_engineer()
    defaults: dict[str, Any] = {
        "name": "Urgent",
        "words": "priority:critical",
        "meant_for": MeantFor.ME,
    }
    if fields.get("meant_for", MeantFor.ME) == MeantFor.ME:
        defaults["owner"] = owner
    return SavedView.objects.create(kept_by=owner, kept_at=NINE, **defaults | fields)


def make_draft(incident: Incident | None = None, **fields: Any) -> Draft:
    """An answer that somebody began, saved once."""
    incident = incident or make_incident()
    person = fields.pop("person", None) or make_engineer()
    defaults = {"kind": DraftKind.ANSWER, "body": "Please look at", "saved_at": NINE}
    return Draft.objects.create(
        incident=incident,
        organisation_id=incident.organisation_id,
        person=person,
        **defaults | fields,
    )


def make_draft_file(draft: Draft | None = None, **fields: Any) -> DraftFile:
    draft = draft or make_draft()
    content: bytes = fields.pop("content", b"imap: connection refused\n")
    defaults = {
        "file": ContentFile(content, name="imap.log"),
        "name": "imap.log",
        "size": len(content),
        "added_at": NINE,
    }
    return DraftFile.objects.create(
        draft=draft, organisation_id=draft.organisation_id, **defaults | fields
    )


def make_attachment(message: Message | None = None, **fields: Any) -> Attachment:
    """A file on the disk of `MEDIA_ROOT`, which tests keep in a folder of their own."""
    message = message or make_message()
    content: bytes = fields.pop("content", b"imap: connection refused\n")
    defaults = {
        "file": ContentFile(content, name="imap.log"),
        "name": "imap.log",
        "content_type": "text/plain",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "sent_at": NINE,
    }
    return Attachment.objects.create(
        message=message, organisation_id=message.organisation_id, **defaults | fields
    )


def make_target(incident: Incident | None = None, **fields: Any) -> ResponseTarget:
    """Open since nine, due at three in the afternoon."""
    incident = incident or make_incident()
    level = incident.decision.level or make_level()
    defaults = {
        "cycle": incident.targets.count() + 1,
        "level": level,
        "calendar": level.calendar,
        "target": level.response_time,
        "opened_at": NINE,
        "due_at": NINE + hours(6),
    }
    target = ResponseTarget.objects.create(
        incident=incident, organisation_id=incident.organisation_id, **defaults | fields
    )
    incident.refresh_from_db(fields=["due_at"])  # which the database has just written
    return target


def make_warning(target: ResponseTarget | None = None, **fields: Any) -> TargetWarning:
    target = target or make_target()
    defaults = {"percent": 75, "due_at": NINE + hours(4.5)}
    return TargetWarning.objects.create(
        target=target, organisation_id=target.organisation_id, **defaults | fields
    )


def make_call(incident: Incident | None = None, **fields: Any) -> Call:
    """The reporter called at ten, for seven minutes."""
    incident = incident or make_incident()
    defaults = {
        "contact": incident.reporter,
        "number": "+40215550100",
        "direction": Direction.IN,
        "minutes": 7,
        "by": fields.pop("by", None) or make_engineer(),
        "logged_at": NINE + hours(1),
    }
    return Call.objects.create(
        incident=incident, organisation_id=incident.organisation_id, **defaults | fields
    )


def make_call_back(contact: Person | None = None, **fields: Any) -> CallBack:
    """Asked for at nine in the portal, at once: promised by a quarter past."""
    contact = contact or make_contact()
    assert contact.organisation is not None
    asked_at = fields.setdefault("asked_at", NINE)
    owed_at = fields.setdefault("owed_at", fields.get("slot_at") or asked_at)
    due_at = fields.setdefault("due_at", owed_at + hours(0.25))
    if fields.get("claimed_by"):
        fields.setdefault("claimed_at", owed_at)
    defaults = {
        "asked_by": contact,
        "through": "portal",
        "number": "+40722123456",
        "next_at": due_at,
    }
    return CallBack.objects.create(
        contact=contact, organisation=contact.organisation, **defaults | fields
    )


def make_phone_number(person: Person | None = None, **fields: Any) -> PhoneNumber:
    """Of a contact; `organisation` with `person=None` makes one of an exchange."""
    if "organisation" not in fields:
        person = person or make_contact()
        fields["organisation"] = person.organisation
    defaults = {"number": f"+4021555{next(numbers):04d}", "added_at": NINE}
    by = fields.pop("added_by", None) or make_engineer()
    return PhoneNumber.objects.create(person=person, added_by=by, **defaults | fields)


def make_handover(incident: Incident | None = None, **fields: Any) -> Handover:
    """TS1 to TS2, with all that TS2 needs (X1). The incident's tier stays as it is."""
    incident = incident or make_incident()
    defaults = {
        "from_tier": 1,
        "to_tier": 2,
        "reason": "It needs the debugger.",
        "tried": "A restart, and a new certificate.",
        "reproduction": "Sign in with 200 sessions at once.",
        "environment": "AXIGEN 10.5 on Debian 12.",
        "by": fields.pop("by", None) or make_engineer(),
        "at": NINE,
    }
    return Handover.objects.create(
        incident=incident, organisation_id=incident.organisation_id, **defaults | fields
    )


def make_escalation_request(incident: Incident | None = None, **fields: Any) -> EscalationRequest:
    """Asked by the reporter at nine, not answered yet."""
    incident = incident or make_incident()
    defaults = {"reason": "All mail stands still.", "asked_by": incident.reporter, "asked_at": NINE}
    return EscalationRequest.objects.create(
        incident=incident, organisation_id=incident.organisation_id, **defaults | fields
    )


def make_defect(**fields: Any) -> Defect:
    """Recorded at nine, not fixed."""
    by = fields.pop("recorded_by", None) or make_engineer(role="ts3")
    defaults = {
        "number": f"AX-{next(numbers)}",
        "title": "IMAP stops with 200 sessions",
        "recorded_by": by,
        "recorded_at": NINE,
    }
    if fields.get("fixed_at"):
        fields.setdefault("state", "fixed")
    return Defect.objects.create(**defaults | fields)


def make_tier_target(tier: int = 2, **fields: Any) -> TierTargetVersion:
    """The newest of the tier: eight working hours, Monday to Friday 08:00 to 17:00 in Berlin."""
    calendar = fields.pop("calendar", None) or make_calendar().calendar
    version = TierTargetVersion.objects.filter(tier=tier).count() + 1
    defaults = {"version": version, "target": hours(8), "made_at": NINE}
    return TierTargetVersion.objects.create(tier=tier, calendar=calendar, **defaults | fields)


def make_internal_target(incident: Incident | None = None, **fields: Any) -> InternalTarget:
    """Of TS2: open since nine, due at five in the afternoon, warned at three."""
    incident = incident or make_incident(tier=2)
    rule = fields.pop("rule", None) or make_tier_target(incident.tier)
    defaults = {
        "tier": incident.tier,
        "calendar": fields.pop("calendar", None) or make_calendar(),
        "target": rule.target,
        "opened_at": NINE,
        "due_at": NINE + hours(8),
        "warn_at": NINE + hours(6),
    }
    return InternalTarget.objects.create(
        incident=incident,
        organisation_id=incident.organisation_id,
        rule=rule,
        **defaults | fields,
    )


def make_mail(**fields: Any) -> InboundMail:
    """A stored mail of an unknown sender, kept for a human."""
    n = next(numbers)
    raw = fields.pop("raw", b"From: a@stranger.example\nSubject: Hello\n\nHello?\n")
    defaults = {
        "sha256": hashlib.sha256(raw).hexdigest(),
        "size": len(raw),
        "message_id": f"<mail{n}@stranger.example>",
        "sender": "a@stranger.example",
        "subject": "Hello",
        "received_at": NINE,
        "handled_at": NINE,
        "outcome": MailOutcome.HELD,
        "reason": "Nobody here has this address.",
    }
    return InboundMail.objects.create(raw=raw, **defaults | fields)


def make_handled_request(incident: Incident | None = None, **fields: Any) -> HandledRequest:
    incident = incident or make_incident()
    defaults = {
        "person": incident.reporter,
        "key": f"key-{next(numbers)}",
        "digest": "0" * 64,
        "made": label(incident),
        "at": NINE,
    }
    return HandledRequest.objects.create(
        organisation_id=incident.organisation_id, **defaults | fields
    )


def make_profile(person: Person | None = None, **fields: Any) -> EngineerProfile:
    services = fields.pop("services", ())
    profile = EngineerProfile.objects.create(person=person or make_engineer(), **fields)
    profile.services.set(services)
    return profile


def make_owed_redispatch(incident: Incident | None = None, **fields: Any) -> OwedRedispatch:
    incident = incident or make_incident(owner=make_engineer())
    if "owner" not in fields:
        fields["owner"] = incident.owner or make_engineer()
    return OwedRedispatch.objects.create(
        target=incident.targets.first() or make_target(incident),
        organisation_id=incident.organisation_id,
        **{"reason": "It was late.", "owed_at": NINE} | fields,
    )


def make_dispatch(incident: Incident | None = None, **fields: Any) -> Dispatch:
    incident = incident or make_incident()
    if "to" not in fields:
        fields["to"] = incident.owner or make_engineer()
    return Dispatch.objects.create(
        incident=incident, organisation_id=incident.organisation_id, **{"at": NINE} | fields
    )


def make_participant(incident: Incident | None = None, **fields: Any) -> Participant:
    incident = incident or make_incident()
    defaults = {"joined_at": NINE}
    if "person" not in fields:
        fields["person"] = make_contact(incident.organisation)
    return Participant.objects.create(
        incident=incident, organisation_id=incident.organisation_id, **defaults | fields
    )


def make_follower(incident: Incident | None = None, **fields: Any) -> Follower:
    incident = incident or make_incident()
    defaults = {"since_at": NINE}
    if "person" not in fields:
        fields["person"] = make_engineer()
    return Follower.objects.create(
        incident=incident, organisation_id=incident.organisation_id, **defaults | fields
    )


def make_aside(incident: Incident | None = None, **fields: Any) -> Aside:
    """Begun at nine by an engineer, with nobody and no words yet."""
    incident = incident or make_incident()
    if "opened_by" not in fields:
        fields["opened_by"] = make_engineer()
    defaults = {"topic": "Is it the index?", "opened_at": NINE}
    return Aside.objects.create(
        incident=incident, organisation_id=incident.organisation_id, **defaults | fields
    )


def make_aside_member(aside: Aside | None = None, **fields: Any) -> AsideMember:
    aside = aside or make_aside()
    defaults = {"person": aside.opened_by, "joined_at": NINE}
    return AsideMember.objects.create(
        aside=aside, organisation_id=aside.organisation_id, **defaults | fields
    )


def make_aside_message(aside: Aside | None = None, **fields: Any) -> AsideMessage:
    aside = aside or make_aside()
    defaults = {"author": aside.opened_by, "body": "Is it the index?", "sent_at": NINE}
    return AsideMessage.objects.create(
        aside=aside, organisation_id=aside.organisation_id, **defaults | fields
    )


def make_merge(source: Incident | None = None, **fields: Any) -> Merge:
    """Merged at ten into another of the customer, and taken out again at eleven."""
    source = source or make_incident()
    into = fields.pop("into", None) or make_incident(organisation=source.organisation)
    by = fields.pop("by", None) or make_engineer()
    defaults = {
        "state": source.state,
        "at": NINE + hours(1),
        "undone_at": NINE + hours(2),
        "undone_by": by,
    }
    return Merge.objects.create(
        source=source,
        into=into,
        by=by,
        organisation_id=source.organisation_id,
        **defaults | fields,
    )


def make_cause(key: str = "configuration", **fields: Any) -> Cause:
    """One of the shipped ones, which are there unless a test emptied the tables."""
    return Cause.objects.get_or_create(key=key, defaults={"name": key.capitalize()} | fields)[0]


def make_solution(incident: Incident | None = None, **fields: Any) -> Solution:
    """Registered in the afternoon."""
    incident = incident or make_incident(state=State.SOLVED)
    defaults = {"text": "The snapshot was moved to 03:00.", "at": NINE + hours(5)}
    by = fields.pop("by", None) or make_engineer()
    return Solution.objects.create(
        incident=incident, organisation_id=incident.organisation_id, by=by, **defaults | fields
    )


def make_worked(incident: Incident | None = None, **fields: Any) -> Worked:
    """A quarter of an hour of an engineer's."""
    incident = incident or make_incident()
    defaults = {"minutes": 15, "at": NINE}
    if "person" not in fields:
        fields["person"] = make_engineer()
    return Worked.objects.create(
        incident=incident, organisation_id=incident.organisation_id, **defaults | fields
    )


def make_tag(incident: Incident | None = None, **fields: Any) -> Tag:
    """A word of an engineer's."""
    incident = incident or make_incident()
    by = fields.pop("by", None) or make_engineer()
    return Tag.objects.create(
        incident=incident,
        organisation_id=incident.organisation_id,
        by=by,
        **{"name": "webmail", "at": NINE} | fields,
    )


def make_seen(incident: Incident | None = None, **fields: Any) -> Seen:
    """Somebody of the staff has read all that was said so far."""
    incident = incident or make_message().incident
    person = fields.pop("person", None) or make_engineer()
    last = Incident.objects.values_list("last_message_id", flat=True).get(pk=incident.pk)
    defaults = {"upto": last or 1, "at": NINE + hours(1)}
    return Seen.objects.create(
        incident=incident,
        organisation_id=incident.organisation_id,
        person=person,
        **defaults | fields,
    )


def make_rating(incident: Incident | None = None, **fields: Any) -> Rating:
    incident = incident or make_incident(state=State.SOLVED)
    defaults = {"score": 4, "given_at": NINE + hours(6)}
    return Rating.objects.create(
        incident=incident, organisation_id=incident.organisation_id, **defaults | fields
    )
