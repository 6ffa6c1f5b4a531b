"""The banners of security advisories that nobody of the reader's organisation has read (NL5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from accounts.models import Person
from resources.models import AdvisoryReach
from resources.reads.newsletters.pages import with_reasons

register = template.Library()
MOST = 3


@register.inclusion_tag("resources/_advisory_banners.html", takes_context=True)
def advisory_banners(context: Mapping[str, Any]) -> dict[str, Any]:
    """One statement a page, over its partial index; nothing for staff and strangers."""
    request = context.get("request")
    person = getattr(request, "user", None)
    if not isinstance(person, Person) or not person.is_customer:
        return {"rows": []}
    found = AdvisoryReach.objects.visible_to(person).unread()[:MOST]
    return {
        "rows": with_reasons(found),
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }
