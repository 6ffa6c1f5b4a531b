"""Narrowing the list, and writing down a request for a customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from accounts.models import Organisation, Person
from engagements.enums import Kind, State
from engagements.forms.spine import PersonField, RequestForm
from engagements.querysets.engagements import EngagementQuerySet

MINE, OPEN, ALL = "mine", "open", "all"


class ListForm(forms.Form):
    show = forms.ChoiceField(
        label="Show",
        choices=[(OPEN, "Open"), (MINE, "Mine, open"), (ALL, "All")],
        required=False,
    )
    kind = forms.ChoiceField(
        label="Kind", choices=[("", "Every kind"), *Kind.choices], required=False
    )
    state = forms.ChoiceField(
        label="State", choices=[("", "Every state"), *State.choices], required=False
    )

    def narrowed(self, rows: EngagementQuerySet, person: Person) -> EngagementQuerySet:
        """What does not read narrows nothing."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        show = data.get("show") or OPEN
        if show in (OPEN, MINE) and not data.get("state"):
            rows = rows.open()
        if show == MINE:
            rows = rows.filter(owner=person)
        for name in ("kind", "state"):
            if data.get(name):
                rows = rows.filter(**{name: data[name]})
        return rows


class NewForm(RequestForm):
    """The same as the customer's own form, with who asked and how."""

    kind = forms.ChoiceField(label="What is asked for", choices=[])
    contact = PersonField("Who asks")
    channel = forms.ChoiceField(
        label="How", choices=[("phone", "By telephone"), ("email", "By mail")]
    )
    field_order = ("kind", "contact", "channel", "title", "summary")

    def __init__(self, organisation: Organisation, kinds: Sequence[Kind], *args: Any) -> None:
        super().__init__(*args)
        cast(Any, self.fields["kind"]).choices = [(one.value, one.label) for one in kinds]
        people = Person.objects.active().filter(organisation=organisation).order_by("name")
        cast(Any, self.fields["contact"]).queryset = people
