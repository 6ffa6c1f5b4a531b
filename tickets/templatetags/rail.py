"""The rail of the engineers' pages: a table of links, drawn by one tag."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


def is_leading(person: Person) -> bool:
    return person.is_manager or (person.is_lead and is_of_the_vendor(person))


@dataclass(frozen=True)
class Link:
    """`page` is a URL name; `counted` the name of the badge (`core.registries`) beside it."""

    page: str
    drawn: str
    label: str
    may: Callable[[Person], bool] = everybody
    counted: str = ""


MAIN = (
    Link("admin:queue", "inbox", "Queue", counted="queue"),
    Link("admin:call_new", "phone", "Log a call"),
    Link("admin:call_backs", "phone-call", "Call-backs", counted="call_backs"),
    Link("admin:defects", "wrench", "Known defects", is_of_the_vendor),
    Link("admin:rota", "calendar-clock", "Duty rota"),
    Link("admin:organisations", "building-2", "Organisations"),
    Link("admin:coverage", "shield-check", "Coverage"),
    Link("admin:reports", "chart-column", "Reports"),
    Link("admin:catalogue", "book-open", "Catalogue"),
    Link("admin:people", "users", "People"),
    Link("admin:mail_aside", "mail-warning", "Mail kept aside", is_of_the_vendor, counted="mail"),
    Link("admin:addresses", "mail", "Mail that comes back", is_of_the_vendor),
    Link("admin:claims", "key-round", "Licences to confirm", is_accountable, counted="claims"),
    Link("admin:journal", "scroll-text", "Journal", is_accountable),
    Link("admin:watchdog", "gauge", "Watchdog", is_leading),
)
SETTINGS = (
    Link("admin:security", "shield-check", "Security"),
    Link("admin:alarm_policies", "bell", "Alarms"),
    Link("admin:dispatch_rules", "funnel", "Rules of dispatch"),
    Link("admin:checklists", "list-checks", "Hand-over checklists"),
    Link("admin:licence_keys", "key-round", "Licence keys"),
    Link("admin:tier_targets", "clock", "Levels' own targets"),
    Link("admin:wordings", "mail", "What the desk writes"),
    Link("admin:index", "settings", "All records"),
)
OWN = (
    Link("accounts:profile", "user", "Your profile"),
    Link("mfa_index", "key-round", "Two-factor sign-in"),
)


@register.simple_tag(takes_context=True)
def rail(context: dict[str, Any]) -> SafeString:
    """The links that mean something to this person, the present one marked, with its numbers."""
    person = _reader(context)
    return _list(context, MAIN, _numbers(person)) if person else SafeString("")


@register.simple_tag(takes_context=True)
def rail_settings(context: dict[str, Any]) -> SafeString:
    """What managers set; nothing for anybody else."""
    person = _reader(context)
    if person is None or not person.is_manager:
        return SafeString("")
    return format_html('<p class="group">Settings</p>{}', _list(context, SETTINGS, {}))


@register.simple_tag(takes_context=True)
def rail_own(context: dict[str, Any]) -> SafeString:
    """The items of the person's own list, without the list."""
    return _items(context, OWN, {}) if _reader(context) else SafeString("")


def _reader(context: Mapping[str, Any]) -> Person | None:
    person = getattr(context.get("request"), "user", None)
    return person if isinstance(person, Person) and person.is_staff else None


def _numbers(person: Person) -> dict[str, Counted]:
    """The number of each badge that the apps registered, by its name: in one statement."""
    rows = {name: badge.rows(person) for name, badge in badges.items()}
    return count_up_to(COUNTED, {name: found for name, found in rows.items() if found is not None})


def _list(
    context: Mapping[str, Any], links: tuple[Link, ...], numbers: Mapping[str, Counted]
) -> SafeString:
    return format_html("<ul>{}</ul>", _items(context, links, numbers))


def _items(
    context: Mapping[str, Any], links: tuple[Link, ...], numbers: Mapping[str, Counted]
) -> SafeString:
    request, section = context["request"], context.get("section")
    shown = []
    for link in links:
        url = _address(link.page, get_script_prefix())
        if url and link.may(request.user):
            current = "page" if request.path == url else "true" if section == link.label else ""
            shown.append((_item(link, url, current, numbers.get(link.counted) or None),))
    return format_html_join("", "{}", shown)


@lru_cache(maxsize=512)
def _item(link: Link, url: str, current: str, number: Counted | None) -> SafeString:
    return format_html(
        '<li><a href="{}"{}>{} {}{}</a></li>',
        url,
        format_html(' aria-current="{}"', current) if current else "",
        icon(link.drawn),
        link.label,
        format_html(' <span class="count">{}</span>', number) if number else "",
    )


@lru_cache(maxsize=64)
def _address(page: str, prefix: str) -> str:
    """None of a page that this site has not; `prefix` is where the site lives."""
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""
