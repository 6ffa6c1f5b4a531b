"""How customers fare now, counted for many at once: the facts of the home page and of the score.

A constant number of statements, however many customers. The verdicts on promises are those of
`tickets.querysets` (T1, C3), the only place that says in time or late.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Avg, Count, Exists, Max, OuterRef, Q

from engagements.reads.late import late_of
from entitlements.enums import EntryKind
from entitlements.models import IncidentPack, LedgerEntry, Subscription
from office.models import AccountNote
from office.rules.health import DAYS, OLD
from reports.enums import ReportState
from reports.models import ServiceReport
from telephone.models import Call
from tickets.enums import UNFINISHED, MessageKind
from tickets.models import Incident, Message, Rating, ResponseTarget, TargetWarning
from tickets.querysets import KEPT, OPEN_TARGET, broken_at, past_due

RENEWAL = 90  # days before its end from which a subscription is shown
_SPAN = timedelta(days=DAYS)


@dataclass(frozen=True)
class Ending:
    """A subscription that ends soon, which no other follows. `last_on` is its last day.

    `proposal` is the number of what we propose for the time behind it, "" where nothing is yet.
    """

    licence: str
    level: str
    last_on: date
    price: Decimal
    currency: str
    proposal: str = ""
    proposal_state: str = ""


@dataclass
class Facts:
    """What matters about one customer now. Days and spans in days; `None`: nothing to say."""

    open: int = 0
    old: int = 0
    late_now: int = 0  # open answers past their due moment
    at_risk: int = 0  # open answers of which a warning's moment has passed
    kept: int = 0  # answers of the last 90 days
    broken: int = 0
    rating: float | None = None  # mean of the last 90 days
    ratings: int = 0
    rating_before: float | None = None  # of the 90 days before
    gold: int | None = None  # left; None: no pack was ever bought
    gold_spent: int = 0  # in the last 90 days, without what was given back
    endings: list[Ending] = field(default_factory=list)
    drafts: int = 0
    late_engagements: list[str] = field(default_factory=list)  # their numbers
    contact_at: datetime | None = None
    steps: int = 0  # open next steps
    step_on: date | None = None  # the first of them
    step_at: datetime | None = None  # when its morning comes, where its writer lives (O2)
    today: date | None = None  # of the organisation's own zone, where something ends

    @property
    def gold_days(self) -> int | None:
        """For how many days the Gold incidents last at the rate of the last 90."""
        if not self.gold_spent or self.gold is None:
            return None
        return round(self.gold * DAYS / self.gold_spent)

    @property
    def share(self) -> float | None:
        """Of the answers in time, in percent."""
        decided = self.kept + self.broken
        return 100 * self.kept / decided if decided else None

    @property
    def trend(self) -> float | None:
        """By how much the mean rating rose (above zero) or fell."""
        if self.rating is None or self.rating_before is None:
            return None
        return round(self.rating - self.rating_before, 1)

    def value(self) -> dict[str, Decimal]:
        """Of what ends, by currency."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for one in self.endings:
            found[one.currency] += one.price
        return dict(found)

    def values(self, at: datetime) -> dict[str, float | None]:
        """By the measures of `rules.health`."""
        first = min((one.last_on for one in self.endings), default=None)
        return {
            "promises": self.share,
            "satisfaction": self.rating,
            "old": float(self.old),
            "contact": (at - self.contact_at) / timedelta(days=1) if self.contact_at else None,
            "renewal": float((first - (self.today or at.date())).days) if first else None,
            "gold": float(self.gold_days) if self.gold_days is not None else None,
        }


def facts_of(organisations: Collection[int], *, at: datetime) -> dict[int, Facts]:
    """By organisation (pk). The caller has found them through `visible_to`."""
    found = {pk: Facts() for pk in organisations}
    ours = {"organisation__in": list(organisations)}
    for read in (_incidents, _at_risk, _answers, _ratings, _gold, _endings, _drafts, _contact):
        read(found, ours, at)
    _notes(found, ours)
    for pk, numbers in late_of(organisations, at=at).items():
        found[pk].late_engagements = numbers
    return found


_Found = dict[int, Facts]
_Ours = Mapping[str, Any]


def _incidents(found: _Found, ours: _Ours, at: datetime) -> None:
    counted = (
        Incident.objects.filter(state__in=UNFINISHED, **ours)
        .order_by()
        .values_list("organisation")
        .annotate(
            n=Count("pk"),
            old=Count("pk", filter=Q(received_at__lt=at - timedelta(days=OLD))),
            late=Count("pk", filter=past_due(at)),
        )
    )
    for pk, count, old, late in counted:
        facts = found[pk]
        facts.open, facts.old, facts.late_now = count, old, late


def _at_risk(found: _Found, ours: _Ours, at: datetime) -> None:
    warned = TargetWarning.objects.filter(target=OuterRef("pk"), due_at__lte=at)
    risky = ResponseTarget.objects.filter(OPEN_TARGET, Exists(warned), due_at__gte=at, **ours)
    for pk, count in risky.order_by().values_list("organisation").annotate(n=Count("pk")):
        found[pk].at_risk = count


