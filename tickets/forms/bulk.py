"""What is asked before something is done to many incidents at once."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.enums import ENGINEER_ROLES
from accounts.models import Person
from entitlements.models import Service
from tickets.actions.defect_answers import ToAll
from tickets.enums import Priority, State
from tickets.forms.defects import DefectField
from tickets.forms.solutions import DEFECT, SolutionFields
from tickets.forms.staff import EngineerField, long_text
from tickets.rules.canned import unknown
from tickets.rules.tags import tags_of


class BulkForm(forms.Form):
    """Fields that hold for each of the chosen incidents; none for what needs no words."""

    def __init__(
        self, data: QueryDict | None, *, person: Person, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial, auto_id="id_bulk_%s")
        self.person = person
        self.prepare()

    def prepare(self) -> None:
        """Choices that depend on who asks."""

    def said(self) -> list[tuple[str, str]]:
        """What was filled in, in words."""
        return [
            (str(field.label or ""), str(self.cleaned_data[name]))
            for name, field in self.fields.items()
            if self.cleaned_data.get(name)
        ]


class BulkAssignForm(BulkForm):
    to = EngineerField(
        Person.objects.none(), empty_label=_("Choose a colleague"), label=_("To whom?")
    )
    reason = forms.CharField(max_length=300, required=False, label=_("Why"))
    anyway = forms.BooleanField(
        required=False, label=_("Even if they are away, or have no room for another")
    )

    def prepare(self) -> None:
        chooser = cast("forms.ModelChoiceField[Person]", self.fields["to"])
        chooser.queryset = _colleagues(self.person)


class BulkPriorityForm(BulkForm):
    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int, initial=3)
    reason = forms.CharField(max_length=300, label=_("Why"))

    def said(self) -> list[tuple[str, str]]:
        label = Priority(self.cleaned_data["priority"]).label
        return [("Priority", label), ("Why", self.cleaned_data["reason"])]


class BulkTagForm(BulkForm):
    tags = forms.CharField(max_length=200, label=_("Tags"), help_text=_("Such as webmail 10.6.1"))

    def clean_tags(self) -> str:
        found = tags_of(self.cleaned_data["tags"])
        if not found:
            raise forms.ValidationError(_("A tag is a word of letters or digits."))
        return " ".join(found)


class BulkDefectForm(BulkForm):
    number = DefectField(label=_("Which known defect?"), help_text=_("Its number, or words of it."))

    def prepare(self) -> None:
        cast(DefectField, self.fields["number"]).person = self.person


class AnswerAllForm(SolutionFields, BulkForm):
    """One answer to all incidents of a known defect."""

    field_order = ["body", "then", "solution", "cause"]

    body = long_text(
        12,
        label="Your answer to each of them",
        help_text="Markdown. Placeholders are filled in for each; it says what helps, or in which"
        " build it is fixed.",
    )
    then = forms.ChoiceField(
        choices=[
            (State.OPEN, _("we go on working on it")),
            (State.WAITING, _("the customer must do something")),
            (State.SOLVED, _("it is solved")),
        ],
        label=_("After this answer"),
    )

    def prepare(self) -> None:
        self.offer_causes()
        self.fields["cause"].initial = DEFECT
        self.fields["body"].widget.attrs["autofocus"] = True

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if wrong := unknown(body):
            raise forms.ValidationError(f"Nothing can be filled in for {', '.join(wrong)}.")
        return body

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("then") == State.SOLVED:
            self.need_solution()
        return self.cleaned_data

    def said(self) -> list[tuple[str, str]]:
        """Without the text, which is shown as the first of them reads it."""
        then = self.cleaned_data["then"]
        words = [("After this answer", dict(self.fields["then"].choices)[then])]  # type: ignore[attr-defined]
        if then != State.SOLVED:
            return words
        kept = ("solution", "cause")
        return words + [(str(self.fields[one].label), str(self.cleaned_data[one])) for one in kept]

    def to_all(self) -> ToAll:
        """Call it on a valid form."""
        said = dict(self.cleaned_data)
        if said["then"] != State.SOLVED:
            said |= {"solution": "", "cause": None}
        return ToAll(text=said.pop("body"), **said)


class BulkSolveForm(SolutionFields, BulkForm):
    field_order = ("body", "solution", "cause")

    body = long_text(7, label="Your answer to each of them")

    def prepare(self) -> None:
        self.offer_causes()
        self.always_need_solution()


class BulkCloseForm(BulkSolveForm):
    """Without a word to the customer; kept with those that were not solved before."""

    body = None  # type: ignore[assignment]  # how a form drops a field


class BulkServiceForm(BulkForm):
    service = forms.ModelChoiceField(
        Service.objects.filter(reportable=True),
        empty_label=_("Choose the service"),
        label=_("Service"),
    )
    reason = forms.CharField(max_length=300, label=_("Why"))


def _colleagues(person: Person) -> QuerySet[Person]:
    found = Person.objects.visible_to(person).active().filter(role__in=ENGINEER_ROLES)
    return cast("QuerySet[Person]", found.order_by("name"))
