"""The time line of the demo: half a year that ends at the moment of the first start."""

from __future__ import annotations

import gc
import heapq
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import count, groupby
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, connections
from django.db.models import F

from accounts.enums import Role
from accounts.models import Organisation, Person
from axsupport.demo.audits import run_audit
from axsupport.demo.calls import owe_calls, plan_calls
from axsupport.demo.canned import keep_all
from axsupport.demo.dealings import plan_dealings
from axsupport.demo.defects import explain_defects, find_defects
from axsupport.demo.duty import plan_duty
from axsupport.demo.engagements import run_engagements
from axsupport.demo.ladder import set_lists
from axsupport.demo.life import NOTICED_AFTER, Life, by_role
from axsupport.demo.office import keep_office
from axsupport.demo.online.beta import run_beta
from axsupport.demo.online.forum import fill_forum
from axsupport.demo.online.life import read_articles, write_articles
from axsupport.demo.online.manuals import publish_manuals
from axsupport.demo.online.news import send_news
from axsupport.demo.online.releases import fetch_releases, publish_releases
from axsupport.demo.pace import Pace
from axsupport.demo.reading import read_what_is_old, tag_what_is_open
from axsupport.demo.saved_views import keep_views
from axsupport.demo.selling import plan_selling
from axsupport.demo.setting import Customer, set_the_scene
from axsupport.demo.trainings import hold_trainings
from core import rls
from core.errors import Refusal
from core.nudges import without_haste
from entitlements.models import Subscription
from entitlements.rules.terms import midnight
from mailroom.actions import intake as mail_intake
from notices.bounces.marking import mark_bounced
from notices.models import Notice
from reports.actions.drafting import draft, draft_month, write_words
from reports.actions.issuing import issue
from reports.rules.months import Month
from tickets.actions.dispatch.dispatching import dispatch, settle_taken
from tickets.actions.filing import Report, file_incident
from tickets.actions.ladder.escalation_requests import ask_escalation
from tickets.actions.ladder.internal_alarms import note_internal_breaches
from tickets.actions.promises.upgrades import apply_subscription
from tickets.enums import Priority, State
from tickets.models import Dispatch, Incident, InternalTarget

SEED = 20060403
DAYS = 183
PARTS = 3

# Reports that were issued, by organisation and how many months before the last whole one.
ISSUED = (
    ("northwind", 4),
    ("northwind", 3),
    ("northwind", 2),
    ("northwind", 1),
    ("aegean-post", 1),
)

CERTIFICATE = "Certificate of the relay expires tomorrow"

Event = Callable[[datetime], None]
Progress = Callable[[str], None]


class Story:
    """Events in the order of their moments, each at its moment, none after the end."""

    def __init__(self, *, seed: int, ends: datetime) -> None:
        self.random = Random(seed)
        self.ends = ends
        self.begins = ends - timedelta(days=DAYS)
        self._events: list[tuple[datetime, int, Event]] = []
        self._order = count()

    def plan(self, at: datetime, event: Event) -> None:
        if at < self.ends:
            heapq.heappush(self._events, (at, next(self._order), event))

    def notify(self, day_is_over: Progress) -> None:
        """Let everything happen, each in its own transaction; `day_is_over` hears of each day."""
        rls.everything_from_now_on()
        with connection.cursor() as cursor:  # a demo that a power cut cost is made again
            cursor.execute("SET synchronous_commit TO off")
        evening = self.begins
        while evening < self.ends:
            evening += timedelta(days=1)
            while self._events and self._events[0][0] < evening:
                at, _number, event = heapq.heappop(self._events)
                # Somebody is notified no now and then, as in life: that action wrote nothing.
                with suppress(Refusal):
                    event(at)
            day_is_over(f"{evening:%d %B %Y}")


def load(*, ends: datetime, progress: Progress) -> None:
    """Make the whole demo, ending at `ends` (aware). The database is empty of organisations.

    Three processes tell it, each of some of the customers, none far ahead of the others: so the
    numbers of incidents stay about in the order of the days, and two cores have work while one
    process waits.
    """
    with without_haste():
        _load(ends=ends, progress=progress)


def _load(*, ends: datetime, progress: Progress) -> None:
    with rls.everything():
        customers = set_the_scene(begins=ends - timedelta(days=DAYS), ends=ends)
        set_lists(ends - timedelta(days=DAYS))
        keep_all(ends - timedelta(days=DAYS))
        keep_views(ends - timedelta(days=DAYS))
    progress("organisations, people and contracts are there")
    connections.close_all()  # a connection must not be shared with a child
    fork = get_context("fork")
    pace, days = Pace(fork, PARTS), fork.SimpleQueue()
    processes = [
        fork.Process(target=_live_part, args=(part, customers, ends, pace, days))
        for part in range(PARTS)
    ]
    for process in processes:
        process.start()
    _listen(days, progress)
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise RuntimeError("the demo's story broke off; its own words are above")
    with rls.everything():
        _settle_dispatches(ends)
        _note_late_levels(ends)
        tag_what_is_open(ends)
        read_what_is_old(ends)
        _live(customers, ends)
        find_defects(customers[0].organisation, ends)
        _resources([one.organisation for one in customers], ends)
        owe_calls(customers[0], list(Person.objects.filter(role=Role.TS1).order_by("pk")), ends)
        _mails(ends)
        _other_rooms(customers, ends)
        # Half a year of mails that nobody needs any more: what was owed then counts as sent then.
        Notice.objects.filter(made_at__lt=ends).update(sent_at=F("made_at"))
        _lose_an_address(ends)
        draft_month(_last_month(ends), at=ends)
        keep_office(ends)


