"""The rail's properties of an incident, and with which action each is changed where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tickets.desk.offers import Offer
from tickets.enums import OUTSIDE_WORDS, Tier
from tickets.models import Incident
from tickets.reads.tags import tag_names
from tickets.reads.worked import worked_words


@dataclass(frozen=True)
class Property:
    """`offer` changes it; None where this person may not, or nothing does. `key` opens it.

    `sheet` puts it right together with other facts, in a form over the composer.
    """

    name: str
    label: str
    value: str
    offer: Offer | None = None
    key: str = ""
    sheet: Offer | None = None


def _owner(incident: Incident) -> str:
    return str(incident.owner) if incident.owner else "Nobody yet"


def _worker(incident: Incident) -> str:
    """Nobody at TS1, where that is the owner (X1)."""
    return str(incident.worker or "Nobody yet") if incident.tier > Tier.TS1 else ""


def _state(incident: Incident) -> str:
    return OUTSIDE_WORDS if incident.outside_at else incident.get_state_display()


def _tags(incident: Incident) -> str:
    return " ".join(tag_names(incident)) or "None"


def _product(incident: Incident) -> str:
    return " ".join(filter(None, (incident.product, incident.version))) or "Not named"


def _defect(incident: Incident) -> str:
    return f"{incident.defect.number} {incident.defect.title}" if incident.defect else "None named"


def _followers(incident: Incident) -> str:
    return ", ".join(incident.__dict__.get("follower_names") or ()) or "Nobody"


# In the order of the rail: name, label, what it says, the action that changes it, its key.
_PROPERTIES: tuple[tuple[str, str, Callable[[Incident], str], str, str], ...] = (
    ("owner", "Owner", _owner, "assign", "a"),
    ("worker", "Works on it", _worker, "", ""),
    ("priority", "Priority", lambda one: one.get_priority_display(), "priority", "p"),
    ("state", "State", _state, "state", "s"),
    ("level", "At", lambda one: one.get_tier_display(), "", ""),
    ("service", "Service", lambda one: str(one.service), "service", ""),
    ("licence", "Licence", lambda one: str(one.licence or "None named"), "licence", ""),
    ("product", "Product", _product, "", ""),
    ("tags", "Tags", _tags, "tags", "t"),
    ("defect", "Defect", _defect, "defect", "d"),
    ("worked", "Worked", worked_words, "minutes", "w"),
    ("followers", "Follow it", _followers, "", ""),
)
_PUT_RIGHT = {"service": "put-right", "licence": "put-right"}
# The page names them once: what stands in the rail is in no menu besides.
IN_PLACE = frozenset(changed for *_, changed, _ in _PROPERTIES if changed)


def opener_of(action: str) -> str:
    """What of the page opens the form of an action that stands in the rail."""
    name = next(name for name, _, _, changed, _ in _PROPERTIES if changed == action)
    return f"#prop-{name} > summary"


def properties_of(incident: Incident, offers: Mapping[str, Offer]) -> list[Property]:
    """What the rail shows; `offers` are those that this person has now, by their names."""
    return [
        Property(
            name,
            label,
            value,
            offers.get(changed),
            key if changed in offers else "",
            offers.get(_PUT_RIGHT.get(name, "")),
        )
        for name, label, says, changed, key in _PROPERTIES
        if (value := says(incident))
    ]
