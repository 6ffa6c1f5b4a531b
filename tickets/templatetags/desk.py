"""What the engineers' pages need in their templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.db.models import CharField, Count, QuerySet, Value
from django.db.models.functions import Now

from accounts.models import Person
from tickets import policies
from tickets.models import CallBack, InboundMail, ResponseTarget

register = template.Library()


@register.simple_tag(takes_context=True)
def rail_counts(context: dict[str, Any]) -> dict[str, int]:
    """The numbers of the rail: answers that this person owes, mails kept aside, calls that are due.

    Two look-ups over partial indexes, however much there is.
    """
    request = context.get("request")
    person = getattr(request, "user", None)
    if not isinstance(person, Person) or not person.is_staff:
        return {}
    owed = ResponseTarget.objects.visible_to(person).open().filter(incident__owner=person)
    kept = InboundMail.objects.visible_to(person).kept_for_a_human()
    due = CallBack.objects.visible_to(person).owed().filter(owed_at__lte=Now())
    aside = _counted("call_backs", due)
    if policies.may_see_mail(person):
        aside = aside.union(_counted("mail", kept), all=True)
    return {"queue": owed.count(), "mail": 0, "call_backs": 0, **dict(aside)}


@register.filter
def of(found: Mapping[int, Any], key: int) -> Any:
    """What was found for one row of a list; None where there is nothing."""
    return found.get(key)


def _counted(name: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """Its name and the number of rows; no row where there are none."""
    named: QuerySet[Any, Any] = rows.order_by().values(name=Value(name, CharField()))
    found: QuerySet[Any, Any] = named.annotate(number=Count("pk")).values_list("name", "number")
    return found
