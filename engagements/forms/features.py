"""The forms and actions of feature requests, and of the roadmap."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.actions import features, promises
from engagements.actions.features import Judgement
from engagements.enums import RoadmapState
from engagements.errors import DueInThePast
from engagements.forms.acting import ActionForm, Asked, PageAction, long_field
from engagements.forms.spine import RequestForm
from engagements.forms.visits import MomentsForm, moment_field
from engagements.models import RoadmapItem
from resources.models import Release

Data = dict[str, Any]


class FeatureRequestForm(RequestForm):
    goal = long_field("What you want to reach", rows=4)
    today = long_field("How you do it today", rows=3)
    users = forms.IntegerField(
        label=_("How many of your users it concerns"), required=False, min_value=0, max_value=10**9
    )
    without = long_field("What happens without it", rows=2, required=False)
    field_order = ("title", "goal", "today", "users", "without")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        del self.fields["summary"]

    def clean(self) -> Data:
        data = super().clean() or self.cleaned_data
        data["summary"] = ""  # the goal stands on the page
        return data

    def more(self) -> Data:
        return {name: self.cleaned_data[name] for name in ("goal", "today", "users", "without")}


class AnswerByForm(MomentsForm):
    due = moment_field("By when the customer has our answer")
    reason = forms.CharField(
        label=_("Why it moves, if it was promised before"), max_length=300, required=False
    )


class LikenForm(ActionForm):
    item = forms.ModelChoiceField(
        RoadmapItem.objects.none(),
        label=_("On the roadmap"),
        required=False,
        empty_label=_("Nothing like it"),
    )

    def prepare(self) -> None:
        cast(Any, self.fields["item"]).queryset = RoadmapItem.objects.order_by("title")


class JudgeForm(ActionForm):
    is_yes = forms.TypedChoiceField(
        label=_("Our answer"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda given: given == "yes",
        widget=forms.RadioSelect,
    )
    explanation = long_field("The explanation", rows=5)
    release = forms.CharField(
        label=_("Expected in the release"), max_length=60, required=False, help_text=_("For a yes")
    )
    necessity = long_field("Necessity", rows=2)
    security = long_field("Security", rows=2)
    redundancy = long_field("Redundancy against the roadmap", rows=2)
    advice = long_field("What we recommend", rows=3, required=False)


class ItemForm(forms.Form):
    title = forms.CharField(label=_("What"), max_length=200)
    text = long_field("In more words", rows=4, required=False)
    state = forms.ChoiceField(label=_("State"), choices=RoadmapState.choices)
    ships_in = forms.ModelChoiceField(
        Release.objects.none(),
        label=_("Ships with"),
        required=False,
        empty_label=_("no release yet"),
        help_text=_("When this release is published, everybody who asked for it is told"),
    )
    release = forms.CharField(
        label=_("Expected in"),
        max_length=60,
        required=False,
        help_text=_("In words, while the release is not made yet"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["ships_in"]
        field.queryset = Release.objects.filter(withdrawn_at=None, programme=None).order_by(
            "-place", "edition"
        )


def _answer_by(asked: Asked, data: Data) -> str:
    if data["due"] is None:
        raise DueInThePast()
    promises.promise_answer(
        asked.engagement, due_at=data["due"].at, reason=data["reason"], **asked.to_do
    )
    return "Promised; the customer was notified."


def _liken(asked: Asked, data: Data) -> str:
    features.liken(asked.engagement, item=data["item"], **asked.to_do)
    return ""


def _judge(asked: Asked, data: Data) -> str:
    features.judge(asked.engagement, Judgement(**data), **asked.to_do)
    return "Answered: the letter was handed over."


OF_THE_TEAM = {
    "answer-by": PageAction(
        "By when the answer comes",
        "Promise it",
        AnswerByForm,
        _answer_by,
        hint="The customer is told. You are warned at 75 and 90 % of the time.",
    ),
    "liken": PageAction(
        "Like something on the roadmap",
        "Save",
        LikenForm,
        _liken,
        hint="Each customer that asks for it is a vote; their names stay hidden.",
    ),
    "judge": PageAction(
        "Answer the request",
        "Answer with a letter",
        JudgeForm,
        _judge,
        hint="The letter is made of this, and the engagement is complete.",
    ),
}
