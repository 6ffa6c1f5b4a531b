"""From an issue to mails: tried on oneself, sent now or at a moment, gathered batch by batch.

Each reader gets one (NL4): a batch writes its notices and how far it came in one transaction, and
the outbox refuses a second one to the same reader. A worker that is killed left whole batches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Lower

from accounts.models import Organisation, Person
from core.errors import NotAllowed
from core.journal import label, record
from core.nudges import nudge_on_commit
from notices.kinds import rank_of
from notices.models import Notice
from notices.outbox import notices_to, owe
from notices.querysets import OWED
from resources import policies
from resources.actions.newsletters.writing import held_unsent
from resources.enums import Audience, IssueState
from resources.errors import NobodyToSendTo, SendInThePast
from resources.models import AdvisoryReach, Newsletter, NewsletterIssue, OutsideReader
from resources.reads.newsletters.reach import (
    Concern,
    gathered,
    is_read_by_anybody,
    organisations_behind,
    outside_behind,
)

SENDS = "resources.tasks.send_newsletters"
OUTSIDE_TOGETHER = 500


def template_of(issue: NewsletterIssue) -> str:
    return "security_advisory" if issue.newsletter.is_advisory else "newsletter_issue"


@transaction.atomic
def send_test(issue: NewsletterIssue, *, by: Person, at: datetime) -> None:
    """The mail as readers would get it, to whoever asks; its link to leave does nothing.

    Errors: `NotAllowed`.
    """
    if not policies.may_write_news(by):
        raise NotAllowed()
    key = f"newsletter-test:{issue.pk}:{at:%Y%m%d%H%M%S}"
    owe(notices_to([by], template_of(issue), key=key, at=at, about=issue, test=True))
    record("newsletter.tried", issue, at=at, by=by)


@transaction.atomic
def schedule(
    issue: NewsletterIssue, *, by: Person, at: datetime, when: datetime | None = None
) -> NewsletterIssue:
    """It goes out now, or at `when`.

    Errors: `NotAllowed`, `IssueOnItsWay`, `SendInThePast`, `NobodyToSendTo`.
    """
    if not policies.may_send_news(by):
        raise NotAllowed()
    one = held_unsent(issue)
    if when is not None and when <= at:
        raise SendInThePast()
    if not is_read_by_anybody(one, at):
        raise NobodyToSendTo(why=_why_nobody(one))
    one.state, one.send_at, one.sent_by = IssueState.READY, when or at, by
    one.save(update_fields=["state", "send_at", "sent_by"])
    record("newsletter.scheduled", one, at=at, by=by, due_at=one.send_at)
    if when is None:
        nudge_on_commit(SENDS)
    return one


@transaction.atomic
def take_back(issue: NewsletterIssue, *, by: Person, at: datetime) -> NewsletterIssue:
    """One that waits for its moment is a draft again. Errors: `NotAllowed`, `IssueOnItsWay`."""
    if not policies.may_send_news(by):
        raise NotAllowed()
    one = held_unsent(issue)
    if one.state == IssueState.READY:
        one.state, one.send_at, one.sent_by = IssueState.DRAFT, None, None
        one.save(update_fields=["state", "send_at", "sent_by"])
        record("newsletter.taken_back", one, at=at, by=by)
    return one


@transaction.atomic
def work_off(pk: int, *, at: datetime) -> int:
    """The sweep's next step of an issue; 0 where nothing is to be done for now.

    Begins it at its moment, gathers one batch of readers, or notes that all was handed over. Safe
    to repeat and to race: one worker has an issue at a time. Needs an open wall.
    """
    due = NewsletterIssue.objects.to_work_off(at).select_related("newsletter")
    issue = due.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if issue is None:
        return 0
    if issue.state == IssueState.READY:
        return _begin(issue, at)
    if issue.gathered_at is None:
        return _gather_inside(issue, at) or _gather_outside(issue, at)
    return _finish(issue, at)


def _begin(issue: NewsletterIssue, at: datetime) -> int:
    """It stands in the archive under the next number from now on."""
    Newsletter.objects.select_for_update().get(pk=issue.newsletter_id)
    last = NewsletterIssue.objects.filter(newsletter=issue.newsletter).aggregate(
        number=Max("number")
    )
    issue.number, issue.started_at = (last["number"] or 0) + 1, at
    issue.state = IssueState.SENDING
    issue.save(update_fields=["number", "started_at", "state"])
    record("newsletter.begun", issue, at=at, by=issue.sent_by, rule="NL4", number=issue.number)
    return 1


def _gather_inside(issue: NewsletterIssue, at: datetime) -> int:
    """The customers' people of the next organisations; 0 when there are no more."""
    organisations = organisations_behind(issue.gathered_to)
    if not organisations:
        return 0
    found = gathered(issue, organisations, at)
    _note_concerns(issue, organisations, found.concerns, at)
    owed = notices_to(found.people, template_of(issue), key=issue.key, at=at, about=issue)
    for one in owed:
        assert one.to is not None
        one.organisation_id = one.to.organisation_id
    owe(owed)
    issue.gathered_to = organisations[-1].pk
    issue.save(update_fields=["gathered_to"])
    return 1


