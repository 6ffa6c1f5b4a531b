"""Notifies customers in time that support ends: 60, 30 and 7 days before, and the day after.

After an outage only the nearest telling is done; the ones that it overtook are skipped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.dateformat import format as format_day

from accounts.models import Person
from core.journal import record
from entitlements.enums import Edition, Level
from entitlements.levels import CARRYING_LEVELS, carrying_words
from entitlements.models import Licence, RenewalProposal, Subscription
from entitlements.reads.audience import contacts_of
from entitlements.reads.current import current_levels
from entitlements.reads.holdings import holdings_of, local_day
from entitlements.rules.terms import a_year_after
from notices.models import Notice
from notices.outbox import notify

DAYS_BEFORE = (7, 30, 60)
BASIC_DAYS_BEFORE = 7
ENDED_DAYS = 7  # after which nobody is notified any more that it ended
MORNING = 8  # the hour of the organisation from which people are notified
ENDED = "ended"

_DAY = timedelta(days=1)
_ZONES = 2 * _DAY  # how far the days of all time zones lie around UTC's
_MONTHS = 5 * _DAY  # and those of a year before, whose February may be shorter


@dataclass(frozen=True)
class Reminder:
    """Something to tell. `key` is the notice's: it is notified once."""

    pk: int
    key: str
    last_on: date


def due_reminders(at: datetime) -> list[Reminder]:
    """The subscriptions of which somebody has to be told at `at`, and of what (rule 3).

    Two queries: the subscriptions that end about now, over the partial index of their last days,
    and which of the notices are there already.
    """
    found = [_reminder(one, at) for one in _ending(at).select_related("organisation")]
    return _untold([one for one in found if one])


@transaction.atomic
def remind(subscription_id: int, *, at: datetime) -> bool:
    """Tell the contacts and the TAM that a subscription ends or ended; True if this call did.

    Looks again at what the sweep saw, under the row's lock. Safe to repeat and to run twice at
    once: each telling has a key of its own. False also when nobody is there to be told.
    """
    held = Subscription.objects.select_for_update(skip_locked=True, of=("self",))
    one = held.select_related("organisation__tam", "licence").filter(pk=subscription_id).first()
    if one is None or not _ending(at).filter(pk=one.pk).exists():
        return False
    due = _reminder(one, at)
    if due is None or not _untold([due]):
        return False
    ended = due.key.endswith(ENDED)
    told = _notify(
        one,
        "subscription_ended" if ended else "subscription_ends",
        key=due.key,
        at=at,
        level=one.get_level_display(),
        licence=str(one.licence),
        organisation=one.organisation.name,
        day=_in_words(due.last_on),
        gold=_gold(one, ended=ended),
        proposal=_proposed(one, due.last_on),
    )
    if told:
        record("subscription.reminded", one, at=at, by=None, last_on=due.last_on, key=due.key)
    return told


def due_basic_reminders(at: datetime) -> list[Reminder]:
    """The licences whose Basic ends within 7 days, with no paid level after it, at `at`.

    Two queries, over the index of the registration days of licences that are held.
    """
    found = [_basic_reminder(one, at) for one in _basic_ending(at)]
    return _untold([one for one in found if one])


@transaction.atomic
def remind_of_basic(licence_id: int, *, at: datetime) -> bool:
    """Like `remind`, of the end of a registered licence's year, or of an evaluation period."""
    held = Licence.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    one = held.select_related("organisation__tam").filter(pk=licence_id).first()
    if one is None or not _basic_ending(at).filter(pk=one.pk).exists():
        return False
    due = _basic_reminder(one, at)
    if due is None or not _untold([due]):
        return False
    told = _notify(
        one,
        "basic_ends",
        key=due.key,
        at=at,
        licence=str(one),
        organisation=one.organisation.name,
        day=_in_words(due.last_on),
    )
    if told:
        record("licence.reminded", one, at=at, by=None, rule="rule 1", last_on=due.last_on)
    return told


def _ending(at: datetime) -> QuerySet[Subscription]:
    """Those whose last day is near, without one that follows at once at the same level or above.

    A better level includes what a worse one does, so that FIRsT may end beside Premium unsaid.
    """
    today = at.date()
    near = Subscription.objects.standing().filter(
        ends_on__gte=today - ENDED_DAYS * _DAY - _ZONES,
        ends_on__lte=today + max(DAYS_BEFORE) * _DAY + _ZONES,
        licence__transferred_at=None,
    )
    return near.unfollowed()


def _reminder(one: Subscription, at: datetime) -> Reminder | None:
    """What of it has to be told on the local day of `at`, if anything."""
    zone, last_on = one.organisation.timezone, one.ends_on - _DAY
    today = local_day(at, zone)
    if not _is_morning(at, zone) or last_on + ENDED_DAYS * _DAY < today:
        return None
    if last_on < today:
        return Reminder(one.pk, f"renewal:{one.pk}:{last_on}:{ENDED}", last_on)
    days = _nearest(DAYS_BEFORE, (last_on - today).days)
    if days is None or local_day(one.bought_at, zone) > last_on - days * _DAY:
        return None  # or it was bought when that telling would have been over
    return Reminder(one.pk, f"renewal:{one.pk}:{last_on}:{days}", last_on)


def _basic_ending(at: datetime) -> QuerySet[Licence]:
    """Held licences whose Basic may end about now, by their registration day, without a paid
    subscription after it."""
    today, soon = at.date(), BASIC_DAYS_BEFORE * _DAY
    year, tried = today.replace(year=today.year - 1, day=min(today.day, 28)), _evaluation_days()
    of_a_year = Q(registered_on__range=(year - _ZONES, year + soon + _MONTHS))
    of_a_trial = Q(registered_on__range=(today - tried - _ZONES, today - tried + soon + _ZONES))
    paid = Subscription.objects.standing().filter(licence=OuterRef("pk"), ends_on__gt=today)
    held = Licence.objects.counting().select_related("organisation")
    return held.filter(of_a_year | of_a_trial).filter(~Exists(paid))


def _basic_reminder(one: Licence, at: datetime) -> Reminder | None:
    zone, last_on = one.organisation.timezone, _basic_last_on(one)
    today = local_day(at, zone)
    if not _is_morning(at, zone) or not today <= last_on <= today + BASIC_DAYS_BEFORE * _DAY:
        return None
    if local_day(one.made_at, zone) > last_on - BASIC_DAYS_BEFORE * _DAY:
        return None
    return Reminder(one.pk, f"basic:{one.pk}:{last_on}", last_on)


def _basic_last_on(one: Licence) -> date:
    if one.edition == Edition.EVALUATION:
        return one.registered_on + _evaluation_days() - _DAY
    return a_year_after(one.registered_on)


def _evaluation_days() -> timedelta:
    return (current_levels()[Level.BASIC].evaluation_days or 0) * _DAY


def _notify(
    about: Subscription | Licence,
    template: str,
    *,
    key: str,
    at: datetime,
    proposal: RenewalProposal | None = None,
    **facts: str,
) -> bool:
    """Contacts are led to what we proposed, else to the orders, the TAM to the customer; False
    when nobody is there."""
    organisation = about.organisation
    licence = about.pk if isinstance(about, Licence) else about.licence_id
    page = f"renewals/{proposal.number}/" if proposal else f"orders/new/?licence={licence}"
    if proposal:
        facts["proposal"] = proposal.number
    told: list[tuple[list[Person], str]] = [
        (contacts_of(organisation), page),
        (
            [organisation.tam] if organisation.tam else [],
            f"admin/organisations/{organisation.slug}/",
        ),
    ]
    for people, page in told:
        url = f"{settings.SITE_URL}/{page}"
        notify(people, template, key=key, at=at, about=about, url=url, headers=None, **facts)
    return any(one.is_active for people, _ in told for one in people)


def _proposed(one: Subscription, last_on: date) -> RenewalProposal | None:
    """What the customer can still accept (RN2)."""
    waiting = RenewalProposal.objects.waiting().filter(subscription=one)
    return waiting.filter(starts_on=last_on + _DAY).first()


def _gold(one: Subscription, *, ended: bool) -> str:
    """What becomes of the Gold incidents that are left when Premium lapses (L6)."""
    if one.level not in CARRYING_LEVELS:
        return ""
    (holding,) = holdings_of([one.licence], current_levels(), one.organisation.timezone)
    packs = [pack for pack in holding.packs if pack.term and pack.term.ends_on == one.ends_on]
    left = sum(pack.left for pack in packs)
    if not left:
        return ""
    which = "1 Gold incident that is" if left == 1 else f"{left} Gold incidents that are"
    if ended:
        return (
            f"The {which} left can not be used without {carrying_words()}. Renewed from"
            f" {_in_words(one.ends_on)} on, without a gap, they come back."
        )
    return (
        f"The {which} left end with {one.get_level_display()}. Renewed without a gap, they stay,"
        " and the free call-back hotline with them."
    )


def _untold(due: Iterable[Reminder]) -> list[Reminder]:
    due = list(due)
    keys = [one.key for one in due]
    told = set(Notice.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else set()
    return [one for one in due if one.key not in told]


def _nearest(thresholds: Iterable[int], left: int) -> int | None:
    return min((one for one in thresholds if one >= left), default=None)


def _is_morning(at: datetime, timezone: str) -> bool:
    return at.astimezone(ZoneInfo(timezone)).hour >= MORNING


def _in_words(day: date) -> str:
    return format_day(day, "l j F Y")
