"""What the team and the customer can do on the page of any engagement."""

from __future__ import annotations

from typing import Any

from engagements.actions import documents, planning, requesting, running, talking
from engagements.actions.documents import Draft
from engagements.actions.running import NewRisk, NewTask
from engagements.actions.talking import Words
from engagements.forms import spine
from engagements.forms.acting import Asked, Confirm, PageAction
from engagements.models import Document, DocumentVersion, Member, Phase, Risk, Task

Data = dict[str, Any]


def _take_up(asked: Asked, data: Data) -> str:
    planning.take_up(asked.engagement, **data, **asked.to_do)
    return "Taken up: the plan is laid out, and the customer was notified."


def _decline(asked: Asked, data: Data) -> str:
    requesting.decline(asked.engagement, **data, **asked.to_do)
    return "Declined; the customer reads why."


def _cancel(asked: Asked, data: Data) -> str:
    requesting.cancel(asked.engagement, **data, **asked.to_do)
    return "Cancelled; everybody who takes part was notified."


def _finish(asked: Asked, data: Data) -> str:
    requesting.finish(asked.engagement, **data, **asked.to_do)
    return "Completed; the customer was notified."


def _owner(asked: Asked, data: Data) -> str:
    running.change_owner(asked.engagement, **data, **asked.to_do)
    return f"{data['owner']} answers for it now."


def _join(asked: Asked, data: Data) -> str:
    running.join(asked.engagement, **data, **asked.to_do)
    return f"{data['person']} takes part."


def _leave(asked: Asked, data: Data) -> str:
    running.leave(asked.engagement, person=asked.row.person, **asked.to_do)
    return f"{asked.row.person} does not take part any more."


def _move(asked: Asked, data: Data) -> str:
    planning.move(asked.row, **data, **asked.to_do)
    return "Planned anew. The baseline stays."


def _begin(asked: Asked, data: Data) -> str:
    planning.begin(asked.row, **data, **asked.to_do)
    return ""


def _phase_done(asked: Asked, data: Data) -> str:
    planning.finish(asked.row, **data, **asked.to_do)
    return f"“{asked.row.name}” is finished."


def _add_task(asked: Asked, data: Data) -> str:
    running.add_task(asked.row, NewTask(**data), **asked.to_do)
    return ""


def _do_task(asked: Asked, data: Data) -> str:
    running.do_task(asked.row, **asked.to_do)
    return f"Done: {asked.row.title}"


def _note_risk(asked: Asked, data: Data) -> str:
    running.note_risk(asked.engagement, NewRisk(**data), **asked.to_do)
    return ""


def _close_risk(asked: Asked, data: Data) -> str:
    running.close_risk(asked.row, **asked.to_do)
    return ""


def _light(asked: Asked, data: Data) -> str:
    running.set_light(asked.engagement, **data, **asked.to_do)
    return ""


def _decide(asked: Asked, data: Data) -> str:
    running.decide(asked.engagement, **data, **asked.to_do)
    return "The decision stands in the journal."


def _say(asked: Asked, data: Data) -> str:
    is_ours = not asked.person.is_customer
    words = Words(body=data["body"], files=data["uploads"], is_markdown=is_ours)
    who: Data = {"author": asked.person, "at": asked.at}
    if data.get("internal"):
        talking.note(asked.engagement, words, **who)
        return ""
    talking.say(asked.engagement, words, **who)
    return "Sent."


def _hand_over(asked: Asked, data: Data) -> str:
    documents.hand_over(asked.engagement, Draft(**data), **asked.to_do)
    return "Handed over; the customer was notified."


def _version(asked: Asked, data: Data) -> str:
    document: Document = asked.row
    draft = Draft(title=document.title, **data)
    documents.hand_over(asked.engagement, draft, document=document, **asked.to_do)
    return "Handed over; the customer is asked anew."


def _accept(asked: Asked, data: Data) -> str:
    documents.accept(asked.row, **data, **asked.to_do)
    return "Accepted. Thank you."


def _send_back(asked: Asked, data: Data) -> str:
    documents.send_back(asked.row, **data, **asked.to_do)
    return "Sent back; the team was notified."


OF_THE_TEAM = {
    "take-up": PageAction(
        "Take it up",
        "Take it up",
        spine.TakeUpForm,
        _take_up,
        hint="The plan is laid out from its template; you can move each phase afterwards.",
    ),
    "decline": PageAction("Decline it", "Decline it", spine.ReasonForm, _decline),
    "cancel": PageAction("Cancel it", "Cancel it", spine.ReasonForm, _cancel),
    "finish": PageAction(
        "Complete it",
        "Complete it",
        spine.ReasonForm,
        _finish,
        hint="Sum up what was delivered: the customer reads it.",
    ),
    "owner": PageAction("Another owner", "Save", spine.OwnerForm, _owner),
    "join": PageAction("Somebody takes part", "Add", spine.MemberForm, _join),
    "leave": PageAction("Takes part no more", "Remove", Confirm, _leave, of=Member),
    "move": PageAction("Plan a phase anew", "Plan it so", spine.MoveForm, _move, of=Phase),
    "begin": PageAction("The phase began", "It began", spine.OnForm, _begin, of=Phase),
    "phase-done": PageAction(
        "The phase is finished", "It is finished", spine.OnForm, _phase_done, of=Phase
    ),
    "task": PageAction("A new task", "Add it", spine.TaskForm, _add_task, of=Phase),
    "task-done": PageAction("A task is done", "It is done", Confirm, _do_task, of=Task),
    "risk": PageAction("A new risk", "Note it", spine.RiskForm, _note_risk),
    "risk-closed": PageAction("A risk is over", "Close it", Confirm, _close_risk, of=Risk),
    "light": PageAction("The light", "Save", spine.LightForm, _light),
    "decision": PageAction("A decision", "Write it down", spine.DecisionForm, _decide),
    "say": PageAction("Write to the customer", "Send", spine.SayForm, _say),
    "hand-over": PageAction("Hand over a document", "Hand it over", spine.HandOverForm, _hand_over),
    "version": PageAction(
        "A new version",
        "Hand it over",
        spine.VersionForm,
        _version,
        of=Document,
        hint="What was said of earlier versions stays with them; this one is asked for anew.",
    ),
}
OF_THE_CUSTOMER = {
    "say": PageAction("Write to us", "Send", spine.SayForm, _say),
    "task-done": PageAction("A task is done", "It is done", Confirm, _do_task, of=Task),
    "accept": PageAction(
        "Accept it",
        "Accept it",
        spine.AcceptForm,
        _accept,
        of=DocumentVersion,
        hint="You accept exactly this file. Name, moment and the file's checksum are kept.",
    ),
    "send-back": PageAction(
        "Send it back", "Send it back", spine.SendBackForm, _send_back, of=DocumentVersion
    ),
    "cancel": PageAction("Cancel it", "Cancel it", spine.CancelForm, _cancel),
}
