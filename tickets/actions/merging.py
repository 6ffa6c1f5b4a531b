"""A duplicate is merged into the incident that it repeats, and that can be undone (G1).

Nothing is copied: the conversation of the remaining incident shows the messages and files of both
in the order of time, where they were written. So no report of a past month changes (F1), nobody is
mailed again, and undoing moves nothing back. Mails and links to the duplicate lead to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from entitlements.actions import packs
from entitlements.enums import EntryKind, RefundReason
from entitlements.models import LedgerEntry
from notices.outbox import notify
from tickets import policies
from tickets.actions import audience, following
from tickets.actions.drafts import move_drafts
from tickets.actions.participants import join_merged, leave_merged
from tickets.actions.promises.carrying import carry_over, end_merged, owe_again
from tickets.actions.promises.targets import abandon_target
from tickets.actions.sending import send_all_held
from tickets.actions.states import finish, restore, unfinish
from tickets.enums import FINISHED, UNFINISHED, MessageKind, State, Tier
from tickets.errors import (
    AnsweredSince,
    MergeCircle,
    MergedAlready,
    MergeFinished,
    MergeItself,
    MergeNotCovered,
    MergeOrganisation,
    MergePrivate,
    MergeWorkedOn,
    NotMerged,
)
from tickets.models import Follower, Incident, Merge


@transaction.atomic
def merge(incident: Incident, *, into: Incident, by: Person, at: datetime) -> Merge:
    """Close `incident` as a duplicate of `into`, which owes the earlier of their two moments.

    Its Gold incident is given back, who followed it follows the other, and the owners are notified;
    no customer is mailed. Errors: `NotAllowed`, `MergeItself`, `MergeOrganisation`, `MergeCircle`,
    `MergedAlready`, `MergeFinished`, `MergeWorkedOn`, `MergeNotCovered`.
    """
    if not (policies.may_merge(by, incident) and policies.may_merge(by, into)):
        raise NotAllowed()
    for either in sorted((incident, into), key=lambda one: one.pk):
        send_all_held(either, at=at)  # it meets the target of the one where it was said
    source, target = _both(incident, into)
    if not (policies.may_merge(by, source) and policies.may_merge(by, target)):
        raise NotAllowed()
    _check(source, target)
    if target.state in FINISHED and source.state in UNFINISHED:
        unfinish(target, by=by, at=at)
    made = Merge(
        organisation_id=source.organisation_id,
        source=source,
        into=target,
        state=source.state,
        solved_at=source.solved_at,
        by=by,
        at=at,
    )
    made.ended = end_merged(source, into=target.number, at=at)
    made.opened = carry_over(made.ended, target, by=by, at=at)
    made.joined = join_merged(source, target, by=by, at=at)
    for one in Follower.objects.filter(incident=source, left_at=None).select_related("person"):
        following.join(target, one.person, at=at)
    made.carried = list(Incident.objects.filter(merged_into=source).values_list("pk", flat=True))
    made.save()
    finish(source, State.CLOSED, by=by, at=at)
    Incident.objects.filter(pk__in=[source.pk, *made.carried]).update(merged_into=target)
    source.merged_into = target
    move_drafts(source, target)  # what somebody is typing goes along, unread by anybody
    if _spent(source):
        reason = f"A duplicate of {target.number}"
        packs.refund(source, kind=RefundReason.DUPLICATE, reason=reason, by=by, at=at)
    record("incident.merged", source, at=at, by=by, rule="G1", into=target.number, merge=made.pk)
    facts = {"source": source.number, "merge": made.pk}
    record("incident.took_in", target, at=at, by=by, rule="G1", **facts)
    _notify(made, "incident_merged", at)
    return made


@dataclass(frozen=True)
class Undone:
    """`without_gold`: its Gold incident was spent elsewhere, so the next best level serves it."""

    merge: Merge
    without_gold: bool


@transaction.atomic
def undo_merge(incident: Incident, *, by: Person, at: datetime) -> Undone:
    """Take a merged incident out again, as it was: it owes its answer at its old due moment.

    A breach that was recorded stays. Its Gold incident is taken back from its pack; where that is
    empty the next best level serves it. Errors: `NotAllowed`, `NotMerged`, `MergedAlready` while
    the other is merged itself, `AnsweredSince` once the other was answered.
    """
    found = Merge.objects.filter(source=incident.pk, undone_at=None).select_related("into").first()
    if found is None:
        raise NotMerged(number=incident.number)
    source, target = _both(incident, found.into)
    if not (policies.may_merge(by, source) and policies.may_merge(by, target)):
        raise NotAllowed()
    if target.merged_into is not None:
        raise MergedAlready(number=target.number, into=target.merged_into.number)
    if _answered_since(target, found.at):
        raise AnsweredSince(number=target.number)
    found.undone_by, found.undone_at = by, at
    found.save(update_fields=["undone_by", "undone_at"])
    source.merged_into = None
    source.save(update_fields=["merged_into"])
    Incident.objects.filter(pk__in=found.carried).update(merged_into=source)
    restore(source, State(found.state), solved_at=found.solved_at, by=by, at=at)
    leave_merged(target, found.joined, by=by, at=at)
    if found.opened is not None and found.opened.met_at is None:
        abandon_target(target, at=at)
    without_gold = _take_gold_back(source, by=by, at=at)
    owe_again(source, found.ended, without_gold=without_gold, at=at)
    facts = {"into": target.number, "merge": found.pk, "without_gold": without_gold}
    record("incident.merge_undone", source, at=at, by=by, rule="G1", **facts)
    facts = {"source": source.number, "merge": found.pk}
    record("incident.let_out", target, at=at, by=by, rule="G1", **facts)
    _notify(found, "incident_merge_undone", at)
    return Undone(found, without_gold)


def _both(one: Incident, other: Incident) -> tuple[Incident, Incident]:
    """Both as they are now, held in the order of their ids: two merges at once never wait in
    a circle."""
    held = Incident.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk, other.pk])
    found = {each.pk: each for each in held.order_by("pk")}
    return found[one.pk], found[other.pk]


def _check(source: Incident, target: Incident) -> None:
    if source.pk == target.pk:
        raise MergeItself(number=source.number)
    if source.organisation_id != target.organisation_id:
        raise MergeOrganisation(number=source.number, other=target.number)
    if target.merged_into_id == source.pk:
        raise MergeCircle(number=source.number, other=target.number)
    for one in (source, target):
        if one.merged_into is not None:
            raise MergedAlready(number=one.number, into=one.merged_into.number)
        if one.state == State.CLOSED:
            raise MergeFinished(number=one.number)
    if not _is_shared(source, target):
        raise MergePrivate(number=source.number, other=target.number)
    _check_work(source, target)


def _is_shared(source: Incident, target: Incident) -> bool:
    """Whether who sees the one may read the other, since merging lets them (F4)."""
    if source.reporter_id == target.reporter_id:
        return source.is_private == target.is_private
    if source.is_private or target.is_private:
        return False
    return all(one.sees_all or not one.is_customer for one in (source.reporter, target.reporter))


def _check_work(source: Incident, target: Incident) -> None:
    if source.tier > Tier.TS1:
        tier = source.get_tier_display()
        raise MergeWorkedOn(number=source.number, other=target.number, tier=tier)
    if source.decision.level_id is not None and target.decision.level_id is None:
        raise MergeNotCovered(number=source.number, other=target.number)


def _spent(incident: Incident) -> bool:
    """Whether a Gold incident is spent on it now, and not given back."""
    last = _ledger(incident)
    return last is not None and last.kind != EntryKind.REFUND


def _take_gold_back(incident: Incident, *, by: Person, at: datetime) -> bool:
    """True where its Gold incident, which merging gave back, is gone meanwhile."""
    last = _ledger(incident)
    if last is None or last.refund_reason != RefundReason.DUPLICATE:
        return False
    return packs.reinstate(last, by=by, at=at) is None


def _ledger(incident: Incident) -> LedgerEntry | None:
    entries = LedgerEntry.objects.filter(incident=incident).select_related("pack")
    return entries.order_by("-at", "-pk").first()


def _answered_since(incident: Incident, at: datetime) -> bool:
    said = incident.messages.filter(kind=MessageKind.ANSWER, taken_back_at=None)
    return said.filter(sent_at__gte=at).exists()


def _notify(merge: Merge, template: str, at: datetime) -> None:
    """The owners of both, and who works on the other; no customer."""
    people = [merge.source.owner, merge.into.owner, merge.into.worker]
    by = merge.undone_by or merge.by
    notify(
        [one for one in people if one is not None and one != by],
        template,
        key=f"{template}:{merge.pk}",
        at=at,
        about=merge.into,
        by=str(by),
        source=merge.source.number,
        source_subject=merge.source.subject,
        **audience.facts(merge.into),
    )
