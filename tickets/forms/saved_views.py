"""The form of a view of the queue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from core.search.words import LONGEST
from tickets import policies
from tickets.actions.saved_views import LONGEST_NAME, View
from tickets.enums import ListOrder, MeantFor, Tier
from tickets.reads.columns import COLUMNS, FIXED, USUAL, chosen_of
from tickets.reads.search.conditions import parsed_for


class ViewForm(forms.Form):
    name = forms.CharField(max_length=LONGEST_NAME, label=_("Name"))
    words = forms.CharField(
        max_length=LONGEST,
        required=False,
        label=_("Words"),
        help_text=(
            _(
                "As in the field of the queue: customer:northwind priority:high owner:me."
                " Without words about states it shows what is open."
            )
        ),
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
    )
    order = forms.ChoiceField(choices=ListOrder.choices, label=_("Order"), initial=ListOrder.DUE)
    columns = forms.MultipleChoiceField(
        choices=[(key, one.label) for key, one in COLUMNS.items() if key not in FIXED],
        required=False,
        label=_("Columns"),
        initial=chosen_of(USUAL),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("When it is owed, its number and what it is about are always there."),
    )
    meant_for = forms.ChoiceField(label=_("For whom"), initial=MeantFor.ME)
    tier = forms.TypedChoiceField(
        choices=[("", _("No team")), *Tier.choices],
        coerce=int,
        empty_value=None,
        required=False,
        label=_("Which team"),
        help_text=_("Where it is a team's."),
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        allowed = [
            (one.value, one.label)
            for one in MeantFor
            if policies.may_keep_for(person, one, policies.tier_of(person))
        ]
        self.fields["meant_for"].choices = allowed  # type: ignore[attr-defined]
        if len(allowed) == 1:
            del self.fields["tier"]

    def clean_words(self) -> str:
        """What means nothing is said here: kept, it would show too much without a word."""
        words: str = self.cleaned_data["words"]
        if problems := parsed_for(words, self.person).problems:
            raise forms.ValidationError(list(problems))
        return words

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("meant_for") == MeantFor.TEAM and said.get("tier") is None:
            self.add_error("tier", "Choose the team.")
        return said

    def wanted(self) -> View:
        """Call it on a valid form."""
        return View(**self.cleaned_data)
