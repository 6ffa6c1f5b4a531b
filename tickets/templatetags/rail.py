"""The rail of the engineers' pages: a table of places, drawn by one tag."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import template
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.enums import Role
from accounts.models import Person
from core.counting import Counted, count_up_to
from core.registries import badges
from core.templatetags.looks import icon

register = template.Library()

COUNTED = 99  # what a badge has room for


def everybody(person: Person) -> bool:
    return True


def is_of_the_vendor(person: Person) -> bool:
    return person.role != Role.PARTNER


def is_accountable(person: Person) -> bool:
    return person.role in (Role.TAM, Role.MANAGER)


def reads_figures(person: Person) -> bool:
    return person.role in (Role.TAM, Role.MANAGER, Role.PARTNER)


def is_manager(person: Person) -> bool:
    return person.is_manager


def is_leading(person: Person) -> bool:
    return person.is_manager or (person.is_lead and is_of_the_vendor(person))


@dataclass(frozen=True)
class Link:
    """`page` is a URL name; `counted` the name of the badge (`core.registries`) beside it."""

    page: str
    label: str
    may: Callable[[Person], bool] = everybody
    counted: str = ""


@dataclass(frozen=True)
class Entry:
    """A place of the rail under one short word: its one link, or a menu of several.

    `settings` stand in the menu below a heading of their own. Words alone: a drawing for each of
    thirty links is 3 kB of every page.
    """

    short: str
    drawn: str
    links: tuple[Link, ...]
    settings: tuple[Link, ...] = ()


ENTRIES = (
    Entry("Queue", "inbox", (Link("admin:queue", "Queue", counted="queue"),)),
    Entry(
        "Calls",
        "phone-call",
        (
            Link("admin:call_backs", "Call-backs", counted="call_backs"),
            Link("admin:call_new", "Log a call"),
        ),
    ),
    Entry(
        "Customers",
        "building-2",
        (
            Link("admin:customers", "My customers", is_accountable),
            Link("admin:organisations", "Organisations"),
            Link("admin:people", "People"),
            Link("admin:coverage", "Coverage"),
            Link("admin:claims", "Licences to confirm", is_accountable, "claims"),
            Link("admin:orders", "Orders", is_accountable, "orders"),
            Link("admin:renewals", "Renewals", is_accountable, "renewals"),
            Link("admin:imports", "Bring data in", is_manager),
            Link("admin:exports", "Take data out", is_accountable),
            Link("admin:trainings", "Trainings", is_of_the_vendor),
        ),
    ),
    Entry(
        "Projects",
        "layers",
        (
            Link("admin:engagements", "Engagements", is_of_the_vendor, "engagements"),
            Link("admin:engagement_calendar", "Calendar", is_of_the_vendor),
            Link("admin:roadmap", "Roadmap", is_of_the_vendor),
            Link("admin:audit_library", "Audit cases", is_of_the_vendor),
            Link("admin:engagement_lists", "Lists and plans", is_of_the_vendor),
        ),
    ),
    Entry("Defects", "wrench", (Link("admin:defects", "Known defects", is_of_the_vendor),)),
    Entry(
        "Help",
        "book-open",
        (
            Link("admin:articles", "Articles", is_of_the_vendor, "articles"),
            Link("admin:forum", "Forum", is_of_the_vendor, "forum"),
            Link("admin:missed_searches", "Searched in vain", is_of_the_vendor),
            Link("admin:manuals", "Documentation", is_of_the_vendor),
            Link("admin:releases", "Releases", is_of_the_vendor),
            Link("admin:betas", "Beta programmes", is_of_the_vendor, "beta"),
            Link("resources:help", "As customers see it"),
        ),
    ),
    Entry(
        "Reports",
        "chart-column",
        (
            Link("admin:figures", "Figures", reads_figures),
            Link("admin:figures_load", "Load and rota", is_manager),
            Link("admin:schedules", "By mail", reads_figures),
            Link("admin:reports", "Service reports"),
        ),
    ),
    Entry("Rota", "calendar-clock", (Link("admin:rota", "Duty rota"),)),
    Entry(
        "Mail",
        "mail",
        (
            Link("admin:mail_aside", "Mail kept aside", is_of_the_vendor, "mail"),
            Link("admin:addresses", "Mail that comes back", is_of_the_vendor),
        ),
    ),
    Entry(
        "More",
        "menu",
        (
            Link("admin:catalogue", "Catalogue"),
            Link("admin:canned_answers", "Canned answers"),
            Link("admin:saved_views", "Views of the queue"),
            Link("admin:journal", "Journal", is_accountable),
            Link("admin:watchdog", "Watchdog", is_leading),
        ),
        settings=(
            Link("admin:first_steps", "First steps", is_manager),
            Link("admin:security", "Security", is_manager),
            Link("admin:privacy", "Privacy", is_manager),
            Link("admin:alarm_policies", "Alarms", is_manager),
            Link("admin:dispatch_rules", "Rules of dispatch", is_manager),
            Link("admin:checklists", "Hand-over checklists", is_manager),
            Link("admin:licence_keys", "Licence keys", is_manager),
            Link("admin:selling_terms", "VAT and payment", is_manager),
            Link("admin:tier_targets", "Levels' own targets", is_manager),
            Link("admin:health_rules", "Health score", is_manager),
            Link("admin:wordings", "What the desk writes", is_manager),
            Link("admin:index", "All pages and records", is_manager),
        ),
    ),
)
PLACES = {link.page: link for entry in ENTRIES for link in (*entry.links, *entry.settings)}
OWN = (
    Link("accounts:profile", "Your profile"),
    Link("mfa_index", "Two-factor sign-in"),
)


@register.simple_tag(takes_context=True)
def rail(context: dict[str, Any]) -> SafeString:
    """The places that mean something to this person, the present one marked, with their numbers."""
    person = _reader(context)
    if person is None:
        return SafeString("")
    numbers = _numbers(person)
    drawn = ((_entry(context, entry, numbers),) for entry in ENTRIES)
    return format_html('<ul class="rail-entries">{}</ul>', format_html_join("", "{}", drawn))


@register.simple_tag(takes_context=True)
def rail_own(context: dict[str, Any]) -> SafeString:
    """The items of the person's own list, without the list."""
    shown = _shown(context, OWN) if _reader(context) else []
    return format_html_join("", "{}", ((_item(link, url, now, None),) for link, url, now in shown))


