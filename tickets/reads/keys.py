"""The keys of the desk: one table for what they do, the dialog that shows them and the docs.

A single letter acts only while nobody types, no dialog stands open and no modifier is held, and
each person can switch single letters off (WCAG 2.1.4). None of them is a key of a browser or of an
operating system; a screen reader keeps its own letters for itself while it reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, get_script_prefix, reverse

from accounts.enums import ENGINEER_ROLES, VENDOR_ROLES, Role
from accounts.models import Person

BY_PLACE = "123456789"  # `g` and a digit: the first kept views by their place


@dataclass(frozen=True)
class Key:
    """`press` as people read it: "g q" is one key after the other, "Ctrl K" are both at once."""

    press: str
    does: str


@dataclass(frozen=True)
class Place:
    """Where `g` and then `letter` goes, for whoever has one of `roles`."""

    letter: str
    page: str
    label: str
    query: str = ""
    roles: tuple[Role, ...] = tuple(Role)


PLACES = (
    Place("q", "admin:queue", "Queue"),
    Place("m", "admin:queue", "What is mine", "?view=mine", ENGINEER_ROLES),
    Place("n", "admin:queue", "What nobody has", "?view=unassigned"),
    Place("b", "admin:call_backs", "Call-backs"),
    Place("c", "admin:call_new", "Log a call"),
    Place("f", "admin:incident_new", "File for a customer"),
    Place("o", "admin:organisations", "Organisations"),
    Place("d", "admin:defects", "Known defects", roles=VENDOR_ROLES),
    Place("r", "admin:rota", "Duty rota"),
    Place("e", "admin:reports", "Reports"),
    Place("k", "admin:mail_aside", "Mail kept aside", roles=VENDOR_ROLES),
    Place("p", "accounts:profile", "Your profile"),
)

EVERYWHERE = (
    Key("Ctrl K", "Do or find anything: the palette knows what you look at"),
    Key("/", "To the search field"),
    Key("z", "Take back the answer that was just sent"),
    Key("?", "Show these keys"),
    Key("Esc", "Close what stands open"),
)
LISTS = (
    Key("j", "To the next row"),
    Key("k", "To the row before"),
    Key("o", "Open the row, as Enter does"),
    Key("x", "Select the row, where rows can be selected"),
    Key("v", "Columns and order of the queue, and keeping it as a view"),
)
INCIDENT = (
    Key("r", "Answer the customer; on a known defect's page, all who have it"),
    Key("n", "Write a note for colleagues"),
    Key("i", "Take it, or say that you are on it"),
    Key("a", "Give it to a colleague"),
    Key("p", "Change the priority"),
    Key("s", "Change the state"),
    Key("t", "Change the tags"),
    Key("w", "Note the minutes that you worked, where your desk keeps them"),
    Key("d", "Name the known defect it comes from"),
    Key("l", "Look at what is similar: others with the same words, known defects"),
    Key("b", "Beside it: ask colleagues in a side conversation, and read what they say"),
    Key("1 to 9", "There: name the defect, or merge into the incident, of that number"),
    Key("m", "It repeats another: merge it"),
    Key("h", "Hand it to the next level"),
    Key("e", "Close it, or open it again"),
    Key(".", "More actions"),
    Key("j or ]", "To the next incident of the list that you came from"),
    Key("k or [", "To the incident before it"),
    Key("u", "Back to the list, at its row"),
)


@dataclass(frozen=True)
class Section:
    """Keys that act in one place."""

    title: str
    keys: tuple[Key, ...]


def sections() -> list[Section]:
    """All keys, as the dialog and the docs show them."""
    going = tuple(Key(f"g {one.letter}", f"Go to: {one.label}") for one in PLACES)
    going += (Key("g 1 to g 9", "Go to: the first nine views that were kept"),)
    return [
        Section("Everywhere", EVERYWHERE),
        Section("In a list", LISTS),
        Section("On an incident", INCIDENT),
        Section("Go to a page", going),
    ]


def places_of(person: Person) -> Iterator[tuple[Place, str]]:
    """The pages that this person may go to, with their addresses."""
    for place in PLACES:
        address = _address(place.page, get_script_prefix())
        if address and person.role in place.roles:
            yield place, f"{address}{place.query}"


@lru_cache(maxsize=64)
def _address(page: str, prefix: str) -> str:
    """Empty where this site has no page of that name; `prefix` is that of the site."""
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""
