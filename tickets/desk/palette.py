"""What the palette offers: all that this person may do where they are now, as one small list.

The page has the forms and buttons already, and what is done goes through them: a command says what
of the page it presses, with which values, or where it goes. So it can do nothing that the page can
not, and a command of which the page has nothing is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.models import Person
from tickets.desk.incident import allowed_of, tabs_of
from tickets.desk.listing import tabs
from tickets.desk.offers import offers_of
from tickets.desk.properties import IN_PLACE, opener_of
from tickets.enums import Priority
from tickets.forms.staff import possible_owners
from tickets.models import CannedAnswer, Incident, SavedView, Tag
from tickets.reads.colleagues import colleagues_of
from tickets.reads.keys import BY_PLACE, places_of, sections
from tickets.reads.tags import tag_names, tags_with

LONGEST = 2000  # of an address
COLLEAGUES = 40
RECENT = 8
CANNED = 40
LATEST, TAGS = 200, 12  # tags that are looked at, and offered

Command = dict[str, Any]

# What the head of the page has as a button: the action, its words, its key.
_BUTTONS = {
    "take": ("Take it", "i"),
    "accept": ("I am on it", "i"),
    "reopen": ("Open it again", "e"),
}
_WAYS = {"j": "Next incident", "k": "Previous incident", "u": "Back to the list"}


@require_safe
def keys(request: SignedInRequest) -> HttpResponse:
    """The keys of the desk: for the dialog the table alone, else a page."""
    is_part = request.htmx  # type: ignore[attr-defined]
    template = "staff/_keys.html" if is_part else "staff/keys.html"
    context = {"sections": sections(), "is_part": is_part}
    return render(request, template, context)


@require_safe
def palette(request: SignedInRequest) -> HttpResponse:
    """The commands for who stands at the address `?here=`; an unknown one has those of any page."""
    person = request.user
    commands = list(_everywhere(person))
    incident = _incident_at(request.GET.get("here", ""), person)
    if incident is not None:
        commands = [*_on_incident(incident, person), *commands]
    elif _view_at(request.GET.get("here", "")) == "admin:queue":
        commands = [*_on_queue(), *commands]
    return JsonResponse({"commands": commands})


def _match(here: str) -> ResolverMatch | None:
    try:
        return resolve(urlsplit(here[:LONGEST]).path)
    except (Resolver404, ValueError):
        return None


def _view_at(here: str) -> str:
    match = _match(here)
    return match.view_name if match else ""


def _incident_at(here: str, person: Person) -> Incident | None:
    """The incident whose page that is, if this person sees it."""
    match = _match(here)
    if (
        match is None
        or not match.view_name.startswith("admin:incident")
        or "number" not in match.kwargs
    ):
        return None
    found = Incident.objects.visible_to(person).select_related(
        "organisation", "owner", "defect", "service", "decision__level"
    )
    return found.annotate(tag_names=tags_with()).filter(number=match.kwargs["number"]).first()


def _on_incident(incident: Incident, person: Person) -> Iterator[Command]:
    allowed = allowed_of(incident, person)
    yield from _actions(incident, allowed)
    if "priority" in allowed:
        others = [one for one in Priority if one != incident.priority]
        yield from (_set("Priority", one.label, "priority", {"priority": one}) for one in others)
    if "assign" in allowed:
        yield from _colleagues(incident, person)
    if "tags" in allowed:
        yield from _tags(incident, person)
    if "answer" in allowed:
        yield from _canned(incident, person)
    for key, words in _WAYS.items():
        yield {"group": "Go to", "words": words, "press": f'a[data-key="{key}"]', "key": key}
    for tab in tabs_of(incident):
        yield {"group": "Show", "words": tab["label"], "press": f'[data-tab="{tab["name"]}"]'}


def _actions(incident: Incident, allowed: set[str]) -> Iterator[Command]:
    """What the page has as the composer, a button, a form."""
    if "answer" in allowed:
        press = "#answer textarea[name=body], textarea[data-key=r]"
        yield {"group": "Do", "words": "Answer the customer", "press": press, "key": "r"}
    for name, (words, key) in _BUTTONS.items():
        if name in allowed:
            yield {"group": "Do", "words": words, "press": f'[data-key="{key}"]', "key": key}
    for offer in offers_of(incident, allowed):
        press = opener_of(offer.name) if offer.name in IN_PLACE else f'[data-offer="{offer.name}"]'
        yield {"group": "Do", "words": offer.title, "press": press, "key": offer.key}


def _colleagues(incident: Incident, person: Person) -> Iterator[Command]:
    """Who could take it now first."""
    zone = timezone.get_current_timezone()
    found = colleagues_of(possible_owners(incident, person), incident, timezone.now())
    for one in found[:COLLEAGUES]:
        other = one.person
        if other.pk != incident.owner_id:
            words = f"{other.name}, {other.get_role_display()}: {one.words(zone)}"
            yield _set("Give it to", words, "assign", {"to": other.pk})


def _tags(incident: Incident, person: Person) -> Iterator[Command]:
    """Those that were given last, and it has not."""
    present = tag_names(incident)
    latest = Tag.objects.visible_to(person).order_by("-pk").values_list("name", flat=True)
    for name in list(dict.fromkeys(latest[:LATEST]))[:TAGS]:
        if name not in present:
            yield _set("Add tag", name, "tags", {"tags": " ".join([*present, name])})


def _canned(incident: Incident, person: Person) -> Iterator[Command]:
    """Chosen in the composer's own list, which says what it would do."""
    level = incident.decision.level
    found = CannedAnswer.objects.usable_by(person)
    fits = found.fitting(incident.service.key, level.level if level else "")
    for title in fits.values_list("title", flat=True)[:CANNED]:
        yield {
            "group": "Insert",
            "words": title,
            "more": "canned answer",
            "event": "composer:canned",
            "detail": title,
        }