@register.simple_tag(takes_context=True)
def rail_pages(context: dict[str, Any], pages: Iterable[str]) -> list[tuple[str, str]]:
    """Label and address of the pages with these URL names that the person may open."""
    links = tuple(PLACES[page] for page in pages or ())
    return [(link.label, url) for link, url, _now in _shown(context, links)]


@register.simple_tag
def page_address(page: str) -> str:
    """Of a page by its URL name; empty where this site has none of that name."""
    return _address(page, get_script_prefix())


@register.filter
def initials(person: Person) -> str:
    """Of the first and the last word of a name; for a disc of two letters."""
    words = person.name.split() or [person.email]
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


def _reader(context: Mapping[str, Any]) -> Person | None:
    person = getattr(context.get("request"), "user", None)
    return person if isinstance(person, Person) and person.is_staff else None


def _numbers(person: Person) -> dict[str, Counted]:
    """The number of each badge that the apps registered, by its name: in one statement."""
    rows = {name: badge.rows(person) for name, badge in badges.items()}
    return count_up_to(COUNTED, {name: found for name, found in rows.items() if found is not None})


def _entry(context: Mapping[str, Any], entry: Entry, numbers: Mapping[str, Counted]) -> SafeString:
    """Nothing where the person may open none of its pages; a menu of one is its link."""
    links = _shown(context, entry.links)
    settings = _shown(context, entry.settings)
    if not links and not settings:
        return SafeString("")
    if len(links) + len(settings) == 1:
        link, url, now = (links or settings)[0]
        return _place(entry.short, entry.drawn, link.label, url, now, numbers.get(link.counted))
    items = [(_item(link, url, now, numbers.get(link.counted)),) for link, url, now in links]
    if settings:
        items.append((SafeString('<li class="group">Settings</li>'),))
        items += [(_item(link, url, now, None),) for link, url, now in settings]
    return format_html(
        '<li><details name="rail"><summary{}>{}<span>{}</span>{}</summary>'
        '<ul class="rail-list">{}</ul></details></li>',
        SafeString(' class="is-here"') if any(now for *_, now in links + settings) else "",
        icon(entry.drawn),
        entry.short,
        _badge(_sum(numbers[one.counted] for one, *_ in links if one.counted in numbers)),
        format_html_join("", "{}", items),
    )


def _shown(context: Mapping[str, Any], links: tuple[Link, ...]) -> list[tuple[Link, str, str]]:
    """The links that this person may follow: each with its address and its `aria-current`."""
    request, section, prefix = context["request"], context.get("section"), get_script_prefix()
    addressed = [(link, _address(link.page, prefix)) for link in links if link.may(request.user)]
    return [
        (link, url, "page" if request.path == url else "true" if section == link.label else "")
        for link, url in addressed
        if url
    ]


@lru_cache(maxsize=512)
def _place(
    short: str, drawn: str, label: str, url: str, now: str, number: Counted | None
) -> SafeString:
    """The whole words are what a screen reader says; the eye has the short one and a title."""
    return format_html(
        '<li><a href="{}" title="{}"{}>{}<span aria-hidden="true">{}</span>'
        '<span class="whole">{}</span>{}</a></li>',
        url,
        label,
        _current(now),
        icon(drawn),
        short,
        label,
        _badge(number),
    )


@lru_cache(maxsize=512)
def _item(link: Link, url: str, now: str, number: Counted | None) -> SafeString:
    return format_html(
        '<li><a href="{}"{}>{}{}</a></li>',
        url,
        _current(now),
        link.label,
        _badge(number),
    )


def _current(now: str) -> SafeString | str:
    return format_html(' aria-current="{}"', now) if now else ""


def _badge(number: Counted | None) -> SafeString | str:
    return format_html(' <span class="count">{}</span>', number) if number else ""


def _sum(numbers: Iterable[Counted]) -> Counted | None:
    found = list(numbers)
    total = sum(one.number for one in found)
    return Counted(min(total, COUNTED), any(one.more for one in found) or total > COUNTED)


@lru_cache(maxsize=64)
def _address(page: str, prefix: str) -> str:
    """None of a page that this site has not; `prefix` is where the site lives."""
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""
