"""The form in which an engineer logs a telephone call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from core.text import clean
from telephone.actions.records import CallFacts
from telephone.enums import CallOutcome, Direction
from telephone.models.calls import DAY
from telephone.rules.phone import e164_of
from tickets.enums import State
from tickets.forms.solutions import SolutionFields
from tickets.forms.staff import FileForForm, long_text
from tickets.models import Incident

NEW = "new"
THEIRS, EXCHANGE = "person", "organisation"


class CallForm(SolutionFields, FileForForm):
    """A call with one contact: about an open incident, or a report of a new one.

    The fields of the report are those of filing for a customer, and count for a new one only.
    """

    number = forms.CharField(
        max_length=60,
        required=False,
        label=_("Their number"),
        help_text=_("Empty where it was withheld."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    direction = forms.ChoiceField(choices=Direction.choices, label=_("Who rang?"))
    outcome = forms.ChoiceField(choices=CallOutcome.choices, label=_("How did it end?"))
    minutes = forms.IntegerField(min_value=0, max_value=DAY, initial=5, label=_("Minutes"))
    about = forms.ChoiceField(widget=forms.RadioSelect, label=_("What is it about?"))
    told = long_text(
        3,
        required=False,
        label="What you answered",
        help_text=(
            "It goes to the customer in writing and counts as the answer that is owed. Leave it"
            " empty when you only listened, or promised to look."
        ),
    )
    then = forms.ChoiceField(
        choices=[
            (State.OPEN, _("we go on working on it")),
            (State.WAITING, _("the customer must do something")),
            (State.SOLVED, _("it is solved")),
        ],
        required=False,
        label=_("After your answer"),
    )
    remember = forms.ChoiceField(required=False, label=_("Whose number is it?"))

    def __init__(
        self,
        organisation: Organisation,
        person: Person,
        *args: Any,
        caller: Person,
        incidents: Sequence[Incident] = (),
    ) -> None:
        super().__init__(organisation, person, *args)
        self.organisation = organisation
        self.offer_causes()
        for name in ("reporter", "channel", "files"):
            del self.fields[name]
        self.fields["service"].label = "Service"
        self.fields["subject"].required = False
        self.fields["body"].required = False
        self.fields["body"].label = "What the customer said"
        self.fields["body"].widget.attrs["rows"] = 4
        remember = cast(forms.ChoiceField, self.fields["remember"])
        remember.choices = [
            (THEIRS, f"{caller.name}'s own"),
            (EXCHANGE, f"The exchange of {organisation}"),
            ("", "Do not keep it"),
        ]
        self.incidents = {str(one.pk): one for one in incidents}
        choices = [(pk, f"{one.number} {one.subject}") for pk, one in self.incidents.items()]
        about = cast(forms.ChoiceField, self.fields["about"])
        about.choices = [(NEW, "A new incident"), *choices]
        about.initial = NEW
        self.fields["licence"].initial = self._licence(incidents)

    def _licence(self, incidents: Sequence[Incident]) -> int | None:
        """The one that is most likely meant: of the latest open report, or the only one."""
        latest = next((one.licence_id for one in incidents if one.licence_id), None)
        if latest is not None:
            return latest
        theirs = cast("forms.ModelChoiceField[Any]", self.fields["licence"]).queryset
        keys = list(theirs.values_list("pk", flat=True)[:2]) if theirs is not None else []
        return keys[0] if len(keys) == 1 else None

    def clean_number(self) -> str:
        typed = str(self.cleaned_data["number"])
        if not typed:
            return ""
        found = e164_of(typed, self.organisation.country)
        if not found:
            raise forms.ValidationError(
                _("This is no telephone number. Write it as +40 21 555 0100.")
            )
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.check_talk(data)
        return data

    def check_talk(self, data: dict[str, Any]) -> None:
        """Whoever was talked to said or heard something; who was not, did not."""
        talked = data.get("outcome") == CallOutcome.TALKED
        said, told = (clean(data.get(name) or "") for name in ("body", "told"))
        if data.get("about") == NEW and not said:
            self.add_error("body", "Say in a few words what the customer reported.")
        elif talked and not said and not told:
            self.add_error("body", "Say in a few words what the call was about.")
        if told and data.get("then") == State.SOLVED:
            self.need_solution()
        if not talked and (told or data.get("about") == NEW):
            self.add_error("outcome", "Nobody was reached: choose an incident, and no answer.")
        if not talked and data.get("direction") == Direction.IN:
            self.add_error("direction", "Who called us was talked to.")

    @property
    def incident(self) -> Incident | None:
        """The open incident that was chosen; None for a new one."""
        return self.incidents.get(self.cleaned_data["about"])

    def facts(self) -> CallFacts:
        data = self.cleaned_data
        return CallFacts(data["number"], data["direction"], data["outcome"], data["minutes"])

    def talk(self) -> dict[str, Any]:
        """What was said, as both actions take it."""
        data = self.cleaned_data
        then = data["then"] or State.OPEN
        said = {"said": data["body"], "told": data["told"], "then": then}
        return said | {name: data[name] for name in ("solution", "cause")}

    def asked(self) -> dict[str, Any]:
        """The report of a new incident, as `log_report` takes it."""
        return {name: value for name, value in super().asked().items() if name not in OF_THE_CALL}

    def report_fields(self) -> list[forms.BoundField]:
        """What the page shows for a new incident, besides its subject."""
        hidden = OF_THE_CALL | {"key", "subject"}
        return [self[name] for name in self.fields if name not in hidden]


OF_THE_CALL = set(CallForm.base_fields) - set(FileForForm.base_fields) | {"body"}
