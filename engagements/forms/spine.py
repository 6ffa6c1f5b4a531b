"""The forms that all engagements share."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Person
from engagements.enums import Kind, Light
from engagements.forms.acting import ActionForm, day_field, long_field
from engagements.models import Phase
from engagements.reads.bases import local_day
from tickets.forms.files import FilesField

Choices = "forms.ModelChoiceField[Any]"


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody; the choices come with the form."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(Person.objects.none(), label=label, **more)


def _people(form: forms.Form, name: str, people: Any) -> None:
    cast(Any, form.fields[name]).queryset = people


def ours(engagement: Any) -> Any:
    """Who of us may be in the team, as `policies.may_join` says of one, whatever our number."""
    serving = Person.objects.serving(engagement.organisation).order_by().values("pk")
    may_join = Q(role__in=(Role.TS2, Role.TS3)) | Q(pk__in=serving)
    return Person.objects.active().filter(may_join).order_by("name")


class TakeUpForm(ActionForm):
    owner = PersonField("Who answers for it")
    starts_on = day_field("First day")
    golive_on = day_field("Day of the go-live or visit", required=False)

    def prepare(self) -> None:
        _people(self, "owner", ours(self.asked.engagement))
        self.fields["owner"].initial = self.asked.engagement.owner_id or self.asked.person.pk
        self.fields["starts_on"].initial = local_day(
            self.asked.engagement.organisation, self.asked.at
        )
        if self.asked.engagement.kind not in (Kind.GOLIVE, Kind.ON_SITE):
            del self.fields["golive_on"]
            return
        self.fields["golive_on"].required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data.setdefault("golive_on", None)
        return data


class ReasonForm(ActionForm):
    reason = long_field("Why", rows=3)


class OwnerForm(ActionForm):
    owner = PersonField("Who answers for it")

    def prepare(self) -> None:
        _people(self, "owner", ours(self.asked.engagement))


class MemberForm(ActionForm):
    person = PersonField("Who")
    part = forms.CharField(label=_("What they do in it"), max_length=120, required=False)

    def prepare(self) -> None:
        engagement = self.asked.engagement
        theirs = Person.objects.active().filter(organisation=engagement.organisation_id)
        _people(self, "person", (ours(engagement) | theirs).order_by("name"))


class MoveForm(ActionForm):
    starts_on = day_field("First day")
    ends_on = day_field("Last day")
    with_followers = forms.BooleanField(
        label=_("What follows and has not begun moves along"), required=False, initial=True
    )
    reason = long_field("Why", rows=2)

    def prepare(self) -> None:
        phase: Phase = self.asked.row
        self.fields["starts_on"].initial = phase.starts_on
        self.fields["ends_on"].initial = phase.ends_on


class OnForm(ActionForm):
    on = day_field("On which day")

    def prepare(self) -> None:
        self.fields["on"].initial = local_day(self.asked.engagement.organisation, self.asked.at)


class TaskForm(ActionForm):
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    for_customer = forms.BooleanField(label=_("The customer does it"), required=False)
    is_internal = forms.BooleanField(label=_("The customer does not see it"), required=False)
    person = PersonField("Who", required=False)
    days = forms.DecimalField(
        label=_("Days of work"), required=False, min_value=0, max_value=999, decimal_places=1
    )
    due_on = day_field("By which day", required=False)

    def prepare(self) -> None:
        engagement = self.asked.engagement
        taking_part = engagement.members.values("person")
        _people(self, "person", Person.objects.active().filter(pk__in=taking_part))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["days"] = data.get("days") or None
        return data


_ONE_TO_FIVE = [(n, str(n)) for n in range(1, 6)]


class RiskForm(ActionForm):
    what = forms.CharField(label=_("What may go wrong"), max_length=300)
    answer = forms.CharField(label=_("What we do about it"), max_length=300, required=False)
    likelihood = forms.TypedChoiceField(
        label=_("How likely, 1 to 5"), choices=_ONE_TO_FIVE, coerce=int, initial=2
    )
    impact = forms.TypedChoiceField(
        label=_("How bad, 1 to 5"), choices=_ONE_TO_FIVE, coerce=int, initial=3
    )
    is_shown = forms.BooleanField(label=_("The customer sees it"), required=False)


class LightForm(ActionForm):
    light = forms.ChoiceField(
        label=_("Light"), choices=[("", _("As the plan says")), *Light.choices], required=False
    )
    reason = forms.CharField(label=_("Why, if set by hand"), max_length=300, required=False)

    def prepare(self) -> None:
        self.fields["light"].initial = self.asked.engagement.light
        self.fields["reason"].initial = self.asked.engagement.light_reason


class DecisionForm(ActionForm):
    decision = long_field("What was decided, and by whom", rows=3)


class SayForm(ActionForm):
    body = long_field("Message", rows=4, required=False)
    uploads = FilesField(label=_("Files"))
    internal = forms.BooleanField(label=_("A note for the team alone"), required=False)

    def prepare(self) -> None:
        if self.asked.person.is_customer:
            del self.fields["internal"]


class HandOverForm(ActionForm):
    title = forms.CharField(label=_("What it is"), max_length=200)
    file = forms.FileField(label=_("File"))
    note = forms.CharField(label=_("In a sentence"), max_length=500, required=False)
    needs_acceptance = forms.BooleanField(
        label=_("The customer accepts it by name"), required=False, initial=True
    )


class VersionForm(ActionForm):
    file = forms.FileField(label=_("File"))
    note = forms.CharField(label=_("What changed"), max_length=500)


class AcceptForm(ActionForm):
    name = forms.CharField(label=_("Your name, as you sign"), max_length=200)

    def prepare(self) -> None:
        self.fields["name"].initial = self.asked.person.name


class SendBackForm(AcceptForm):
    remarks = long_field("What has to change before you accept it", rows=4)


class CancelForm(ReasonForm):
    """For the customer."""


class RequestForm(forms.Form):
    """What a contact asks for. Kinds that need to know more have a form of their own."""

    title = forms.CharField(label=_("What it is about, in a few words"), max_length=200)
    summary = long_field("What you want to reach", rows=5, required=False)

    def more(self) -> dict[str, Any]:
        """What only this kind asks."""
        return {}
