"""What happened about safety: who got in, with what key, to do what; for managers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.forms import SecurityForm
from accounts.http import SignedInRequest
from accounts.models import Person
from core.journal import label
from core.models import JournalEntry
from core.paging import paged
from core.security import words_of

PAGE = 50
FOUND = 50  # people that a name may mean
PLACE = {"from_address", "request"}


@dataclass(frozen=True)
class Row:
    """One entry as it is read: `about` is the person that it concerns, where that is known."""

    entry: JournalEntry
    words: str
    about: str
    address: str
    request: str
    facts: dict[str, object]


@require_safe
def security(request: SignedInRequest) -> HttpResponse:
    """Newest first; by person, kind and days. Others find no such page."""
    if not request.user.is_manager:
        raise Http404
    form = SecurityForm(request.GET)
    asked = form.asked()
    since = timezone.now() - timedelta(days=asked.days)
    found = JournalEntry.objects.filter(is_security=True, at__gt=since).select_related("by")
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.who:
        found = found.filter(_concerns(asked.who))
    page = paged(found.order_by("-at", "-pk"), request, size=PAGE)
    context = {"page_obj": page, "rows": _rows(page.object_list), "form": form}
    return render(request, "accounts/security.html", context)


def _concerns(who: str) -> Q:
    """What people whose name or address holds `who` did, or what was done about them."""
    named = Person.objects.filter(Q(name__icontains=who) | Q(email__icontains=who))
    people = list(named.order_by("name", "pk")[:FOUND])
    return Q(by__in=people) | Q(subject__in=[label(one) for one in people])


def _rows(entries: Iterable[JournalEntry]) -> list[Row]:
    kept = list(entries)
    start = f"{Person._meta.label_lower}:"
    pks = [one.subject.removeprefix(start) for one in kept if one.subject.startswith(start)]
    names = dict(Person.objects.filter(pk__in=pks).values_list("pk", "name"))
    return [
        Row(
            entry=one,
            words=words_of(one.kind),
            about=names.get(_number(one.subject, start), ""),
            address=str(one.facts.get("from_address", "")),
            request=str(one.facts.get("request", "")),
            facts={key: value for key, value in one.facts.items() if key not in PLACE},
        )
        for one in kept
    ]


def _number(subject: str, start: str) -> int:
    return int(subject.removeprefix(start)) if subject.startswith(start) else 0
