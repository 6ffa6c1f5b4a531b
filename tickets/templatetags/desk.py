"""What the engineers' pages need in their templates."""

from __future__ import annotations

from typing import Any

from django import template

from accounts.models import Person
from tickets import policies
from tickets.models import InboundMail, ResponseTarget

register = template.Library()


@register.simple_tag(takes_context=True)
def rail_counts(context: dict[str, Any]) -> dict[str, int]:
    """The numbers of the rail: what this person owes an answer on, and mails kept aside.

    Two look-ups over partial indexes, however much there is.
    """
    request = context.get("request")
    person = getattr(request, "user", None)
    if not isinstance(person, Person) or not person.is_staff:
        return {}
    owed = ResponseTarget.objects.visible_to(person).open().filter(incident__owner=person)
    kept = InboundMail.objects.visible_to(person).kept_for_a_human()
    return {
        "queue": owed.count(),
        "mail": kept.count() if policies.may_see_mail(person) else 0,
    }
