"""Customers and partners as companies."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from accounts import policies
from accounts.enums import GoldDefault, Shares
from accounts.errors import NoSuchCountry, NotYourPeople, ZoneMovesEnds
from accounts.models import Organisation, Partner, Person
from core.countries import countries
from core.journal import record


@transaction.atomic
def save_organisation(
    organisation: Organisation, *, by: Person, at: datetime, moves_ends: bool = False
) -> Organisation:
    """Write a new or a changed organisation, as the form made it.

    Another time zone moves the end of all that was promised until some day: only where whoever
    changes it said so (`moves_ends`). Errors: `NotYourPeople`, `NoSuchCountry`, `ZoneMovesEnds`.
    """
    if not policies.may_manage_vendor(by):
        raise NotYourPeople()
    if organisation.country not in countries():
        raise NoSuchCountry(country=organisation.country)
    before = Organisation.objects.filter(pk=organisation.pk).first()
    if before is not None and not moves_ends and (ends := moved_ends(before, organisation, at)):
        raise ZoneMovesEnds(before=before.timezone, after=organisation.timezone, ends=ends)
    if before is None:
        organisation.created_at = at
    organisation.save()
    facts = _facts(organisation)
    if before is None:
        record("organisation.made", organisation, at=at, by=by, rule="", **facts)
    else:
        was = _facts(before)  # a report about a past month says it (F1)
        facts["before"] = was
        record("organisation.changed", organisation, at=at, by=by, rule="", **facts)
    return organisation


@transaction.atomic
def set_gold_default(organisation: Organisation, *, value: str, by: Person, at: datetime) -> None:
    """When a Gold incident is spent without being asked (rule 2). Safe to repeat.

    Error: `NotYourPeople`.
    """
    if not policies.may_manage_people_of(by, organisation):
        raise NotYourPeople()
    before, value = organisation.gold_default, GoldDefault(value)
    if before == value:
        return
    organisation.gold_default = value
    organisation.save(update_fields=["gold_default"])
    record("organisation.gold_default", organisation, at=at, by=by, before=before, after=value)


@transaction.atomic
def set_shares(organisation: Organisation, *, value: str, by: Person, at: datetime) -> None:
    """Whether its people see all of its reports or their own (F4). Safe to repeat.

    Error: `NotYourPeople`.
    """
    if not policies.may_manage_people_of(by, organisation):
        raise NotYourPeople()
    before, value = organisation.shares, Shares(value)
    if before == value:
        return
    organisation.shares = value
    organisation.save(update_fields=["shares"])
    record("organisation.shares", organisation, at=at, by=by, before=before, after=value)


@transaction.atomic
def save_partner(partner: Partner, *, by: Person, at: datetime) -> Partner:
    """Write a new or a changed local partner. Error: `NotYourPeople`."""
    if not policies.may_manage_vendor(by):
        raise NotYourPeople()
    fresh = partner.pk is None
    partner.save()
    kind = "partner.made" if fresh else "partner.changed"
    record(kind, partner, at=at, by=by, name=partner.name, language=partner.language)
    return partner


@transaction.atomic
def assign_partner(
    partner: Partner, organisations: Collection[Organisation], *, by: Person, at: datetime
) -> None:
    """Which organisations the partner serves from now on; each change is journaled there.

    One that another partner served moves here; one that is left out goes back to the vendor.
    Safe to repeat. Error: `NotYourPeople`.
    """
    if not policies.may_manage_vendor(by):
        raise NotYourPeople()
    wanted = {organisation.pk for organisation in organisations}
    concerned = Organisation.objects.filter(Q(partner=partner) | Q(pk__in=wanted))
    for one in concerned.select_for_update(of=("self",)).order_by("pk"):
        after = partner.pk if one.pk in wanted else None
        if one.partner_id == after:
            continue
        before, one.partner_id = one.partner_id, after
        one.save(update_fields=["partner"])
        record("organisation.partner", one, at=at, by=by, before=before, after=after)


def moved_ends(before: Organisation, after: Organisation, at: datetime) -> str:
    """By how much another time zone moves the end of a day, in winter and summer; "" by nothing."""
    moved = []
    for month in (1, 7):  # a zone may follow another's clocks for half of the year
        there, here = (
            datetime(at.year, month, 15, tzinfo=ZoneInfo(one.timezone)) for one in (before, after)
        )
        moved.append(here - there)
    words = dict.fromkeys(_shift(one) for one in moved if one)
    return " or ".join(words)


def _shift(by: timedelta) -> str:
    hours = abs(by).total_seconds() / 3600
    return f"{hours:g} hour{'' if hours == 1 else 's'} {'later' if by > timedelta() else 'earlier'}"


def _facts(organisation: Organisation) -> dict[str, object]:
    kept = ("name", "slug", "country", "language", "timezone", "partner_id", "tam_id")
    return {field: getattr(organisation, field) for field in (*kept, "gold_default", "shares")}
