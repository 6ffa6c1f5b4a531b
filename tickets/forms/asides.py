"""Forms of side conversations: whom to ask, and what."""

from __future__ import annotations

import secrets
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from tickets.forms.staff import long_text
from tickets.models import Incident
from tickets.reads.asides import askable


class KeyedForm(forms.Form):
    """`key` is fresh in each form that is shown: what is sent twice is done once."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = secrets.token_hex(16)


class SayForm(KeyedForm):
    body = long_text(2, label="Write to them")


class AskForm(KeyedForm):
    """A new conversation; more people are asked in it later."""

    to = forms.TypedChoiceField(coerce=int, label=_("Ask"))
    body = long_text(3, label="What do you want to know?")

    def __init__(self, *args: Any, incident: Incident, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_aside_%s", **kwargs)
        chooser = cast(forms.TypedChoiceField, self.fields["to"])
        chooser.choices = [("", "Choose a colleague"), *askable(incident, by)]

    @property
    def colleagues(self) -> Any:
        """The choices, for the lists that ask one more."""
        return cast(forms.TypedChoiceField, self.fields["to"]).choices


class PersonForm(forms.Form):
    person = forms.IntegerField(min_value=1, max_value=2**62)
