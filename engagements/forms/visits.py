"""The forms and actions of visits on site."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from engagements.actions import papers, replanning, visits
from engagements.actions.visits import Done
from engagements.errors import VisitInverted
from engagements.forms.acting import ActionForm, Asked, Confirm, PageAction, day_field, long_field
from engagements.forms.spine import ReasonForm, RequestForm, ours
from engagements.models import Visit
from engagements.rules.visits import Dates
from entitlements.forms.what_if import MomentField


class VisitRequestForm(RequestForm):
    place = forms.CharField(label=_("Where"), max_length=300)
    why_on_site = long_field("Why help from afar does not do", rows=3)
    wishes = forms.CharField(
        label=_("Which dates suit you"),
        max_length=500,
        required=False,
        help_text=_("Days and hours, and those that do not suit."),
    )
    field_order = ("title", "place", "why_on_site", "wishes", "summary")

    def more(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("place", "why_on_site", "wishes")}


def moment_field(label: str, **more: Any) -> MomentField:
    return MomentField(label=label, max_length=40, **more)


class MomentsForm(ActionForm):
    """Moments are read on the customer's clock."""

    def prepare(self) -> None:
        zone = self.asked.engagement.organisation.timezone
        for field in self.fields.values():
            if isinstance(field, MomentField):
                field.timezone = zone
                field.help_text = f"On the clock of {zone}."


class ProposeForm(MomentsForm):
    starts = moment_field("From")
    ends = moment_field("To")
    people = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("Who goes"), widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        super().prepare()
        cast(Any, self.fields["people"]).queryset = ours(self.asked.engagement)


class DiaryForm(MomentsForm):
    began = moment_field("From")
    ended = moment_field("To")
    what = long_field("What was done", rows=3)

    def prepare(self) -> None:
        super().prepare()


class CloseForm(ActionForm):
    summary = long_field("What was reached", rows=6)
    advice = long_field("What we advise", rows=5, required=False)


class GoliveForm(ReasonForm):
    golive_on = day_field("The new day")
    field_order = ("golive_on", "reason")

    def prepare(self) -> None:
        self.fields["golive_on"].initial = self.asked.engagement.golive_on


Data = dict[str, Any]


def _propose(asked: Asked, data: Data) -> str:
    if data["starts"] is None or data["ends"] is None:
        raise VisitInverted()
    dates = Dates(data["starts"].at, data["ends"].at)
    visits.propose(asked.engagement, dates, list(data["people"]), **asked.to_do)
    return "Proposed; the customer was asked."


def _cancel(asked: Asked, data: Data) -> str:
    visits.cancel(asked.row, words=data["reason"], **asked.to_do)
    return "Cancelled; its people and days are free again."


def _note(asked: Asked, data: Data) -> str:
    done = Done(began_at=data["began"].at, ended_at=data["ended"].at, what=data["what"])
    visits.note_done(asked.row, done, **asked.to_do)
    return ""


def _close(asked: Asked, data: Data) -> str:
    papers.close_visit(asked.row, **data, **asked.to_do)
    return "Protocol and report were handed over."


def _golive(asked: Asked, data: Data) -> str:
    replanning.change_golive(asked.engagement, **data, **asked.to_do)
    return "Planned around the new day; the customer was notified."


def _agree(asked: Asked, data: Data) -> str:
    visits.agree(asked.row, **asked.to_do)
    return "Agreed. We are looking forward to seeing you."


def _refuse(asked: Asked, data: Data) -> str:
    visits.refuse(asked.row, words=data["reason"], **asked.to_do)
    return "Thank you; we propose other dates."


OF_THE_TEAM = {
    "visit": PageAction(
        "Propose dates of a visit",
        "Propose them",
        ProposeForm,
        _propose,
        hint="Duty and absence of everybody are checked; nobody is on two visits at once.",
    ),
    "visit-cancel": PageAction("Cancel a visit", "Cancel it", ReasonForm, _cancel, of=Visit),
    "diary": PageAction("The diary of the visit", "Write it down", DiaryForm, _note, of=Visit),
    "visit-close": PageAction(
        "Close the visit",
        "Close it and hand over",
        CloseForm,
        _close,
        of=Visit,
        hint="The protocol, which the customer signs, and the report are made of it.",
    ),
    "golive": PageAction("Another day of the go-live", "Plan it so", GoliveForm, _golive),
}
OF_THE_CUSTOMER = {
    "visit-agree": PageAction("These dates suit us", "Yes, come", Confirm, _agree, of=Visit),
    "visit-refuse": PageAction(
        "These dates do not suit",
        "Send",
        ReasonForm,
        _refuse,
        of=Visit,
        hint="Say which dates would.",
    ),
}