def _note_concerns(
    issue: NewsletterIssue,
    organisations: Sequence[Organisation],
    concerns: Mapping[int, Concern],
    at: datetime,
) -> None:
    """NL5: its portal says so until somebody there has read it."""
    AdvisoryReach.objects.bulk_create(
        [
            AdvisoryReach(
                organisation=one,
                issue=issue,
                is_certain=concerns[one.pk].is_certain,
                versions=list(concerns[one.pk].versions),
                made_at=at,
            )
            for one in organisations
            if one.pk in concerns
        ],
        ignore_conflicts=True,
    )


def _gather_outside(issue: NewsletterIssue, at: datetime) -> int:
    """The next strangers; whoever has an account with the address is reached by that alone."""
    readers = outside_behind(issue, issue.outside_to, OUTSIDE_TOGETHER)
    known = _accounts_among(readers)
    owe([_owed_to(one, issue, at) for one in readers if one.address.lower() not in known])
    if readers:
        issue.outside_to = readers[-1].pk
    else:
        issue.gathered_at = at
    issue.save(update_fields=["outside_to", "gathered_at"])
    return 1


def _accounts_among(readers: Sequence[OutsideReader]) -> set[str]:
    addresses = [one.address.lower() for one in readers]
    people = Person.objects.active().annotate(low=Lower("email")).filter(low__in=addresses)
    return set(people.filter(organisation__isnull=False).values_list("low", flat=True))


def _owed_to(reader: OutsideReader, issue: NewsletterIssue, at: datetime) -> Notice:
    template = template_of(issue)
    return Notice(
        key=issue.key,
        address=reader.address,
        subject=label(issue),
        template=template,
        rank=rank_of(template),
        context={"reader": reader.pk},
        made_at=at,
        next_at=at,
    )


def _finish(issue: NewsletterIssue, at: datetime) -> int:
    """Sent, once the outbox owes nobody any more; what was refused is counted beside."""
    if Notice.objects.filter(OWED, subject=label(issue), key=issue.key).exists():
        return 0
    issue.state, issue.sent_at = IssueState.SENT, at
    issue.save(update_fields=["state", "sent_at"])
    handed_over = Notice.objects.filter(
        subject=label(issue), key=issue.key, sent_at__isnull=False
    ).count()
    record("newsletter.sent", issue, at=at, by=None, rule="NL4", handed_over=handed_over)
    return 0


def _why_nobody(issue: NewsletterIssue) -> str:
    if issue.newsletter.is_advisory:
        return "no organisation runs what it names. Look at the versions and the products."
    if issue.audience == Audience.LEVELS:
        return "no customer with one of these levels reads this newsletter."
    return "no customer with support reads this newsletter, and nobody else confirmed."
