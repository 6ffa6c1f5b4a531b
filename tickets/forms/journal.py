"""The form by which the journal is narrowed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from tickets.forms.staff import OrganisationField


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class JournalForm(forms.Form):
    """By what the journal is narrowed; what can not be read narrows nothing."""

    since = _day("From")
    until = _day("To")
    organisation = OrganisationField(required=False)
    person = forms.CharField(
        max_length=100,
        required=False,
        label=_("Who did it"),
        widget=forms.TextInput(attrs={"placeholder": "name or address"}),
    )
    kind = forms.CharField(
        max_length=60,
        required=False,
        label=_("What happened"),
        widget=forms.TextInput(
            attrs={"placeholder": "such as incident.escalated", "list": "journal-kinds"}
        ),
    )

    def __init__(self, person: Person, *args: Any) -> None:
        super().__init__(*args)
        self.reader = person
        cast(OrganisationField, self.fields["organisation"]).reader = person

    def conditions(self) -> Q:
        """Days are whole ones of the reader's zone, both inclusive."""
        self.is_valid()
        given, zone = self.cleaned_data, ZoneInfo(self.reader.timezone)
        found = Q()
        if organisation := given.get("organisation"):
            found &= Q(organisation=organisation)
        if kind := given.get("kind"):
            found &= Q(kind__startswith=kind)
        if since := given.get("since"):
            found &= Q(at__gte=datetime.combine(since, time(), zone))
        until = given.get("until")
        if until and until < date.max:
            found &= Q(at__lt=datetime.combine(until + timedelta(days=1), time(), zone))
        if words := given.get("person"):
            seen = Person.objects.visible_to(self.reader)
            found &= Q(by__in=seen.filter(Q(name__icontains=words) | Q(email__icontains=words)))
        return found

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())
