"""What the page of an engagement shows of its kind alone: a template and what it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Person
from engagements.enums import Kind
from engagements.models import Engagement
from engagements.reads import audits, features, golive, visits


@dataclass(frozen=True)
class KindPanel:
    template: str
    context: dict[str, Any]


Reader = Callable[[Engagement, Person, datetime], dict[str, Any]]
_READERS: dict[Kind, tuple[str, Reader]] = {
    Kind.AUDIT: ("engagements/_audit.html", audits.panel),
    Kind.ON_SITE: ("engagements/_on_site.html", visits.panel),
    Kind.FEATURE: ("engagements/_feature.html", features.panel),
    Kind.GOLIVE: ("engagements/_golive.html", golive.panel),
}


def panel_of(engagement: Engagement, reader: Person, *, at: datetime) -> KindPanel | None:
    """None for a kind that shows nothing of its own."""
    found = _READERS.get(engagement.kind_of)
    if found is None:
        return None
    template, read = found
    return KindPanel(template, read(engagement, reader, at))
