"""Forms that change where an incident stands without an answer: closing, waiting, going on."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.enums import FINISHED, UNFINISHED, State
from tickets.forms.solutions import SolutionFields
from tickets.forms.staff import ActionForm
from tickets.models import Incident


def asks_for_solution(incident: Incident) -> bool:
    """Not of what was solved before, nor of what nothing covers."""
    return incident.state in UNFINISHED and incident.decision.level_id is not None


class CloseForm(SolutionFields, ActionForm):
    """Closing without an answer; what was solved is closed by one press."""

    field_order = ["key", "version", "solution", "cause"]

    def prepare(self) -> None:
        if asks_for_solution(self.incident):
            self.offer_causes(self.incident)
            self.always_need_solution()
        else:
            self.no_solution()


class StateForm(CloseForm):
    """Where it stands, changed in place; solving is an answer, so it is not among them."""

    field_order = ["key", "version", "to", "solution", "cause"]

    to = forms.ChoiceField(label=_("State"))

    def prepare(self) -> None:
        super().prepare()
        for name in {"solution", "cause"} & set(self.fields):
            self.fields[name].required = False
        chooser = cast(forms.ChoiceField, self.fields["to"])
        chooser.choices = moves_of(self.incident)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("to") == State.CLOSED and "cause" in self.fields:
            self.need_solution()
        return self.cleaned_data


def moves_of(incident: Incident) -> list[tuple[str, str]]:
    """To which states it can be taken from here, in words; not past an answer that is owed."""
    again, closed = (State.OPEN.value, "Open again"), (State.CLOSED.value, "Closed")
    if incident.state in FINISHED:
        return [again] if incident.state == State.CLOSED else [closed, again]
    goes_on = [] if incident.state == State.OPEN else [(State.OPEN.value, "Open: we go on")]
    if incident.due_at is not None:
        return goes_on
    waits = incident.state == State.WAITING
    must_act = [] if waits else [(State.WAITING.value, "Waiting for the customer")]
    return [*must_act, *goes_on, closed]