def _resources(customers: list[Organisation], ends: datetime) -> None:
    """What the vendor wrote and released, and what customers made of it."""
    write_articles(ends - timedelta(days=DAYS), ends)
    explain_defects(ends)
    read_articles(customers, ends)
    publish_releases(ends)
    fetch_releases(customers, ends)
    run_beta(customers, ends)
    send_news(customers, ends - timedelta(days=DAYS), ends)
    publish_manuals(ends)
    fill_forum(customers, ends)


def _other_rooms(customers: list[Customer], ends: datetime) -> None:
    """What is not about incidents: each room has a module of its own."""
    plan_duty(ends)
    hold_trainings(customers, ends)
    run_audit(customers, ends)


def _live_part(
    part: int, customers: list[Customer], ends: datetime, pace: Pace, days: SimpleQueue[str]
) -> None:
    """One process: the story of its share of the customers."""
    gc.disable()  # it lives for seconds, and the ORM's short-lived rows keep the collector busy

    def day_is_over(line: str) -> None:
        told = pace.day_is_over(part)
        if part == 0 and told % 30 == 0:
            days.put(line)

    try:
        ours = _shared_out(customers)[part]
        with rls.everything():
            staff = by_role(list(Person.objects.filter(organisation=None)))
        story = Story(seed=SEED + part, ends=ends)
        share = sum(one.company.share for one in ours) / 100
        _plan_subscriptions(story, ours)
        _plan_incidents(story, ours, staff, round(settings.DEMO_INCIDENTS * share))
        _plan_reports(story, ours)
        plan_dealings(story.plan, ends, ours, customers, staff[Role.MANAGER][0])
        plan_selling(story.plan, ends, ours, staff[Role.MANAGER][0])
        plan_calls(story.plan, ends, ours, staff[Role.TS1])
        story.notify(day_is_over)
    except BaseException:
        pace.give_up()
        raise
    finally:
        connections.close_all()
        if part == 0:
            days.put("")


def _shared_out(customers: list[Customer]) -> list[list[Customer]]:
    """The customers in PARTS lists of about as many incidents each, the same every time."""
    parts: list[list[Customer]] = [[] for _ in range(PARTS)]
    for one in sorted(customers, key=lambda one: -one.company.share):
        min(parts, key=lambda part: sum(other.company.share for other in part)).append(one)
    return parts


def _listen(days: SimpleQueue[str], progress: Progress) -> None:
    while line := days.get():
        progress(line)


def _plan_subscriptions(story: Story, customers: list[Customer]) -> None:
    """Each takes effect in its first minute, for what was reported before it (R6)."""
    theirs = [one.organisation for one in customers]
    sold = Subscription.objects.filter(organisation__in=theirs).select_related("organisation")
    with rls.everything():
        known = list(sold)
    for one in known:
        first = midnight(one.starts_on, one.organisation.timezone)
        at = max(story.begins, one.bought_at, first) + NOTICED_AFTER
        story.plan(at, partial(_apply, one.pk))


def _apply(subscription: int, at: datetime) -> None:
    apply_subscription(subscription, at=at)


def _plan_incidents(
    story: Story, customers: list[Customer], staff: dict[str, list[Person]], number: int
) -> None:
    shares = [one.company.share for one in customers]
    for _ in range(number):
        customer = story.random.choices(customers, shares)[0]
        at = _moment(story, customer)
        life = Life(story.random, story.plan, customer, staff)
        story.plan(at, life.report)


def _moment(story: Story, customer: Customer) -> datetime:
    """Some time of the half year: mostly office hours there, seldom at night or on Sunday."""
    while True:
        at = story.begins + timedelta(seconds=story.random.randrange(DAYS * 86_400))
        local = at.astimezone(ZoneInfo(customer.company.timezone))
        busy = 8 <= local.hour < 18 and local.weekday() < 5
        if story.random.random() < (1.0 if busy else 0.12):
            return at


def _plan_reports(story: Story, customers: list[Customer]) -> None:
    """Northwind's of four months and one of another are issued; last month's is a draft."""
    last = _last_month(story.ends)
    for slug, back in ISSUED:
        customer = next((one for one in customers if one.company.slug == slug), None)
        if customer is None:
            continue
        month = last.shifted(-back)
        after = month.next().first_on
        at = datetime(after.year, after.month, 3, 9, 30, tzinfo=UTC)
        story.plan(at, _issue(customer, month))


