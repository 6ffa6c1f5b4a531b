"""Beta programmes from draft to end, and their terms (BT1, BT2, BT6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.markdown import render
from core.text import clean_block, one_line
from entitlements.enums import Edition
from notices.outbox import notices_to, owe
from resources import policies
from resources.errors import BetaHasNoTerms, BetaIncomplete, BetaNamed, BetaNotRunning
from resources.models import BetaProgramme, BetaTerms
from resources.querysets.beta import RUNNING
from resources.rules.addresses import slug_of

RULE = "BT6"


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What a programme is to be."""

    name: str
    product: str
    editions: Sequence[str]
    about: str
    ends_on: date


@transaction.atomic
def save_programme(
    planned: Planned, *, by: Person, at: datetime, programme: BetaProgramme | None = None
) -> BetaProgramme:
    """A new programme, or `programme` as it is to be; what is the same writes nothing.

    Its address stays what it was first. Errors: `NotAllowed`, `BetaIncomplete`, `BetaNamed`,
    `BetaNotRunning` for one that has ended.
    """
    if not policies.may_keep_betas(by):
        raise NotAllowed()
    said = _said(planned)
    alike = BetaProgramme.objects.filter(name=said["name"])
    if (alike if programme is None else alike.exclude(pk=programme.pk)).exists():
        raise BetaNamed()
    if programme is None:
        one = BetaProgramme(**said, slug=_slug(said["name"]), made_by=by, made_at=at)
        one.save()
        record("beta.planned", one, at=at, by=by, name=one.name)
        return one
    one = held(programme)
    _check_not_ended(one)
    changed = [name for name, value in said.items() if getattr(one, name) != value]
    for name in changed:
        setattr(one, name, said[name])
    if changed:
        one.save(update_fields=changed)
        record("beta.described", one, at=at, by=by, names=changed)
    return one


@transaction.atomic
def write_terms(programme: BetaProgramme, text: str, *, by: Person, at: datetime) -> BetaTerms:
    """The next version of the terms; who takes part is told, and accepts it before the next build.

    The same text again is no new version. Errors: `NotAllowed`, `BetaIncomplete`,
    `BetaNotRunning`.
    """
    if not policies.may_keep_betas(by):
        raise NotAllowed()
    one = held(programme)
    _check_not_ended(one)
    text = clean_block(text)
    if not text:
        raise BetaIncomplete(missing="the text of its terms")
    last = one.terms.first()
    if last is not None and last.text == text:
        return last
    number = last.number + 1 if last is not None else 1
    terms = BetaTerms.objects.create(
        programme=one, number=number, text=text, html=render(text), made_by=by, made_at=at
    )
    record("beta.terms", one, at=at, by=by, rule="BT2", version=number)
    tell_members(one, "beta_terms", key=f"beta-terms:{terms.pk}", at=at, version=number)
    return terms


@transaction.atomic
def open_programme(programme: BetaProgramme, *, by: Person, at: datetime) -> BetaProgramme:
    """From now on customers see and join it. Safe to repeat.

    Errors: `NotAllowed`, `BetaHasNoTerms`, `BetaNotRunning` for one that has ended.
    """
    if not policies.may_open_betas(by):
        raise NotAllowed()
    one = held(programme)
    _check_not_ended(one)
    if not one.terms.exists():
        raise BetaHasNoTerms(name=one.name)
    if one.opened_at is None:
        one.opened_at = at
        one.save(update_fields=["opened_at"])
        record("beta.opened", one, at=at, by=by)
    return one


@transaction.atomic
def end_programme(
    programme: BetaProgramme, *, how_on: str, by: Person, at: datetime
) -> BetaProgramme:
    """Its builds are offered no more, and its members are told `how_on` it goes.

    Errors: `NotAllowed`, `BetaIncomplete`, `BetaNotRunning`.
    """
    if not policies.may_open_betas(by):
        raise NotAllowed()
    how_on = one_line(how_on)[:500]
    if not how_on:
        raise BetaIncomplete(missing="a word to its members: how they go on from their builds")
    one = held(programme)
    check_running(one)
    _end(one, how_on, by=by, at=at)
    return one


@transaction.atomic
def end_due(programme: int, *, at: datetime) -> int:
    """The sweep's: end one whose last day is over; 1 where it did. Safe to repeat and to race."""
    due = BetaProgramme.objects.filter(RUNNING, pk=programme, ends_on__lt=at.date())
    one = due.select_for_update().first()
    if one is None:
        return 0
    _end(one, "", by=None, at=at)
    return 1


def held(programme: BetaProgramme) -> BetaProgramme:
    """The programme, locked: who joins comes before or after its end, its builds too."""
    return BetaProgramme.objects.select_for_update().get(pk=programme.pk)


def check_running(one: BetaProgramme) -> None:
    """Raises `BetaNotRunning`."""
    if not one.is_running:
        since = f" since {one.ended_at:%d %B %Y}" if one.ended_at else " yet"
        raise BetaNotRunning(name=one.name, since=since)


def tell_members(
    programme: BetaProgramme, template: str, *, key: str, at: datetime, **facts: Any
) -> None:
    """Owe everybody who takes part a notice, each of their own organisation."""
    members = programme.members.present().select_related("person")
    members = members.filter(person__organisation=F("organisation"))  # not who moved away
    people = [one.person for one in members.order_by("pk")]
    url = f"{settings.SITE_URL}{programme.get_absolute_url()}"
    owed = notices_to(
        people, template, key=key, at=at, about=programme, beta=programme.name, url=url, **facts
    )
    for notice in owed:
        assert notice.to is not None
        notice.organisation_id = notice.to.organisation_id
    owe(owed)


def _end(one: BetaProgramme, how_on: str, *, by: Person | None, at: datetime) -> None:
    one.ended_at, one.ended_for = at, how_on
    one.save(update_fields=["ended_at", "ended_for"])
    record("beta.ended", one, at=at, by=by, rule=RULE, reason=how_on)
    tell_members(one, "beta_ended", key=f"beta-ended:{one.pk}", at=at, how_on=how_on)


def _check_not_ended(one: BetaProgramme) -> None:
    if one.ended_at is not None:
        check_running(one)


def _said(planned: Planned) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": one_line(planned.name)[:80],
        "product": one_line(planned.product)[:120],
        "editions": [one for one in Edition.values if one in planned.editions],
        "about": clean_block(planned.about),
        "ends_on": planned.ends_on,
    }
    words = {"name": "a name", "product": "a product", "editions": "an edition"}
    for name, missing in (words | {"about": "words on what it brings"}).items():
        if not said[name]:
            raise BetaIncomplete(missing=missing)
    return said | {"about_html": render(said["about"])}


def _slug(name: str) -> str:
    first = slug_of(name) or "beta"
    taken = set(BetaProgramme.objects.filter(slug__startswith=first).values_list("slug", flat=True))
    number = 1
    while (slug := first if number == 1 else f"{first}-{number}") in taken:
        number += 1
    return slug
