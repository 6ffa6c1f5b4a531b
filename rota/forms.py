"""The forms of the rota's pages. Days and times are of the zone that each form names."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from accounts.enums import ENGINEER_ROLES
from accounts.models import Person
from entitlements.rules.calendars import WEEKDAYS, CalendarError
from rota.models import Shift
from rota.rules.patterns import read_windows

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class ShiftField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Shifts with the day and hours of the active zone, which is the reader's."""

    def label_from_instance(self, obj: Any) -> str:
        start, end = timezone.localtime(obj.starts_at), timezone.localtime(obj.ends_at)
        return (
            f"{obj.person.name}: {start:%a} {start.day} {start:%b}, {start:%H:%M}\u2013{end:%H:%M}"
        )


class PatternForm(forms.Form):
    person = forms.ModelChoiceField(Person.objects.none(), empty_label="Choose an engineer")
    timezone = forms.CharField(
        label="Time zone",
        max_length=60,
        initial="Europe/Berlin",
        help_text="An IANA name: the hours below are of its wall clock, summer and winter.",
    )
    starts_on = forms.DateField(label="From", widget=forms.DateInput({"type": "date"}))
    ends_on = forms.DateField(
        label="Until",
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text="The last day on which a shift begins; empty: until further notice.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["person"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = Person.objects.active().filter(role__in=ENGINEER_ROLES).order_by("name")
        for day, name in zip(WEEKDAYS, NAMES, strict=True):
            self.fields[day] = forms.CharField(label=name, required=False, max_length=120)
        self.fields[
            "mon"
        ].help_text = (
            "Such as 08:00-16:00, or 22:00-06:00 for a night; several with commas; empty: free."
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        weekly = {}
        for day in WEEKDAYS:
            try:
                if windows := read_windows(data.get(day) or ""):
                    weekly[day] = windows
            except CalendarError as error:
                self.add_error(day, str(error))
        return {**data, "weekly": weekly}

    def asked(self) -> dict[str, Any]:
        names = ("person", "timezone", "starts_on", "ends_on", "weekly")
        return {name: self.cleaned_data[name] for name in names}


class AbsenceForm(forms.Form):
    """`people` are those whom the reader may report; one alone is not asked for."""

    person = forms.ModelChoiceField(Person.objects.none(), empty_label="Choose an engineer")
    starts_at = forms.DateTimeField(
        label="Away from", widget=forms.DateTimeInput({"type": "datetime-local"})
    )
    ends_at = forms.DateTimeField(
        label="Back at", widget=forms.DateTimeInput({"type": "datetime-local"})
    )
    reason = forms.CharField(
        max_length=200, required=False, help_text="Only they and the managers read it."
    )

    def __init__(self, reader: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["person"]
        assert isinstance(people, forms.ModelChoiceField)
        found = Person.objects.active().filter(role__in=ENGINEER_ROLES).order_by("name")
        if not reader.is_manager:
            found = found.filter(pk=reader.pk)
            people.initial, people.empty_label = reader.pk, None
        people.queryset = found
        self.fields["starts_at"].help_text = f"Times of {reader.timezone}."

    def asked(self) -> dict[str, Any]:
        """Moments are read in the active zone, which is the reader's."""
        return {name: self.cleaned_data[name] for name in self.fields}


class HandOverForm(forms.Form):
    colleague = forms.ModelChoiceField(Person.objects.none(), empty_label="Choose a colleague")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["colleague"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = Person.objects.active().filter(role__in=ENGINEER_ROLES).order_by("name")


class SwapForm(forms.Form):
    """Whom of the team to ask, and which of their shifts of the next eight weeks in return."""

    of = forms.ModelChoiceField(
        Person.objects.none(), label="Colleague", empty_label="Choose a colleague"
    )
    in_return = ShiftField(
        Shift.objects.none(),
        label="In return I take",
        required=False,
        empty_label="Nothing",
    )
    words = forms.CharField(label="What you want to say", max_length=200, required=False)

    def __init__(self, shift: Shift, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asker = shift.person
        people, shifts = self.fields["of"], self.fields["in_return"]
        assert isinstance(people, forms.ModelChoiceField)
        assert isinstance(shifts, forms.ModelChoiceField)
        team = Person.objects.active().filter(role=asker.role, partner=asker.partner_id)
        people.queryset = team.exclude(pk=asker.pk).order_by("name")
        coming = Shift.objects.filter(person__in=people.queryset, starts_at__gt=at)
        shifts.queryset = coming.select_related("person").order_by("person__name", "starts_at")
        shifts.help_text = f"Only a shift of whom you ask. Times of {asker.timezone}."

    def asked(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields}


def local(at: datetime, person: Person) -> datetime:
    return at.astimezone(ZoneInfo(person.timezone))
