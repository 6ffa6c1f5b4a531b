"""The tags of incidents, read with them: no statement a row, none more a page."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from tickets.models import Incident, Tag


def tags_with() -> ArraySubquery:
    """The words of an incident, as an array to annotate its query with, named `tag_names`."""
    return ArraySubquery(Tag.objects.filter(incident=OuterRef("pk")).order_by("pk").values("name"))


def tag_names(incident: Incident) -> Sequence[str]:
    """As they were read with the incident; asked for where they were not."""
    read: Sequence[str] | None = getattr(incident, "tag_names", None)
    return list(incident.tags.values_list("name", flat=True)) if read is None else read