def _set(group: str, words: str, name: str, values: Mapping[str, int | str]) -> Command:
    """Opens the form of a property with these values in it; what else it asks is asked there."""
    return {"group": group, "words": words, "press": opener_of(name), "set": values}


def _everywhere(person: Person) -> Iterator[Command]:
    for place, address in places_of(person):
        key = f"g {place.letter}"
        yield {"group": "Go to", "words": place.label, "url": address, "key": key}
    for one in _recent(person):
        address = reverse("admin:incident", args=[one.number])
        yield {"group": "Recent", "words": one.subject, "more": one.number, "url": address}
    yield from _views(person)
    yield {"group": "Desk", "words": "Show the keys", "event": "desk:keys", "key": "?"}
    switch = "off" if person.single_keys else "on"
    profile = reverse("accounts:profile")
    yield {"group": "Desk", "words": f"Switch single keys {switch}", "url": profile}


def _views(person: Person) -> Iterator[Command]:
    """Of the queue: the desk's own, then those that were kept."""
    queue = reverse("admin:queue")
    for tab in tabs(person, timezone.now()):
        yield {"group": "View", "words": tab.label, "url": f"{queue}?view={tab.key}"}
    for index, one in enumerate(SavedView.objects.usable_by(person)):
        key = {"key": f"g {BY_PLACE[index]}"} if index < len(BY_PLACE) else {}
        address = f"{queue}?view={one.key}"
        yield {"group": "View", "words": one.name, "more": one.words, "url": address, **key}


def _on_queue() -> Iterator[Command]:
    """What the list has as a field, a menu, a button."""
    yield {"group": "Do", "words": "Narrow the list by words", "press": "[data-search]", "key": "/"}
    opens = {"press": ".queue-choices > summary", "key": "v"}
    yield {"group": "Do", "words": "Choose columns and order", **opens}
    yield {"group": "Do", "words": "Keep this view", "press": "[data-keep-view]"}
    yield {"group": "Do", "words": "Clear the words", "press": "[data-clear-words]"}


def _recent(person: Person) -> QuerySet[Incident]:
    """What they looked at last."""
    seen = Incident.objects.visible_to(person).filter(seen__person=person)
    return seen.only("number", "subject").order_by("-seen__at", "pk")[:RECENT]
