"""One picture as its page and its PDF show it: tables, what is open now, what customers said."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Organisation, Person
from core.svg import bar_chart
from entitlements.models import Service
from office.pdf.picture import render
from office.reads.figures.asked import NOBODY, NOTHING, Asked, facts_for
from office.reads.figures.now import backlog_of
from office.reads.figures.tables import PICTURES, level_name, table_of
from office.rules.picture import Said, Shown
from tickets.enums import Tier
from tickets.models import Cause, Incident

WORDS = 30  # comments of customers that are shown


def shown_to(person: Person, key: str, asked: Asked, *, at: datetime) -> Shown:
    """The picture `key` (one of `PICTURES`) of what this person may see."""
    picture = PICTURES[key]
    return Shown(
        key=key,
        title=picture.title,
        lead=picture.lead,
        since=asked.since,
        until=asked.until,
        narrowed=filter_in_words(asked, person),
        tables=[table_of(key, told, asked, person) for told in picture.told],
        backlog=backlog_of(asked, person, at=at) if key == "flow" else None,
        words=words_said(asked, person, at=at) if key == "satisfaction" else None,
        known_at=at,
    )


def chart_of(shown: Shown) -> SafeString:
    """Its chart for a page; "" without one. `bar_chart` escapes every text that it is given."""
    drawn = shown.tables[0].drawn
    if drawn is None:
        return SafeString("")
    return mark_safe(bar_chart(drawn, name="over-time", width=980, height=280))


def paper_for(person: Person, key: str, asked: Asked, *, at: datetime) -> tuple[str, bytes]:
    """The picture of what this person may see as a PDF, with its name; moments by their clock."""
    shown = shown_to(person, key, asked, at=at)
    return shown.file_name, render(shown, vendor=settings.VENDOR["name"], timezone=person.timezone)


def words_said(asked: Asked, person: Person, *, at: datetime) -> list[Said]:
    """With the very ratings that are counted, the worst first; private reports keep theirs."""
    zone = ZoneInfo(settings.DESK_TIMEZONE)
    visible = Incident.objects.visible_to(person)
    rated = facts_for(asked, person, "rated", at=at).exclude(comment="")
    found = rated.filter(incident__in=visible, incident__is_private=False)
    related = found.select_related("incident", "organisation").order_by("score", "-given_at")
    return [
        Said(
            one.comment,
            one.score,
            str(one.organisation),
            one.incident.number,
            one.given_at.astimezone(zone).date(),
        )
        for one in related[:WORDS]
    ]


def filter_in_words(asked: Asked, person: Person) -> list[str]:
    """What narrows the figures, such as "customer Northwind"; no name that they may not see."""
    parts = []
    if asked.customer:
        seen = Organisation.objects.visible_to(person).filter(slug=asked.customer)
        name = seen.values_list("name", flat=True).first()
        parts.append(f"customer {name}" if name else "a customer whom you do not see")
    if asked.level:
        parts.append(f"level {level_name(asked.level)}")
    if asked.tier:
        names = dict(Tier.choices)
        parts.append(f"technical level {names.get(Tier(asked.tier)) if asked.tier > 0 else 'none'}")
    if asked.service:
        parts.append(f"service {_named(Service, asked.service)}")
    if asked.cause:
        parts.append(f"cause {_named(Cause, asked.cause)}")
    if asked.engineer == NOBODY:
        parts.append("of nobody")
    elif asked.engineer:
        people = Person.objects.visible_to(person).filter(pk=asked.engineer)
        parts.append(f"engineer {people.values_list('name', flat=True).first() or 'unknown'}")
    return parts


def _named(model: type[Service] | type[Cause], key: str) -> str:
    if key == NOTHING:
        return "none"
    return str(model.objects.filter(key=key).values_list("name", flat=True).first() or key)
