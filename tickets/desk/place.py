"""The list that somebody came from: where the incident stands in it, and which is next.

`?from=` keeps the words and the view of the queue, so that a page can be reloaded, sent on and gone
back from; without it the page knows no list. What is in it only narrows what its reader sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from accounts.http import SignedInRequest
from tickets.desk.listing import ask
from tickets.models import Incident

WALKED = 500  # incidents of a list; nobody goes through more one by one
LONGEST = 2000  # of what an address carries


@dataclass(frozen=True)
class Place:
    """`url` is the list at this incident; `previous` and `next` are empty at its ends.

    Who sends an answer from the page names `next_number` with it: once it is answered the incident
    stands elsewhere in the list.
    """

    label: str
    url: str
    words: str
    previous: str = ""
    next: str = ""
    next_number: str = ""


def place_of(request: SignedInRequest, incident: Incident, *, at: datetime) -> Place | None:
    """In two light queries; None for who came from no list."""
    given = request.GET.get("from")
    return None if given is None else _place(request, given[:LONGEST], incident, at)


def came_from(request: HttpRequest) -> str | None:
    """The list of the page on which a form was sent; browsers name it within one site."""
    query = QueryDict(urlsplit(request.headers.get("Referer", "")).query[: LONGEST * 4])
    given = query.get("from")
    return None if given is None else given[:LONGEST]


def with_list(address: str, given: str | None) -> str:
    """The address of an incident that keeps the list."""
    return address if given is None else f"{address}?{urlencode({'from': given})}"


def list_at(incident: Incident, given: str | None) -> str:
    """The address of the list at the incident's row."""
    query = QueryDict((given or "").lstrip("?")).urlencode()
    return f"{reverse('admin:queue')}{'?' if query else ''}{query}#r{incident.pk}"


def _place(request: SignedInRequest, given: str, incident: Incident, at: datetime) -> Place:
    asked = ask(QueryDict(given.lstrip("?")), request.user, at)
    chosen = asked.chosen
    numbers = list(asked.ordered.values_list("number", flat=True)[:WALKED])
    more = "+" if len(numbers) == WALKED else ""
    back = list_at(incident, given)
    if incident.number not in numbers:  # answered, taken or closed meanwhile
        left = numbers[:1]
        words = f"{len(numbers)}{more} left"
        return Place(chosen.label, back, words, "", _to(left, given), "".join(left))
    here = numbers.index(incident.number)
    after = numbers[here + 1 : here + 2]
    return Place(
        chosen.label,
        back,
        f"{here + 1} of {len(numbers)}{more}",
        _to(numbers[max(here - 1, 0) : here], given),
        _to(after, given),
        "".join(after),
    )


def _to(numbers: list[str], given: str) -> str:
    return with_list(reverse("admin:incident", args=numbers), given) if numbers else ""
