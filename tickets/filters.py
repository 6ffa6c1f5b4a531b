"""By what the API's list of incidents can be narrowed."""

from __future__ import annotations

from datetime import datetime

import django_filters

from resources.models import Defect, DefectState
from tickets.enums import PRIORITY_NAMES, Priority, State
from tickets.models import Incident
from tickets.querysets import IncidentQuerySet

PRIORITIES = [*Priority.choices, *((name, name) for name in PRIORITY_NAMES)]


def number_of(priority: str) -> int:
    """Of a priority that is given by its number or its name."""
    return PRIORITY_NAMES.get(priority) or int(priority)


class IncidentFilter(django_filters.FilterSet):
    """`?state=open&priority=critical&received_after=2026-10-01T00:00Z&service=troubleshooting`.

    `updated_since` gives what was filed, written on, or changed in any way that is journalled.
    """

    state = django_filters.MultipleChoiceFilter(choices=State.choices)
    priority = django_filters.TypedMultipleChoiceFilter(choices=PRIORITIES, coerce=number_of)
    service = django_filters.CharFilter("service__key")
    licence = django_filters.CharFilter("licence__key")
    level = django_filters.CharFilter("decision__level__level")
    received_after = django_filters.IsoDateTimeFilter("received_at", "gte")
    received_before = django_filters.IsoDateTimeFilter("received_at", "lt")
    updated_since = django_filters.IsoDateTimeFilter(method="changed_since")

    class Meta:
        model = Incident
        fields: list[str] = []

    def changed_since(self, found: IncidentQuerySet, name: str, at: datetime) -> IncidentQuerySet:
        return found.changed_since(at)


class DefectFilter(django_filters.FilterSet):
    """`?state=known&state=under_way`."""

    state = django_filters.MultipleChoiceFilter(choices=DefectState.choices)

    class Meta:
        model = Defect
        fields: list[str] = []
