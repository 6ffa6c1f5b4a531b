"""An organisation's whole entitlement life on one page: drawn, as a table, and event by event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.models import Organisation, Person
from core.admin import Site
from core.paging import paged
from core.text import clean
from entitlements import policies
from entitlements.enums import Level
from entitlements.models import Licence, Subscription
from entitlements.reads.events import events_of
from entitlements.reads.history import Axis, Lane, Stretch, common_lane, lanes_of
from entitlements.reads.holdings import local_day

LANES = 20  # licences a page
_BAR, _STEP, _EDGE = 12, 16, 5  # heights in CSS pixels

# What a manager can do for one licence: the words, the page, how it names the licence.
_FOR_A_LICENCE = (
    ("Sell support", "admin:entitlements_subscription_add", "licence"),
    ("Sell Gold", "admin:entitlements_incidentpack_add", "licence"),
    ("Set its price", "admin:entitlements_licence_price", ""),
    ("Transfer it", "admin:entitlements_licence_transfer", ""),
)
_FOR_AN_ORGANISATION = (
    ("Register a licence", "admin:entitlements_licence_add"),
    ("Open a GoLive project", "admin:entitlements_goliveproject_add"),
    ("Enter a technical contract", "admin:entitlements_technicalcontract_add"),
)


@dataclass(frozen=True)
class Bar:
    """A stretch in a drawing: edges in percent of the width, from above in pixels."""

    stretch: Stretch
    x: str
    width: str
    y: int


@dataclass(frozen=True)
class Line:
    """An upright line in a drawing, with words beside it where it has some."""

    x: str
    label: str = ""


@dataclass(frozen=True)
class Drawn:
    """A lane as its picture shows it, and what can be done for its licence."""

    lane: Lane
    height: int
    bars: Sequence[Bar]
    marks: Sequence[Line]
    actions: Sequence[tuple[str, str]]

    @property
    def bar_height(self) -> int:
        return _BAR


@require_safe
def contracts(request: SignedInRequest, slug: str) -> HttpResponse:
    """Lanes of the licences and the events below; `?licence=` narrows both by the key.

    `?lanes=` and `?page=` turn the pages of the one and of the other.
    """
    visible = Organisation.objects.visible_to(request.user)
    organisation = get_object_or_404(visible, slug=slug)
    if not policies.may_see_contracts(request.user, organisation):
        raise Http404
    at, words = timezone.now(), clean(request.GET.get("licence", ""))[:60]
    licences = Licence.objects.visible_to(request.user).filter(organisation=organisation)
    if words:
        licences = licences.filter(key__icontains=words)
    ordered = licences.order_by(F("transferred_at").asc(nulls_first=True), "key", "pk")
    page = paged(ordered, request, size=LANES, name="lanes")
    shown = list(page.object_list)
    context = {
        "organisation": organisation,
        "page_of_lanes": page,
        "words": words,
        "events": events_of(
            organisation,
            licences=shown if words else None,
            number=_number(request.GET.get("page")),
        ),
        "with_prices": policies.may_see_prices(request.user),
        "page_actions": _actions_for(request.user),
        "levels": list(Level),
        "section": "Organisations",
        **_drawing(request.user, organisation, shown, date_of=local_day(at, organisation.timezone)),
    }
    return render(request, "staff/contracts.html", context)


def _drawing(
    person: Person, organisation: Organisation, licences: Sequence[Licence], *, date_of: date
) -> dict[str, object]:
    lanes = lanes_of(licences, organisation.timezone, at=timezone.now())
    common = common_lane(organisation)
    all_lanes = [*lanes, common] if common.stretches else lanes
    axis = Axis.around(all_lanes, date_of)
    ticks = axis.ticks()
    in_years = all(day.month == 1 for day in ticks)
    renewable = _last_sold(licences) if policies.may_manage_contracts(person) else {}
    return {
        "drawn": [_drawn(one, axis, _actions_of(one, person, renewable)) for one in all_lanes],
        "today": _percent(axis.place(date_of)),
        "ticks": [
            Line(_percent(axis.place(day)), f"{day:%Y}" if in_years else f"{day:%b %Y}")
            for day in ticks
        ],
    }


def _drawn(lane: Lane, axis: Axis, page_actions: Sequence[tuple[str, str]]) -> Drawn:
    rows = lane.rows
    bars = []
    for number, row in enumerate(rows):
        for one in row:
            left, right = axis.place(one.starts_on), axis.place(one.ends_on)
            width = _percent(max(right - left, 0.3))
            bars.append(Bar(one, _percent(left), width, _EDGE + number * _STEP))
    marks = [Line(_percent(axis.place(one.on)), one.label) for one in lane.marks]
    height = 2 * _EDGE + max(len(rows), 1) * _STEP - (_STEP - _BAR)
    return Drawn(lane, height, bars, marks, page_actions)


def _percent(share: float) -> str:
    return f"{share:.2f}%"


def _actions_for(person: Person) -> list[tuple[str, str]]:
    """What a manager can enter for an organisation."""
    if not policies.may_manage_contracts(person):
        return []
    return [(words, url) for words, name in _FOR_AN_ORGANISATION if (url := _address(name))]


def _last_sold(licences: Sequence[Licence]) -> dict[int, Subscription]:
    """By licence the subscription that lasts longest, which is the one to renew; in one query."""
    standing = Subscription.objects.standing().filter(licence__in=licences)
    return {one.licence_id: one for one in standing.order_by("ends_on", "pk")}


def _actions_of(
    lane: Lane, person: Person, renewable: Mapping[int, Subscription]
) -> list[tuple[str, str]]:
    """What a manager can sell or do for the lane's licence, while the organisation has it."""
    licence = lane.licence
    if licence is None or licence.transferred_at or not policies.may_manage_contracts(person):
        return []
    if licence.is_waiting:
        return [("Confirm or decline it", _address("admin:claim", licence.pk))]
    if not licence.counts:
        return []
    found = []
    if last := renewable.get(licence.pk):
        renewal = _address("admin:entitlements_subscription_renew", last.pk)
        found.append((f"Renew {last.get_level_display()}", renewal))
    for words, name, argument in _FOR_A_LICENCE:
        if argument:
            url = _address(name)
            url = f"{url}?{urlencode({argument: licence.pk})}" if url else ""
        else:
            url = _address(name, licence.pk)
        if url:
            found.append((words, url))
    return found


def _address(name: str, *args: int) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:  # this desk has no such page
        return ""


def _number(asked: str | None) -> int:
    return int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


assert isinstance(admin.site, Site)
admin.site.add_pages(("organisations/<slug:slug>/contracts/", contracts, "contracts"))
