"""What the desk's pages carry for their keys: read by `static/js/keys.js` and `palette.js`."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import Person
from tickets.reads.keys import places_of

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_keys(context: dict[str, Any]) -> SafeString:
    """An element that nobody sees; nothing for who is not signed in."""
    request = context.get("request")
    person = getattr(request, "user", None)
    if not isinstance(person, Person) or not person.is_staff:
        return SafeString("")
    return format_html(
        '<div id="desk-keys" hidden data-single="{}" data-go="{}" data-keys="{}"'
        ' data-palette="{}" data-queue="{}" data-incidents="{}"></div>',
        "on" if person.single_keys else "off",
        " ".join(f"{one.letter}{address}" for one, address in places_of(person)),
        reverse("admin:keys"),
        reverse("admin:palette"),
        reverse("admin:queue"),
        reverse("admin:incident", args=["0"]).removesuffix("0/"),
    )
