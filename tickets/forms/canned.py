"""The form of a canned answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from core.widgets import BlockField
from entitlements.levels import Level
from entitlements.models import Service
from tickets import policies
from tickets.actions.canned import Canned
from tickets.enums import MeantFor, Priority, State, Tier


class CannedForm(forms.Form):
    title = forms.CharField(max_length=120, label=_("Title"), help_text=_("By which it is found."))
    text = BlockField(
        rows=10,
        max_length=20_000,
        label=_("Text"),
        help_text=_("Markdown. Placeholders are filled in when it is inserted."),
    )
    meant_for = forms.ChoiceField(label=_("For whom"))
    tier = forms.TypedChoiceField(
        choices=[("", _("No team")), *Tier.choices],
        coerce=int,
        empty_value=None,
        required=False,
        label=_("Which team"),
        help_text=_("Where it is a team's."),
    )
    services = forms.MultipleChoiceField(
        required=False, label=_("Services"), widget=forms.CheckboxSelectMultiple
    )
    levels = forms.MultipleChoiceField(
        choices=Level.choices,
        required=False,
        label=_("Support levels"),
        widget=forms.CheckboxSelectMultiple,
    )
    then = forms.ChoiceField(
        choices=[
            ("", _("As the engineer says")),
            (State.OPEN, _("We go on working on it")),
            (State.WAITING, _("The customer must do something")),
            (State.SOLVED, _("It is solved")),
        ],
        required=False,
        label=_("After the answer"),
    )
    priority = forms.TypedChoiceField(
        choices=[("", _("Stays")), *Priority.choices],
        coerce=int,
        empty_value=None,
        required=False,
        label=_("Priority"),
    )
    tags = forms.CharField(
        max_length=200,
        required=False,
        label=_("Tags"),
        help_text=_("Such as webmail -unclear: adds the one, takes the other off."),
    )
    takes = forms.BooleanField(required=False, label=_("Whoever sends it becomes the owner"))
    is_for_limits = forms.BooleanField(
        required=False,
        label=_("It is what the customer reads where an incident is outside the limits of support"),
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = Service.objects.values_list("key", "name")
        self.fields["services"].choices = list(services)  # type: ignore[attr-defined]
        allowed = [
            (one.value, one.label)
            for one in MeantFor
            if policies.may_keep_for(person, one, policies.tier_of(person))
        ]
        self.fields["meant_for"].choices = allowed  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("meant_for") == MeantFor.TEAM and said.get("tier") is None:
            self.add_error("tier", "Choose the team.")
        return said

    def wanted(self) -> Canned:
        """Call it on a valid form."""
        return Canned(**self.cleaned_data)