def _issue(customer: Customer, month: Month) -> Event:
    def event(at: datetime) -> None:
        tam = customer.organisation.tam
        assert tam is not None
        report = draft(customer.organisation, month, at=at)
        write_words(
            report,
            considerations=(
                "Most of the month's incidents came from the two oldest servers. Response times"
                " were kept but for the cases marked above, which we discussed by telephone."
            ),
            recommendations=(
                "- Update the remaining servers to 10.6.1 before the next holidays\n"
                "- Rebuild the folder indexes of the largest mailboxes, as shown in September\n"
                "- Consider a second relay for outgoing mail"
            ),
            by=tam,
            at=at,
        )
        issue(report, by=tam, at=at + timedelta(hours=1))

    return event


def _settle_dispatches(ends: datetime) -> None:
    """As the sweep does every minute: most were answered in time, the others are taken."""
    due = Dispatch.objects.due(ends).values_list("pk", flat=True)
    settle_taken(list(due), at=ends)


def _note_late_levels(ends: datetime) -> None:
    """Breaches of the levels' own targets, each noted at the end of its day."""
    late = InternalTarget.objects.breached_unnoted(ends).order_by("due_at")
    by_day = groupby(late.values_list("pk", "due_at"), key=lambda one: one[1].date())
    for day, found in by_day:
        evening = datetime.combine(day + timedelta(days=1), time(), UTC)
        note_internal_breaches([pk for pk, _ in found], at=min(evening, ends))


def _live(customers: list[Customer], ends: datetime) -> None:
    """What is on the desk right now: one promise about to pass, some with hours to go."""
    northwind = customers[0]
    waiting = (
        (northwind, "Webmail shows an empty inbox to everybody", Priority.CRITICAL, 5.93),
        (northwind, CERTIFICATE, Priority.HIGH, 5.6),
        (customers[4], "Queue grows since an hour", Priority.HIGH, 3.2),
        (customers[2], "Shared calendar can not be opened", Priority.NORMAL, 2.0),
        (customers[1], "How do we export a mailbox?", Priority.LOW, 1.0),
        (customers[3], "Does version 11 need a new licence key?", Priority.NORMAL, 26.0),
    )
    for customer, subject, priority, hours in waiting:
        at = ends - timedelta(hours=hours)
        incident = file_incident(
            Report(
                reporter=customer.people[0],
                service="troubleshooting",
                subject=subject,
                body=_asked(subject),
                licence=customer.licences[0],
                priority=priority,
                version="10.6.1",
                use_gold=False,
            ),
            at=at,
        )
        dispatch(incident, at=at)
    _ask_for_more(northwind, ends)
    run_engagements(customers, ends)


def _asked(subject: str) -> str:
    if subject.endswith("?"):
        return f"{subject} We found nothing about it in the manual."
    return f"{subject}. It began this morning; the log says nothing that we understand."


def _ask_for_more(northwind: Customer, ends: datetime) -> None:
    """The contact of the certificate wants the developers to look; no lead has decided yet."""
    latest = Incident.objects.filter(organisation=northwind.organisation).order_by("-pk")
    ask_escalation(
        latest.get(subject=CERTIFICATE, state=State.NEW),
        reason="From tomorrow on no partner can send us mail. Please let your developers look.",
        by=northwind.people[0],
        at=ends - timedelta(hours=1),
    )


def _mails(ends: datetime) -> None:
    """Two mails that wait for a human, and one that nobody has to see."""
    for hours, sender, subject, extra in (
        (30, "purchasing@tailwind.example", "Question about Premium", ""),
        (4, "nora.winters@private.example", "Re: Webmail shows an empty inbox", ""),
        (2, "contact@northwind.example", "Out of office", "Auto-Submitted: auto-replied\n"),
    ):
        at = ends - timedelta(hours=hours)
        raw = (
            f"From: {sender}\nTo: support@axigen.example\nSubject: {subject}\n"
            f"Message-ID: <{hours}.demo@example.com>\n{extra}\n"
            "Good day,\n\nplease call me back about this.\n"
        )
        stored = mail_intake.store(raw.encode(), at=at, wakes=False)
        mail_intake.handle(stored.pk, at=at)


def _lose_an_address(ends: datetime) -> None:
    """A colleague of Northwind left, and nobody told the desk: an acknowledgement came back."""
    address = "stefan.taran@northwind.example"
    sent = Notice.objects.filter(to__email=address, template="incident_filed").order_by("pk")
    mark_bounced(sent.reverse()[:1], {address: "5.1.1"}, at=ends - timedelta(hours=7))


def _last_month(ends: datetime) -> Month:
    return Month.of(ends, "UTC").previous()
