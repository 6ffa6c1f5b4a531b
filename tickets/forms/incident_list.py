"""What narrows and orders the customers' list of incidents, as its address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from entitlements.models import Licence
from tickets.enums import Priority
from tickets.reads.customers_list import SORTS, STATES, WHOSE, Wanted

MORE = ("licence", "priority", "person", "since", "until")  # folded away while none is used
TOLD = {"q": "Words", "state": "State", "whose": "Which", "licence": "Licence"}
TOLD |= {"priority": "Priority", "person": "Reported by", "since": "From", "until": "Until"}


def _day() -> forms.DateField:
    return forms.DateField(required=False, widget=forms.DateInput({"type": "date"}))


@dataclass(frozen=True)
class Chip:
    """One thing that narrows the list, and the address of the list without it."""

    name: str
    text: str
    rest: str


class ListForm(forms.Form):
    """A value that is none narrows nothing; a day that is none is said."""

    q = forms.CharField(
        required=False,
        max_length=2000,
        label=_("Words or a number"),
        widget=forms.TextInput({"type": "search"}),
    )
    state = forms.ChoiceField(required=False, choices=STATES, label=_("State"))
    whose = forms.ChoiceField(required=False, choices=WHOSE, label=_("Which"))
    sort = forms.ChoiceField(
        required=False, choices=[(key, one.words) for key, one in SORTS.items()], label=_("Order")
    )
    licence = forms.ChoiceField(required=False, label=_("Licence"))
    priority = forms.ChoiceField(
        required=False, choices=[("", _("Any")), *Priority.choices], label=_("Priority")
    )
    person = forms.ChoiceField(required=False, label=_("Reported by"))
    since = _day()
    until = _day()

    def __init__(self, person: Person, given: Mapping[str, str]) -> None:
        super().__init__({name: value.replace("\0", "") for name, value in given.items()})
        self._person = person
        licences = Licence.objects.visible_to(person).order_by("key")
        keys = licences.values_list("key", flat=True).distinct()
        people = Person.objects.visible_to(person).order_by("name", "pk")
        found = [(str(pk), name or email) for pk, name, email in people.values_list(*_WHO)]
        self._offer("licence", [("", "Any"), *((key, key) for key in keys)])
        self._offer("person", [("", "Anybody"), *found])
        self.fields["since"].label, self.fields["until"].label = "Reported from", "Reported until"

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def wanted(self) -> Wanted:
        """What was understood."""
        self.is_valid()  # fills in what could be read
        got = self.cleaned_data
        return Wanted(
            words=got.get("q") or "",
            state=got.get("state") or "",
            whose=got.get("whose") or "",
            sort=got.get("sort") or "",
            licence=got.get("licence") or "",
            priority=int(got.get("priority") or 0),
            person=int(got.get("person") or 0),
            since=got.get("since"),
            until=got.get("until"),
        )

    @property
    def uses_more(self) -> bool:
        return any(self.data.get(name) for name in MORE)

    @property
    def chips(self) -> list[Chip]:
        """What narrows the list now."""
        found = []
        for name, told in TOLD.items():
            value = self.cleaned_data.get(name)
            if value:
                rest = self.address(**{name: ""})
                found.append(Chip(name, f"{told}: {self._words(name, value)}", rest))
        return found

    def _words(self, name: str, value: object) -> str:
        if isinstance(value, date):
            return f"{value.day} {value:%b %Y}"
        choices: Any = getattr(self.fields[name], "choices", ())
        return next((str(said) for key, said in choices if str(key) == str(value)), str(value))

    def address(self, **other: str) -> str:
        """The list's own query, with these instead; nothing that is empty stands in it."""
        query = QueryDict(mutable=True)
        for name in self.fields:
            value = other.get(name, self.data.get(name, ""))
            if value and name not in self.errors:
                query[name] = value
        return f"?{query.urlencode()}"


_WHO = ("pk", "name", "email")
