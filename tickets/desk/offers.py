"""What the incident's page offers to do: each form is closed until somebody opens it.

A form is fetched when it is opened: a dozen of them, which nobody looks at, were a third of the
page. Without JavaScript each is a link to the page with that form open.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from django.urls import reverse

from tickets.forms.staff import ActionForm
from tickets.models import Incident


@dataclass(frozen=True)
class Offer:
    """`title` opens it, `intro` stands above the form, `action` on its button; `key` opens it.

    `stays` where the page needs no loading afterwards: it writes no message, and what is being
    typed below the conversation goes on.
    """

    name: str
    drawn: str
    title: str
    action: str
    intro: str = ""
    url: str = ""
    form: ActionForm | None = None  # of the one that is open
    key: str = ""
    stays: bool = False


def _escalate(incident: Incident) -> tuple[str, str]:
    owner = incident.owner or "Its owner"
    said = f"{owner} keeps talking to the customer. The next team starts from what you write here."
    return f"Escalate to TS{incident.tier + 1}", said


def _defect(incident: Incident) -> tuple[str, str]:
    said = "The customer reads the number, and the build once it is fixed."
    return ("Name another defect" if incident.defect else "It comes from a known defect"), said


def _undo_merge(incident: Incident) -> tuple[str, str]:
    other = incident.merged_into.number if incident.merged_into else "the other"
    return f"It does not repeat {other}", "It is open again, and owes its answer when it did."


def _no_defect(incident: Incident) -> tuple[str, str]:
    return f"It does not come from {incident.defect.number if incident.defect else 'it'}", ""


def _always(title: str, intro: str = "") -> Callable[[Incident], tuple[str, str]]:
    return lambda incident: (title, intro)


# In the order of the page: name, icon, title and introduction, the button's words.
_OFFERS: tuple[tuple[str, str, Callable[[Incident], tuple[str, str]], str], ...] = (
    ("escalate", "arrow-up", _escalate, "Hand it over"),
    (
        "decline-escalation",
        "ban",
        _always("Decline the next level", "The customer reads your answer. It stops no clock."),
        "Decline",
    ),
    ("give-back", "arrow-down", _always("Give it back with a result"), "Give it back"),
    ("assign", "user", _always("Give it to a colleague"), "Give it"),
    (
        "release",
        "inbox",
        _always(
            "Give it back to the queue",
            "Dispatch gives it to another engineer who fits, at once. The customer's promise"
            " stays.",
        ),
        "Give it back",
    ),
    (
        "state",
        "circle-dot",
        _always("Change the state", "To solve it, answer."),
        "Change it",
    ),
    (
        "close",
        "lock",
        _always("Close it", "Without a word to the customer. It can be opened again for 14 days."),
        "Close it",
    ),
    ("priority", "flag", _always("Change the priority"), "Change it"),
    ("minutes", "clock", _always("Note the minutes that you worked"), "Note them"),
    ("tags", "flag", _always("Change the tags"), "Keep them"),
    ("defect", "wrench", _defect, "Name the defect"),
    ("no-defect", "x", _no_defect, "Take the defect off"),
    (
        "merge",
        "link",
        _always(
            "It repeats another: merge it",
            "The other shows the words of both and owes the earlier answer. This one is closed,"
            " its Gold incident given back. No customer is mailed.",
        ),
        "Merge",
    ),
    (
        "outside",
        "ban",
        _always(
            "It is outside the limits of support",
            "The customer gets these words as your answer, and it ends. Page, list and service"
            " report say so; if they write again, it is open again.",
        ),
        "Send and end it",
    ),
    (
        "split",
        "list-checks",
        _always(
            "Take messages out into an incident of their own",
            "It is decided and owes its answer as of the first of them. Their writer is told.",
        ),
        "Take them out",
    ),
    (
        "put-right",
        "rotate-ccw",
        _always(
            "Put licence, service or reporter right",
            "It is decided again as of the report; what is late already stays late.",
        ),
        "Put it right",
    ),
    ("undo-merge", "rotate-ccw", _undo_merge, "Take it out again"),
    ("goodwill", "thumbs-up", _always("Accept it out of goodwill"), "Accept it"),
    (
        "decline",
        "ban",
        _always(
            "Decline it",
            "The incident is closed. The customer gets your answer with what would have covered the"
            " report.",
        ),
        "Send and close",
    ),
    ("refund", "star", _always("Give the Gold incident back"), "Give it back"),
)
FOLDED = frozenset(name for name, *_ in _OFFERS)
_KEYS = {"escalate": "h", "close": "e", "merge": "m"}
# These change what is said to the customer, or who may write: the page is loaded anew.
_RELOADS = frozenset(
    {"outside", "decline", "decline-escalation", "goodwill"}
    | {"merge", "undo-merge", "split", "put-right"}
)


def offers_of(
    incident: Incident, allowed: Collection[str], *, shown: tuple[str, ActionForm] | None = None
) -> Iterator[Offer]:
    """Those of `allowed` that are folded; `shown` is the one that stands open, with its form."""
    for name, drawn, words, action in _OFFERS:
        if name in allowed:
            title, intro = words(incident)
            url = reverse("admin:incident_action", args=[incident.number, name])
            form = shown[1] if shown and shown[0] == name else None
            stays = name not in _RELOADS
            key = _KEYS.get(name, "")
            yield Offer(name, drawn, title, action, intro, url, form, key, stays)
