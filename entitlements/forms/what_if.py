"""The question "what if I reported this now?", and its answer, which stores nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from core.widgets import LongSelect
from entitlements.actions.coverage import decide
from entitlements.enums import Channel
from entitlements.models import GoLiveProject, Licence, Service
from entitlements.reads.availability import Ways, ways_for
from entitlements.reads.explaining import Explanation, explain, promised_clock
from entitlements.rules.wall_clock import FIRST, LAST, OUT_OF_RANGE, LocalMoment, local_moment


@dataclass(frozen=True)
class Answer:
    """`ways` is None where no licence was named; `note` explains a moment that is none."""

    explained: Explanation
    ways: Ways | None
    note: str


class MomentField(forms.CharField):
    """What a wall clock in `timezone` shows; empty means now. Cleans to a `LocalMoment`."""

    timezone = "UTC"
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"})

    def clean(self, value: Any) -> LocalMoment | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            shown = datetime.fromisoformat(text)
            if shown.tzinfo is not None:
                found = LocalMoment(shown.astimezone(UTC))
            else:
                found = local_moment(shown, self.timezone)
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError(_("Write the moment as 2026-12-24T16:30.")) from error
        if not FIRST <= found.at < LAST:
            raise forms.ValidationError(OUT_OF_RANGE)
        return found


class WhatIfForm(forms.Form):
    """A report that nobody makes: which level would serve it. The moment is the asker's own."""

    licence = forms.ModelChoiceField(
        Licence.objects.none(), required=False, empty_label=_("No licence named"), widget=LongSelect
    )
    project = forms.ModelChoiceField(
        GoLiveProject.objects.none(),
        required=False,
        empty_label=_("No project"),
        label=_("GoLive project"),
    )
    service = forms.ModelChoiceField(
        Service.objects.all(), to_field_name="key", empty_label=None, label=_("About")
    )
    channel = forms.ChoiceField(choices=Channel.choices, label=_("Reported by"))
    at = MomentField(required=False, max_length=40, label=_("When"))
    use_gold = forms.BooleanField(required=False, label=_("Spend a Gold incident on it"))

    def __init__(
        self, person: Person, organisation: Organisation, data: QueryDict | None = None
    ) -> None:
        super().__init__(data)
        self.organisation, self.timezone = organisation, person.timezone
        licences = Licence.objects.visible_to(person).held().filter(organisation=organisation)
        projects = GoLiveProject.objects.visible_to(person).filter(organisation=organisation)
        self._offer("licence", licences.order_by("key"))
        self._offer("project", projects)
        if not projects.exists():
            del self.fields["project"]
        if not self.is_bound:
            self.fields["licence"].initial = licences.order_by("key").first()
        moment = cast(MomentField, self.fields["at"])
        moment.timezone = person.timezone
        moment.help_text = f"On the clock of {person.timezone}. Empty means now."

    def _offer(self, name: str, choices: Any) -> None:
        cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = choices

    def answer(self, *, now: datetime) -> Answer:
        """What the cleaned question comes to, decided as filing does (R1 to R3); stores nothing."""
        asked = self.cleaned_data
        moment = asked["at"] or LocalMoment(now)
        licence, project = asked["licence"], asked.get("project")
        decision = decide(
            organisation=self.organisation,
            licence=licence,
            project=project,
            service=asked["service"].key,
            channel=asked["channel"],
            use_gold=asked["use_gold"],
            at=moment.at,
            call_logged=True,  # what if an engineer did
            save=False,
        )
        explained = explain(decision, promised_clock(decision, ZoneInfo(self.timezone)))
        if licence is not None:
            licence.organisation = self.organisation  # known: spares a query
        ways = ways_for(licence, project, at=moment.at) if licence else None
        return Answer(explained, ways, moment.note)
