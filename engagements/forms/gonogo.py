"""The forms and actions of go / no-go."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from engagements.actions import gonogo
from engagements.enums import Criterium, Decision
from engagements.errors import NotAsked
from engagements.forms.acting import ActionForm, Asked, PageAction, long_field
from engagements.forms.deployment import GO_NO_GO
from engagements.forms.spine import ours
from engagements.forms.visits import MomentsForm, moment_field
from engagements.models import Criterion, GoNoGo
from engagements.reads.catalogue import sheet_now

Data = dict[str, Any]


class CallForm(MomentsForm):
    """A person for each role of the managers' sheet; a role that is left empty is not asked."""

    meets_at = moment_field("The round meets")

    def prepare(self) -> None:
        super().prepare()
        engagement = self.asked.engagement
        theirs = Person.objects.active().filter(organisation=engagement.organisation_id)
        self.roles: dict[str, str] = {}
        for number, (role, is_customer) in enumerate(sheet_now().roles):
            people = theirs.order_by("name") if is_customer else ours(engagement)
            side = "the customer’s" if is_customer else "ours"
            name = f"role_{number}"
            self.roles[name] = role
            self.fields[name] = forms.ModelChoiceField(
                people, label=f"{role} ({side})", required=False
            )

    def named(self, data: Data) -> list[tuple[str, Person]]:
        return [(role, data[name]) for name, role in self.roles.items() if data.get(name)]


class CriterionForm(ActionForm):
    text = forms.CharField(label=_("What has to be so"), max_length=200)


class CheckForm(ActionForm):
    result = forms.ChoiceField(label=_("What was found"), choices=Criterium.choices)
    remark = forms.CharField(
        label=_("Remark"), max_length=500, required=False, help_text=_("Needed unless it is met.")
    )


class VoteForm(ActionForm):
    vote = forms.ChoiceField(
        label=_("Your vote"), choices=Decision.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why"), max_length=500, required=False, help_text=_("Needed for a no.")
    )
    name = forms.CharField(label=_("Your name, as you sign"), max_length=200)


class DecideForm(ActionForm):
    reason = long_field("What has to be added", rows=3, required=False)


def _call(asked: Asked, data: Data) -> str:
    form = CallForm(asked)
    meets = data["meets_at"]
    made = gonogo.call(
        asked.engagement,
        form.named(data),
        meets_at=meets.at if meets else asked.at,
        **asked.to_do,
    )
    return f"Go / no-go {made.number} is called; everybody named was asked."


def _round(asked: Asked) -> GoNoGo:
    found = GoNoGo.objects.filter(engagement=asked.engagement).order_by("-number").first()
    if found is None:
        raise NotAsked(people="nobody yet, no round was called")
    return found


def _criterion(asked: Asked, data: Data) -> str:
    gonogo.add_criterion(_round(asked), **data, **asked.to_do)
    return ""


def _check(asked: Asked, data: Data) -> str:
    result = Criterium(data.pop("result"))
    gonogo.check(asked.row, result, **data, **asked.to_do)
    return ""


def _vote(asked: Asked, data: Data) -> str:
    vote = Decision(data.pop("vote"))
    gonogo.give_vote(_round(asked), vote, **data, **asked.to_do)
    return f"Your vote is kept: {vote.label.lower()}. You can change it until the decision."


def _decide(asked: Asked, data: Data) -> str:
    made = gonogo.decide(_round(asked), **data, **asked.to_do)
    if made.decision == Decision.GO:
        return "Go. The cut-over can begin at its moment."
    return "No-go: the date is open, and everybody was notified."


_VOTE = PageAction(
    "Your vote",
    "Give it",
    VoteForm,
    _vote,
    hint="Your name and the moment are kept with it. You can change it until the decision.",
    page=GO_NO_GO,
)
OF_THE_TEAM = {
    "go-no-go-call": PageAction(
        "Call a go / no-go",
        "Ask them",
        CallForm,
        _call,
        hint="Both sides decide. Criteria are those of the round before, or the managers’ list.",
        page=GO_NO_GO,
    ),
    "go-no-go-criterion": PageAction(
        "One criterion more", "Add it", CriterionForm, _criterion, page=GO_NO_GO
    ),
    "go-no-go-check": PageAction(
        "A criterion", "Keep it", CheckForm, _check, of=Criterion, page=GO_NO_GO
    ),
    "go-no-go-vote": _VOTE,
    "go-no-go-decide": PageAction(
        "The decision",
        "Write it down",
        DecideForm,
        _decide,
        hint="It follows from criteria and votes. A no-go keeps the date open.",
        page=GO_NO_GO,
    ),
}
OF_THE_CUSTOMER = {"go-no-go-vote": _VOTE}
