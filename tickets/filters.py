"""By what the API's list of incidents can be narrowed."""

import django_filters

from tickets.enums import Priority, State
from tickets.models import Incident


class IncidentFilter(django_filters.FilterSet):
    """`?state=open&priority=1&received_after=2026-10-01T00:00Z&service=troubleshooting`."""

    state = django_filters.MultipleChoiceFilter(choices=State.choices)
    priority = django_filters.MultipleChoiceFilter(choices=Priority.choices)
    service = django_filters.CharFilter("service__key")
    licence = django_filters.CharFilter("licence__key")
    level = django_filters.CharFilter("decision__level__level")
    received_after = django_filters.IsoDateTimeFilter("received_at", "gte")
    received_before = django_filters.IsoDateTimeFilter("received_at", "lt")

    class Meta:
        model = Incident
        fields: list[str] = []
