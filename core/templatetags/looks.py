"""The small things that stand on a page a hundred times. Built into every template (settings).

Each is made once a process and kept: to include a template for each costs 50 microseconds, and a
page has two hundred of them. What an app's own badges look like stands in its own tags.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.template import defaultfilters
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core import moments, plain
from core.languages import is_english

register = template.Library()
_HYPHENED = re.compile(r"([A-Z]{2,5}(?:-[A-Z0-9]+)+)")
_PLACE = "--0--"  # stands in an address where the row's own word goes


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, look: str = "") -> SafeString:
    """A drawing of the sprite, for the eye alone: its words stand beside it."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {look}" if look else "",
        static("icons/sprite.svg"),
        name,
    )


@register.filter(expects_localtime=True, is_safe=False)
def date(at: Any, look: str = "j M Y") -> str:
    """Django's filter of this name, in the order and with the stops of the reader's language."""
    if at is None or isinstance(at, str) or is_english():
        return str(defaultfilters.date(at, look))
    return moments.written(at, look)


@register.filter
def prose(text: str) -> SafeString:
    """Text that came from outside, to the letter: white space and logs stay as they are."""
    return plain.as_html(text)


@register.filter
def unbroken(text: str) -> SafeString:
    """A sentence in which numbers with hyphens (AX-2026-000017) stay on one line."""
    pieces = _HYPHENED.split(text)  # what it found stands at the odd places
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<span class="nowrap">{}</span>', one) if at % 2 else one,)
            for at, one in enumerate(pieces)
        ),
    )


@register.simple_tag
def row_url(name: str, word: str) -> str:
    """`{% url name word %}` for the rows of a list: the address is resolved once a process.

    `word` is a number of ours, such as that of an incident: letters, digits and hyphens.
    """
    before, after = _around(name, get_script_prefix())
    return f"{before}{word}{after}"


@register.simple_tag
def moment(at: datetime, look: str = "") -> SafeString:
    """A `<time>` of a list: "9 Jun 2026, 08:00"."""
    here = moments.local(at)
    return format_html(
        '<time{} datetime="{}">{}</time>',
        format_html(' class="{}"', look) if look else "",
        here.isoformat(timespec="seconds"),
        moments.dated(here),
    )


@lru_cache(maxsize=256)
def badge(words: str, look: str = "", drawn: str = "", title: str = "") -> SafeString:
    """A short word with a colour: `look` is its class, `drawn` the icon before it."""
    return format_html(
        '<span class="badge{}"{}>{}{}</span>',
        f" {look}" if look else "",
        format_html(' title="{}"', title) if title else "",
        icon(drawn) if drawn else "",
        words,
    )


@lru_cache(maxsize=64)
def _around(name: str, prefix: str) -> tuple[str, str]:
    """What stands before and after the word; `prefix` is that of the site, which may be moved."""
    before, _, after = reverse(name, args=[_PLACE]).partition(_PLACE)
    return before, after
