"""An incident's state, technical level, priority and due moment. Built into every template."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince, timeuntil

from core import moments
from core.templatetags.looks import badge, icon
from tickets.enums import OUTSIDE, OUTSIDE_WORDS, Priority, State, Tier
from tickets.models import Incident
from tickets.rules.promises.countdown import Countdown, in_words
from tickets.text import customers

register = template.Library()

NOT_COVERED = customers.NOT_COVERED
_STATES = {
    State.NEW.value: ("New", "badge-strong"),
    State.OPEN.value: ("Open", "badge-blue"),
    State.WAITING.value: ("Waiting for customer", "badge-warm"),
    State.SOLVED.value: ("Solved", "badge-green"),
    State.CLOSED.value: ("Closed", ""),
    OUTSIDE: (OUTSIDE_WORDS, "badge-violet"),
    NOT_COVERED: ("Not covered", "badge-red"),
}
_TIERS = {
    Tier.TS1.value: ("badge-line", "Support team"),
    Tier.TS2.value: ("badge-blue", "Beta testing team"),
    Tier.TS3.value: ("badge-violet", "Development team"),
}
_PRIORITIES = {
    Priority.CRITICAL.value: ("is-urgent", "flag"),
    Priority.HIGH.value: ("is-high", "arrow-up"),
    Priority.NORMAL.value: ("", "circle-dot"),
    Priority.LOW.value: ("", "arrow-down"),
}


@register.simple_tag(name="state")
@lru_cache(maxsize=64)
def state_badge(state: str, label: str = "") -> SafeString:
    """Of one of `State`, or "not_covered"."""
    words, look = _STATES[state]
    return badge(label or words, look)


@register.simple_tag
def customers_state(incident: Incident) -> SafeString:
    """The state in the customer's words."""
    key = customers.key_of(incident.shown_state, "covered" if incident.decision.level_id else None)
    return state_badge(key, customers.STATES[key])


@register.simple_tag(name="tier")
@lru_cache(maxsize=8)
def tier_badge(tier: int) -> SafeString:
    look, team = _TIERS[int(tier)]
    return badge(Tier(int(tier)).label, look, title=team)


@register.simple_tag(name="priority")
@lru_cache(maxsize=32)
def priority_badge(priority: int, label: str = "") -> SafeString:
    look, drawn = _PRIORITIES[int(priority)]
    words = label or Priority(int(priority)).label
    return badge(words, f"badge-plain {look}".strip(), drawn)


@register.simple_tag(takes_context=True)
def due(
    context: Mapping[str, Any],
    due_at: datetime | None,
    state: str = "open",
    *,
    soon: bool = False,
    count: Countdown | None = None,
    none: str = "No answer owed",
) -> SafeString:
    """A due moment and how it stands: `state` is open, breached, met or late.

    `count` is the working time that is left, which the page's script counts down. The page's moment
    is `now` in its context.
    """
    if not due_at:
        return format_html('<span class="due due-none">{}</span>', none)
    here = moments.local(due_at)
    if state == "met":
        return _answered("due-met", icon("check"), "Answered in time", f"due {moments.short(here)}")
    if state == "late":
        was = f"was due {moments.short(here)}"
        return _answered("due-breached", icon("circle-alert"), "Answered late", was)
    is_over = state == "breached"
    look = "due-breached" if is_over else "due-soon" if soon else ""
    return format_html(
        '<span class="due {}"><strong>{}<time datetime="{}" data-due data-state="{}"{}>{}</time>'
        '</strong><span class="due-at">{} {}</span>{}</span>',
        look,
        icon("circle-alert") if is_over else "",
        here.isoformat(timespec="seconds"),
        state or "open",
        _spans(count),
        _left(due_at, count, context.get("now"), is_over=is_over),
        "was due" if is_over else "until",
        moments.short(here),
        _stands(count),
    )


def _answered(look: str, drawn: SafeString, words: str, when: str) -> SafeString:
    return format_html(
        '<span class="due {}"><strong>{}{}</strong><span class="due-at">{}</span></span>',
        look,
        drawn,
        words,
        when,
    )


def _left(due_at: datetime, count: Countdown | None, now: datetime | None, *, is_over: bool) -> str:
    """As the page's script writes it a moment later."""
    if is_over:
        return f"overdue by {in_words(now - due_at) if now else timesince(due_at)}"
    return f"{count.words if count else timeuntil(due_at)} left"


def _spans(count: Countdown | None) -> SafeString | str:
    """The open hours, from which the page's script counts down."""
    if not count or not count.stands_at_times:
        return ""
    return format_html(' data-open="{}"', count.open_spans)


def _stands(count: Countdown | None) -> SafeString | str:
    if not count or not count.stands_at_times:
        return ""
    until = ""
    if count.stands_until is not None:
        until = f", stands until {moments.local(count.stands_until):%a %H:%M}"
    return format_html('<span class="due-at">working time{}</span>', until)
