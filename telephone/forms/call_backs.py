"""The forms of call-backs: asking for one, and writing down what came of it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from entitlements.forms.what_if import MomentField
from telephone.enums import AskedThrough, CallOutcome
from telephone.forms.calls import CallForm
from telephone.models import CallBack
from tickets.models import Incident

NOW, SLOT = "now", "slot"
BY_STAFF = [
    (one.value, one.label)
    for one in (AskedThrough.PHONE, AskedThrough.EMAIL, AskedThrough.FAX, AskedThrough.CHAT)
]


class AskForm(forms.Form):
    """A call that a customer wants. `slot` is on the wall clock of `timezone`.

    `key` makes a second click harmless.
    """

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    number = forms.CharField(
        max_length=60,
        label=_("The number at which you answer"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    when = forms.ChoiceField(widget=forms.RadioSelect, initial=NOW, label=_("When?"))
    slot = MomentField(required=False, max_length=40, label=_("From"))
    incident = forms.ModelChoiceField(
        Incident.objects.none(),
        required=False,
        empty_label=_("Something new"),
        label=_("What is it about?"),
    )
    topic = forms.CharField(
        max_length=500,
        required=False,
        label=_("In a few words"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        contact: Person,
        *args: Any,
        incidents: Any,
        within: int,
        number: str = "",
    ) -> None:
        super().__init__(*args)
        self.fields["key"].initial = secrets.token_hex(16)
        self.fields["number"].initial = number
        cast("forms.ModelChoiceField[Incident]", self.fields["incident"]).queryset = incidents
        when = cast(forms.ChoiceField, self.fields["when"])
        when.choices = [
            (NOW, f"At once: within {within} minutes"),
            (SLOT, "Later, from the moment below"),
        ]
        slot = cast(MomentField, self.fields["slot"])
        slot.timezone = contact.timezone
        slot.help_text = f"On the clock of {contact.timezone}, for a later call."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        wanted = data.get("when") == SLOT
        if wanted and not data.get("slot") and "slot" not in self.errors:
            self.add_error("slot", "Say from when on we should call.")
        return data

    @property
    def note(self) -> str:
        """What was made of a moment that a clock change touches."""
        return self.cleaned_data["slot"].note if self._slot() else ""

    def asked(self) -> dict[str, Any]:
        """The cleaned fields as `call_backs.ask` takes them."""
        names = ("number", "incident", "topic")
        return {name: self.cleaned_data[name] for name in names} | {"slot_at": self._slot()}

    def _slot(self) -> datetime | None:
        data = self.cleaned_data
        return data["slot"].at if data["when"] == SLOT and data["slot"] else None


class LogAskedForm(AskForm):
    """The same, logged by staff for who asked by telephone, mail, fax or chat."""

    through = forms.ChoiceField(choices=BY_STAFF, label=_("How did they ask?"))

    def __init__(self, contact: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(contact, *args, **kwargs)
        self.fields["number"].label = "The number to call"

    def asked(self) -> dict[str, Any]:
        return {**super().asked(), "through": self.cleaned_data["through"]}


class OutcomeForm(CallForm):
    """What came of a call: the form of a logged call, without what the call-back knows."""

    use_gold = forms.TypedChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No: as a report by telephone"))],
        coerce=lambda given: given == "yes",
        empty_value=None,
        required=False,
        label=_("Spend a Gold incident on it?"),
    )

    def __init__(
        self,
        organisation: Organisation,
        person: Person,
        *args: Any,
        incidents: Sequence[Incident],
        call_back: CallBack,
    ) -> None:
        super().__init__(organisation, person, *args, caller=call_back.contact, incidents=incidents)
        for name in ("number", "direction", "remember"):
            del self.fields[name]
        self.fields["outcome"].label = "How did it end?"
        if call_back.incident_id is not None and str(call_back.incident_id) in self.incidents:
            self.fields["about"].initial = str(call_back.incident_id)
        self.fields["subject"].initial = call_back.topic[:200]

    @property
    def talked(self) -> bool:
        return bool(self.cleaned_data.get("outcome") == CallOutcome.TALKED)

    def check_talk(self, data: dict[str, Any]) -> None:
        """Who was not reached said nothing, and nothing has to be written."""
        if self.talked:
            super().check_talk(data)
