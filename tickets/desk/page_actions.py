"""What can be done to an incident on its page: who is offered it, its form, its action."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.models import Person
from entitlements.actions import packs
from notices.sending.delivery import retry
from resources.policies import may_see_defects
from tickets import policies
from tickets.actions import (
    conversation,
    defects,
    following,
    goodwill,
    lifecycle,
    limits,
    merging,
    putting_right,
    sending,
    splitting,
)
from tickets.actions.dispatch import ownership
from tickets.actions.ladder import escalation, escalation_requests
from tickets.actions.mentioning import mentions_in
from tickets.actions.putting_right import RightFacts
from tickets.actions.sending import Said
from tickets.actions.tags import set_tags
from tickets.actions.worked import note_minutes
from tickets.desk.sending import held_in_words
from tickets.enums import UNFINISHED, State, TextFormat, Tier
from tickets.forms import staff
from tickets.forms.defects import LinkDefectForm
from tickets.forms.ending import CloseForm, StateForm, moves_of
from tickets.forms.limits import OutsideForm
from tickets.forms.putting_right import MergeForm, PutRightForm, SplitForm
from tickets.forms.tags import TagsForm
from tickets.forms.worked import MinutesForm
from tickets.models import Incident
from tickets.reads.escalation_asked import asked_to_go_up
from tickets.reads.following import is_follower
from tickets.reads.worked import hours_words

Asked = dict[str, Any]


@dataclass(frozen=True)
class PageAction:
    """`may` says who, `fits` when; `do` calls the action and gives what the page says then."""

    name: str
    form: type[staff.ActionForm]
    may: Callable[[Person, Incident], bool]
    fits: Callable[[Incident, Person], bool]
    do: Callable[[Incident, Person, datetime, Asked], str]


def _answer(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    held = sending.answer_soon(incident, Said(**asked), author=by, at=at)
    if held is None:
        return f"Your answer is on its way to {incident.reporter}."
    return held_in_words(held)


def _note(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    conversation.note(incident, author=by, at=at, format=TextFormat.MARKDOWN, **asked)
    found = mentions_in(asked["body"], incident, author=by)
    words = ["Your note was added. The customer does not see it."]
    if found.told:
        words.append(f"Told: {_names(found.told)}.")
    if found.unseen:
        words.append(f"Not told, since they may not see this incident: {_names(found.unseen)}.")
    return " ".join(words)


def _names(people: Sequence[Person]) -> str:
    return ", ".join(str(one) for one in people)


def _follow(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    following.follow(incident, by=by, at=at)
    return f"You follow {incident.number}: what is said on it stands in your bell."


def _unfollow(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    following.unfollow(incident, by=by, at=at)
    return f"You do not follow {incident.number} any more."


def _take(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    taken = ownership.take(incident, by=by, at=at)
    if policies.works_above(by):
        talks = taken.owner or "Nobody yet"
        return f"You work on {incident.number}. {talks} talks to the customer."
    return f"{incident.number} is yours."


def _accept_it(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    ownership.accept(incident, by=by, at=at)
    return f"{incident.number} stays with you. The customer is still owed your answer."


def _assign(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    ownership.assign(incident, by=by, at=at, **asked)
    if policies.works_above(asked["to"]):
        return f"{asked['to']} works on {incident.number} now. Its owner stays."
    return f"{incident.number} is {asked['to']}'s now."


def _release(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    is_work = incident.worker_id == by.pk
    released = ownership.release(incident, by=by, at=at, **asked)
    if is_work:
        return f"{released.worker or 'Nobody yet'} works on {incident.number} now."
    return f"{incident.number} is {released.owner}'s now."


def _prioritise(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    ownership.set_priority(incident, by=by, at=at, **asked)
    return "The priority was changed. The promise to the customer stays as it is."


def _escalate(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    handover = escalation.escalate(incident, by=by, at=at, **asked)
    return f"Escalated to {handover.get_to_tier_display()}. The owner still talks to the customer."


def _decline_escalation(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    escalation_requests.decline_escalation(incident, by=by, at=at, **asked)
    return "Declined. Your answer is on its way to who asked."


def _give_back(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    handover = escalation.give_back(incident, by=by, at=at, **asked)
    return f"Given back to {handover.get_to_tier_display()}."


def _link_defect(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    defect = defects.link_defect(incident, by=by, at=at, **asked)
    if defect.fixed_at is not None:
        return f"{defect.number} is fixed in {defect.fixed_in}. Tell the customer what to do now."
    return f"It comes from {defect.number}. Its owner is notified when that is fixed."


def _unlink_defect(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    defects.unlink_defect(incident, by=by, at=at)
    return "No known defect is named any more."


def _merge(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    merged = merging.merge(incident, by=by, at=at, **asked)
    return f"Merged: {incident.number} goes on in {merged.into.number}. No customer was mailed."


def _split(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    made = splitting.split(incident, by=by, at=at, **asked)
    return f"It goes on as {made.number}. {made.reporter} is told."


def _put_right(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    reason = asked.pop("reason")
    right = putting_right.put_right(incident, RightFacts(**asked), by=by, at=at, reason=reason)
    level = right.decision.level
    return f"Put right. {level.get_level_display() if level else 'Nothing'} serves it."


def _outside(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    limits.say_outside(incident, by=by, at=at, **asked)
    return f"{incident.number} is outside the limits. {incident.reporter} gets your words."


def _undo_merge(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    undone = merging.undo_merge(incident, by=by, at=at)
    said = f"{incident.number} goes on by itself again. It owes its answer when it did before."
    if undone.without_gold:
        said += " Its Gold incident was spent elsewhere, so the next best level serves it."
    return said


def _tag(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    found = set_tags(incident, names=asked["tags"], by=by, at=at)
    return f"Tagged {', '.join(found)}." if found else "It has no tag any more."


def _note_minutes(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    noted = note_minutes(incident, by=by, at=at, **asked)
    return f"Noted: you worked {hours_words(noted)} on {incident.number}."


def _close(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    lifecycle.close(incident, by=by, at=at, **asked)
    return f"{incident.number} is closed."


def _set_state(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    to = asked.pop("to")
    if to == State.CLOSED:
        return _close(incident, by, at, asked)
    if to == State.WAITING:
        lifecycle.wait_for_customer(incident, by=by, at=at)
        return f"{incident.number} waits for the customer."
    if incident.state not in UNFINISHED:
        return _reopen(incident, by, at, {})
    lifecycle.go_on(incident, by=by, at=at)
    return f"{incident.number} is open: we go on."


def _reopen(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    lifecycle.reopen(incident, by=by, at=at)
    return f"{incident.number} is open again."


def _accept(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    accepted = goodwill.accept(incident, by=by, at=at, **asked)
    return f"Accepted out of goodwill, as {accepted.decision.level}. Its clock runs from now."


def _decline(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    goodwill.decline(incident, by=by, at=at, **asked)
    return f"{incident.number} is closed. Your answer is on its way to {incident.reporter}."


def _send_again(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    retry(asked["notice"], by=by, at=at)
    return f"It is sent to {asked['notice'].recipient} again now."


def _refund(incident: Incident, by: Person, at: datetime, asked: Asked) -> str:
    packs.refund(incident, by=by, at=at, **asked)
    return "The Gold incident was given back to its pack."


def _is_fresh_and_theirs(incident: Incident, person: Person) -> bool:
    return incident.state == State.NEW and incident.owner_id == person.pk


def _is_to_take(incident: Incident, person: Person) -> bool:
    """The customer for TS1, the work for TS2 and TS3 (X1)."""
    if policies.works_above(person):
        return incident.state in UNFINISHED and incident.worker_id != person.pk
    return incident.state != State.CLOSED and incident.owner_id != person.pk


def _follows(incident: Incident, person: Person) -> bool:
    return not _has_it(incident, person) and is_follower(incident, person)


def _can_follow(incident: Incident, person: Person) -> bool:
    return not _has_it(incident, person) and not is_follower(incident, person)


def _has_it(incident: Incident, person: Person) -> bool:
    """Whose it is follows it anyway."""
    return person.pk in (incident.owner_id, incident.worker_id)


def _may_be_outside(incident: Incident, person: Person) -> bool:
    """What nothing covers is declined instead."""
    is_covered = incident.decision.level_id is not None
    return is_covered and incident.state != State.CLOSED and incident.outside_at is None


def _moves(incident: Incident, person: Person) -> bool:
    """What owes an answer moves by that answer."""
    return _not_merged(incident, person) and bool(moves_of(incident))


def _not_merged(incident: Incident, person: Person) -> bool:
    return incident.merged_into_id is None


def _is_merged(incident: Incident, person: Person) -> bool:
    return incident.merged_into_id is not None


def _not_closed(incident: Incident, person: Person) -> bool:
    return incident.state != State.CLOSED


def _unfinished(incident: Incident, person: Person) -> bool:
    return incident.state in UNFINISHED


def _is_owned(incident: Incident, person: Person) -> bool:
    has_it = incident.owner_id is not None or incident.worker_id == person.pk
    return incident.state in UNFINISHED and has_it


def _keeps_minutes(incident: Incident, person: Person) -> bool:
    return bool(settings.NOTE_MINUTES)


def _can_go_up(incident: Incident, person: Person) -> bool:
    return incident.state in UNFINISHED and incident.tier < Tier.TS3


def _is_asked_to_go_up(incident: Incident, person: Person) -> bool:
    asked = asked_to_go_up(incident)
    return incident.state in UNFINISHED and asked is not None and asked.answered_at is None


def _can_go_down(incident: Incident, person: Person) -> bool:
    return incident.state in UNFINISHED and incident.tier > Tier.TS1


def _may_have_defect(incident: Incident, person: Person) -> bool:
    return may_see_defects(person)


def _has_defect(incident: Incident, person: Person) -> bool:
    return incident.defect_id is not None and may_see_defects(person)


def _waits_for_goodwill(incident: Incident, person: Person) -> bool:
    return incident.decision.level_id is None and incident.state in UNFINISHED


PAGE_ACTIONS = {
    page_action.name: page_action
    for page_action in (
        PageAction("answer", staff.AnswerForm, policies.may_answer, _not_closed, _answer),
        PageAction(
            "note", staff.NoteForm, policies.may_answer, lambda incident, person: True, _note
        ),
        PageAction("take", staff.ActionForm, policies.may_take, _is_to_take, _take),
        PageAction("follow", staff.ActionForm, policies.may_follow, _can_follow, _follow),
        PageAction("unfollow", staff.ActionForm, policies.may_follow, _follows, _unfollow),
        PageAction("accept", staff.ActionForm, policies.may_take, _is_fresh_and_theirs, _accept_it),
        PageAction("assign", staff.AssignForm, policies.may_assign, _not_closed, _assign),
        PageAction("release", staff.ReleaseForm, policies.may_assign, _is_owned, _release),
        PageAction("priority", staff.PriorityForm, policies.may_answer, _unfinished, _prioritise),
        PageAction("escalate", staff.EscalateForm, policies.may_escalate, _can_go_up, _escalate),
        PageAction(
            "decline-escalation",
            staff.DeclineForm,
            policies.may_decline_escalation,
            _is_asked_to_go_up,
            _decline_escalation,
        ),
        PageAction(
            "give-back", staff.GiveBackForm, policies.may_give_back, _can_go_down, _give_back
        ),
        PageAction("defect", LinkDefectForm, policies.may_answer, _may_have_defect, _link_defect),
        PageAction("no-defect", staff.ActionForm, policies.may_answer, _has_defect, _unlink_defect),
        PageAction("minutes", MinutesForm, policies.may_answer, _keeps_minutes, _note_minutes),
        PageAction("tags", TagsForm, policies.may_answer, lambda incident, person: True, _tag),
        PageAction("close", CloseForm, policies.may_answer, _not_closed, _close),
        PageAction("state", StateForm, policies.may_answer, _moves, _set_state),
        PageAction(
            "reopen",
            staff.ActionForm,
            policies.may_answer,
            lambda incident, person: (
                incident.state not in UNFINISHED and incident.merged_into_id is None
            ),
            _reopen,
        ),
        PageAction("outside", OutsideForm, policies.may_answer, _may_be_outside, _outside),
        PageAction("split", SplitForm, policies.may_merge, _not_merged, _split),
        PageAction("put-right", PutRightForm, policies.may_put_right, _not_merged, _put_right),
        PageAction("merge", MergeForm, policies.may_merge, _not_closed, _merge),
        PageAction("undo-merge", staff.ActionForm, policies.may_merge, _is_merged, _undo_merge),
        PageAction(
            "goodwill",
            staff.GoodwillForm,
            policies.may_accept_goodwill,
            _waits_for_goodwill,
            _accept,
        ),
        PageAction(
            "decline",
            staff.DeclineForm,
            policies.may_accept_goodwill,
            _waits_for_goodwill,
            _decline,
        ),
        PageAction(
            "send-again",
            staff.SendAgainForm,
            policies.may_answer,
            lambda incident, person: True,
            _send_again,
        ),
        PageAction(
            "refund",
            staff.RefundForm,
            policies.may_refund,
            lambda incident, person: incident.decision.pack_id is not None,
            _refund,
        ),
    )
}