def _answers(found: _Found, ours: _Ours, at: datetime) -> None:
    """A verdict counts at the answer in time, or at the due moment that was not kept."""
    since = at - _SPAN
    kept = KEPT & Q(met_at__gte=since)
    broken = broken_at(at) & Q(due_at__gte=since)
    rows = ResponseTarget.objects.filter(kept | broken, **ours).order_by()
    counted = rows.values_list("organisation").annotate(
        kept=Count("pk", filter=kept), broken=Count("pk", filter=broken)
    )
    for pk, in_time, late in counted:
        found[pk].kept, found[pk].broken = in_time, late


def _ratings(found: _Found, ours: _Ours, at: datetime) -> None:
    since = at - _SPAN
    rows = Rating.objects.filter(given_at__gte=since - _SPAN, **ours).order_by()
    counted = rows.values_list("organisation").annotate(
        mean=Avg("score", filter=Q(given_at__gte=since)),
        n=Count("pk", filter=Q(given_at__gte=since)),
        before=Avg("score", filter=Q(given_at__lt=since)),
    )
    for pk, mean, count, before in counted:
        facts = found[pk]
        facts.rating, facts.ratings, facts.rating_before = mean, count, before


def _gold(found: _Found, ours: _Ours, at: datetime) -> None:
    packs = IncidentPack.objects.filter(**ours).order_by().values_list("organisation", "available")
    for pk, available in packs:
        found[pk].gold = (found[pk].gold or 0) + available
    moved = LedgerEntry.objects.filter(at__gte=at - _SPAN, **ours).order_by()
    spends, gives = (EntryKind.CONSUME, EntryKind.REINSTATE), (EntryKind.REFUND,)
    counted = moved.values_list("organisation").annotate(
        spent=Count("pk", filter=Q(kind__in=spends)), given=Count("pk", filter=Q(kind__in=gives))
    )
    for pk, spent, given in counted:
        found[pk].gold_spent = max(spent - given, 0)


def _endings(found: _Found, ours: _Ours, at: datetime) -> None:
    """Those that end within 90 days, and that no other one of their level goes on from.

    By the day of each organisation's own zone (E1): a day around it is read, and looked at here.
    """
    utc = at.date()
    day = timedelta(days=1)
    standing = Subscription.objects.standing()
    follows = standing.filter(
        licence=OuterRef("licence"),
        level=OuterRef("level"),
        starts_on__lte=OuterRef("ends_on"),
        ends_on__gt=OuterRef("ends_on"),
    )
    ending = standing.filter(
        ~Exists(follows),
        licence__transferred_at=None,
        starts_on__lte=utc + day,
        ends_on__gt=utc - day,
        ends_on__lte=utc + timedelta(days=RENEWAL) + day,
        **ours,
    )
    related = ending.select_related("licence", "organisation", "renewal")
    for one in related.order_by("ends_on", "pk"):
        today = at.astimezone(ZoneInfo(one.organisation.timezone)).date()
        if not one.starts_on <= today < one.ends_on <= today + timedelta(days=RENEWAL):
            continue
        found[one.organisation_id].today = today
        proposal = getattr(one, "renewal", None)
        found[one.organisation_id].endings.append(
            Ending(
                one.licence.key,
                one.get_level_display(),
                one.ends_on - timedelta(days=1),
                one.price,
                one.currency,
                proposal.number if proposal else "",
                proposal.state if proposal else "",
            )
        )


def _drafts(found: _Found, ours: _Ours, at: datetime) -> None:
    drafts = ServiceReport.objects.filter(state=ReportState.DRAFT, **ours).order_by()
    for pk, count in drafts.values_list("organisation").annotate(n=Count("pk")):
        found[pk].drafts = count


def _contact(found: _Found, ours: _Ours, at: datetime) -> None:
    """Our last answer, call or note."""
    since = at - 4 * _SPAN
    sent = Message.objects.filter(kind=MessageKind.ANSWER, sent_at__gte=since, **ours)
    answers = sent.filter(taken_back_at=None)
    calls = Call.objects.filter(logged_at__gte=since, **ours)
    for rows, moment in ((answers, "sent_at"), (calls, "logged_at")):
        last: Any = rows.order_by().values_list("organisation").annotate(last=Max(moment))
        for pk, when in last:
            _later(found[pk], when)


def _notes(found: _Found, ours: _Ours) -> None:
    rows = AccountNote.objects.filter(**ours).order_by("organisation", "next_on")
    columns = ("organisation", "at", "next_on", "done_at", "remind_at")
    for pk, when, step_on, done, morning in rows.values_list(*columns):
        facts = found[pk]
        _later(facts, when)
        if step_on is not None and done is None:
            facts.steps += 1
            facts.step_on = min(facts.step_on or step_on, step_on)
            facts.step_at = min(facts.step_at or morning, morning)


def _later(facts: Facts, when: datetime) -> None:
    facts.contact_at = max(facts.contact_at or when, when)
