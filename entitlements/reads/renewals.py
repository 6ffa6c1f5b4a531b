"""What became of subscriptions that ended, or are about to: for the team, and for the customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from accounts.models import Organisation, Person
from core.words import day_in_words
from entitlements.enums import RenewalState
from entitlements.models import RenewalProposal, Subscription
from entitlements.reads.holdings import local_day

LAPSED_SHOWN = timedelta(days=365)


@dataclass(frozen=True)
class Lapsed:
    """A subscription that ended with nothing after it; `why` in words, `said` the customer's."""

    subscription: Subscription
    proposal: RenewalProposal | None
    why: str
    said: str = ""

    @property
    def last_on(self) -> date:
        return self.subscription.ends_on - timedelta(days=1)


def lapsed_of(person: Person, *, at: datetime) -> QuerySet[Subscription]:
    """What ended in the last year and was not renewed, of the customers that `person` sees, the
    latest first. Days are UTC's: a zone's difference shows a few hours late."""
    today = at.date()
    found = Subscription.objects.visible_to(person).lapsed(today)
    found = found.filter(ends_on__gt=today - LAPSED_SHOWN)
    related = ("organisation__tam", "licence", "renewal__order")
    return found.select_related(*related).order_by("-ends_on", "-pk")


def told(one: Subscription, *, at: datetime) -> Lapsed:
    """Why it lapsed, as far as anybody knows (RN3); its proposal is at hand."""
    proposal: RenewalProposal | None = getattr(one, "renewal", None)
    if proposal is None:
        return Lapsed(one, None, "No renewal was proposed")
    if proposal.state == RenewalState.DECLINED:
        return Lapsed(one, proposal, "Declined", proposal.reason)
    if proposal.state == RenewalState.WITHDRAWN:
        return Lapsed(one, proposal, "We withdrew the proposal", proposal.reason)
    if proposal.state == RenewalState.DRAFTED:
        return Lapsed(one, proposal, "The proposal was never sent")
    if proposal.state == RenewalState.ACCEPTED:
        reason = proposal.order.reason if proposal.order else ""
        return Lapsed(one, proposal, "Accepted, and its order cancelled", reason)
    until = proposal.open_until
    still = local_day(at, one.organisation.timezone) <= until
    open_until = f"; it can be accepted until {day_in_words(until)}" if still else ""
    return Lapsed(one, proposal, f"No answer to the proposal{open_until}")


@dataclass(frozen=True)
class Line:
    """What is true for a customer about one subscription that ends, or ended."""

    title: str
    words: str
    number: str = ""  # of the proposal that can be opened
    is_ended: bool = False


def lines_for(organisation: Organisation, *, at: datetime) -> Sequence[Line]:
    """Proposals that wait for the customer's answer, and what lapsed in the last year; two
    queries. Whoever calls shows it to people of the organisation."""
    today = local_day(at, organisation.timezone)
    waiting = RenewalProposal.objects.filter(organisation=organisation).waiting()
    lines = [
        Line(
            f"{one.get_level_display()} for {one.licence.key}"
            f" {'ended' if one.starts_on <= today else 'ends'} with"
            f" {day_in_words(one.starts_on - timedelta(days=1))}",
            f"Our proposal goes on from the day after, without a gap. Accept it until"
            f" {day_in_words(one.open_until)}.",
            one.number,
            one.starts_on <= today,
        )
        for one in waiting.select_related("licence").order_by("starts_on", "pk")
        if today <= one.open_until
    ]
    known = {one.number for one in lines}
    ended = Subscription.objects.filter(organisation=organisation).lapsed(today)
    ended = ended.filter(ends_on__gt=today - LAPSED_SHOWN).select_related("licence", "renewal")
    for one in ended.order_by("-ends_on", "-pk"):
        proposal: RenewalProposal | None = getattr(one, "renewal", None)
        if proposal is None or proposal.number not in known:
            one.organisation = organisation
            lines.append(_ended(one, proposal))
    return lines


def _ended(one: Subscription, proposal: RenewalProposal | None) -> Line:
    last_on = day_in_words(one.ends_on - timedelta(days=1))
    title = f"{one.get_level_display()} for {one.licence.key} ended with {last_on}"
    anew = "You can order it anew; it begins on the day on which it is paid."
    if proposal is not None and proposal.state == RenewalState.DECLINED:
        return Line(title, f"You declined our proposal: “{proposal.reason}” {anew}", "", True)
    if proposal is not None and proposal.state == RenewalState.SENT:
        return Line(title, f"Our proposal {proposal.number} was not answered. {anew}", "", True)
    return Line(title, anew, "", True)
